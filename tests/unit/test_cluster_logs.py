import os

import pytest
from imagebench.cluster_logs import cause, causes

# Lines as Slurm 22.05 writes them.
MEMORY = """\
slurmstepd-n1: error: StepId=26.0 exceeded memory limit (1084481536 > 1048576000), being killed
slurmstepd-n1: error: *** STEP 26.0 ON n1 CANCELLED AT 2026-11-23T07:21:56 ***
"""
GROUP_MEMORY = "slurmstepd: error: Detected 1 oom_kill event in StepId=7.0.\n"
TIME = "slurmstepd: error: *** JOB 9 ON n1 CANCELLED AT 2026-11-23T07:21:56 DUE TO TIME LIMIT ***\n"
CANCELLED = "slurmstepd-n1: error: *** JOB 15 ON n1 CANCELLED AT 2026-11-23T07:21:56 ***\n"
OURS = "Job 3: Storing\nerror: No space left on device: /x (free space)\nmore\n"


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (MEMORY, "more memory"), (GROUP_MEMORY, "more memory"), (TIME, "more time"),
        (CANCELLED, "CANCELLED"), (OURS, "No space left on device: /x (free space)"),
    ],
    ids=["memory", "memory of a group", "time", "cancelled", "our own"],
)  # fmt: skip
def test_the_cause_is_found(log, words):
    assert words in cause("Building DAG of jobs...\n" + log)


def test_only_logs_of_this_run_are_named(tmp_path):
    for name, age in (("1", 1000), ("2", 3000)):
        (tmp_path / "group_block-1").mkdir(exist_ok=True)
        path = tmp_path / "group_block-1" / f"{name}.log"
        path.write_text(MEMORY if name == "2" else OURS)
        os.utime(path, (age, age))
    [line] = causes(since=2000, folder=tmp_path)
    assert line.startswith("cluster job 2 (group_block-1) needed more memory")
    assert str(tmp_path / "group_block-1" / "2.log") in line
