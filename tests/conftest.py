"""What all tests share."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock
from imagebench.measuring import stopwatch
from imagebench.measuring.machine import filesystem
from projects import ROOT, Project
from servers import running_server
from xdist.scheduler import LoadScopeScheduling

# No figure of a test counts, so that their runs need not wait for those of other workers.
LOCKS = Path(tempfile.gettempdir(), f"imagebench-{os.environ.get('PYTEST_XDIST_WORKER', 'tests')}")
LOCKS.mkdir(exist_ok=True)
LOCKS.chmod(0o1777)
os.environ["IMAGEBENCH_LOCKS"] = str(LOCKS)

# A shell lets what it runs in the background ignore Ctrl-C, and so does whatever that starts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class ByFile(LoadScopeScheduling):
    """Tests of one file that runs the workflow, and those of all pages or figures, stay together.

    The latter share what takes long to draw. All others are free.
    """

    def _split_scope(self, nodeid):
        """Name the group of tests that one worker runs."""
        file = nodeid.split("::")[0]
        if file.startswith(("tests/unit/page/", "tests/unit/figures/")):
            return str(Path(file).parent)
        return file if file.startswith("tests/workflow/") else nodeid


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, and is done by one worker while the others do the rest."""
    items.sort(
        key=lambda item: ("test_cluster" not in item.nodeid, "tests/workflow/" not in item.nodeid)
    )


def pytest_xdist_make_scheduler(config, log):
    """Give each group to whichever worker is free, in the order in which they are."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.fixture
def project(tmp_path):
    """A fresh copy of the project with a tiny config."""
    fresh = Project.fresh(tmp_path / "project")
    fresh.configure()
    return fresh


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory):
    """The project after a whole run of the tiny config; to be copied, not changed."""
    # Made by whichever worker of pytest needs it first.
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    finished, said = shared / "finished", shared / "finished.txt"
    with FileLock(shared / "finished.lock"):
        if not said.exists():
            fresh = Project.fresh(finished)
            fresh.configure()
            fresh.environment["PYTHONPATH"] = str(finished / "workflow/scripts")
            said.write_text(fresh.succeed("--logger", "imagebench"), encoding="utf-8")
    run = Project(finished)
    run.output = said.read_text(encoding="utf-8")
    [log] = (finished / ".snakemake/log").iterdir()
    run.log = log.read_text(encoding="utf-8")
    return run


@pytest.fixture
def finished(finished_run, tmp_path):
    """A copy of the finished run that a test may change."""
    return finished_run.copy(tmp_path / "finished")


@pytest.fixture
def on_disk():
    """A folder beside the project's results: on a device, or the test is skipped."""
    (ROOT / "results").mkdir(exist_ok=True)  # which a fresh clone does not have
    folder = Path(tempfile.mkdtemp(dir=ROOT / "results"))
    try:
        if filesystem(folder)[0] in ("tmpfs", "ramfs", "overlay", "unknown"):
            pytest.skip("needs a file system on a device")
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def few_calls(monkeypatch):
    """Blocks end after their fewest calls, however little time these take."""
    monkeypatch.setattr(stopwatch, "ENOUGH_SECONDS", 0)


@pytest.fixture
def server():
    """A server that misbehaves as the path says."""
    with running_server() as running:
        yield running
