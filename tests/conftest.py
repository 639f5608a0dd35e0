"""What all tests share."""

from pathlib import Path

import pytest
from projects import Project
from servers import running_server

RUNS = Path(__file__).parent / "workflow"


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items):
    """Let tests that run the workflow take turns: there is one machine to be had for timing."""
    for item in items:
        if RUNS in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("runs of the workflow"))


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
