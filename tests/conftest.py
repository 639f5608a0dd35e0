"""What all tests share."""

import pytest
from projects import Project
from servers import running_server
from xdist.scheduler import LoadScopeScheduling


class InTurns(LoadScopeScheduling):
    """Tests that run the workflow take turns: there is one machine to be had for timing.

    Those on a cluster mostly wait for it, and may do that beside the others.
    """

    def _split_scope(self, nodeid):
        """Name the group of tests that one worker runs."""
        if nodeid.startswith("tests/workflow/test_cluster.py"):
            return "cluster"
        return "runs" if nodeid.startswith("tests/workflow/") else nodeid


def pytest_xdist_make_scheduler(config, log):
    """Give all other tests to whichever worker is free."""
    return InTurns(config, log)


@pytest.fixture
def project(tmp_path):
    """A fresh copy of the project with a tiny config."""
    fresh = Project.fresh(tmp_path / "project")
    fresh.configure()
    return fresh


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory):
    """The project after a whole run of the tiny config; to be copied, not changed."""
    fresh = Project.fresh(tmp_path_factory.mktemp("finished") / "project")
    fresh.configure()
    fresh.output = fresh.succeed()
    return fresh


@pytest.fixture
def finished(finished_run, tmp_path):
    """A copy of the finished run that a test may change."""
    return finished_run.copy(tmp_path / "finished")


@pytest.fixture
def server():
    """A server that misbehaves as the path says."""
    with running_server() as running:
        yield running
