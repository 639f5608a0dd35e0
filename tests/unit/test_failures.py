import errno

import pytest
from imagebench.failures import BenchmarkError, in_one_line


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BenchmarkError("the archive a is bad:\n delete it"), "the archive a is bad: delete it"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), "/x/y (free space or inodes"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "Permission denied: /x (check"),
        (MemoryError(), "out of memory: leave out the largest cutoff"),
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero (unforeseen"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_failure_is_one_line_on_the_screen_and_in_the_log(error, line, tmp_path, capsys):
    log = tmp_path / "logs" / "job.log"
    with pytest.raises(SystemExit) as ended, in_one_line(log):
        raise error
    assert ended.value.code == 1
    screen = capsys.readouterr().err
    assert screen.startswith("error: ")
    assert line in screen
    assert screen.count("\n") == 1
    assert log.read_text().splitlines()[-1].startswith("error: ")
    assert ("Traceback" in log.read_text()) == isinstance(error, ZeroDivisionError)


def test_success_leaves_no_log(tmp_path):
    with in_one_line(tmp_path / "job.log"):
        pass
    assert not (tmp_path / "job.log").exists()
