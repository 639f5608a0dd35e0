"""The smallest limit counts: of the machine, of the control groups, and of ulimit."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from imagebench import measuring, memory_limits
from imagebench.answers.main_run import cache_of
from imagebench.errors import BenchmarkError
from imagebench.measuring.room import room
from imagebench.memory_limits import groups, kills_for_memory, memory, piece_bytes_within
from imagebench.states import Cache

MB = 1 << 20
MOUNTS = {
    1: "36 35 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "37 35 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n",
    2: "30 23 0:27 {above} /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n",
}
LINES = {1: "5:cpu:/elsewhere\n4:memory:{path}\n", 2: "0::{path}\n"}
NAMES = {
    1: ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_"),
    2: ("", "memory.max", "memory.current", ""),
}


def machine(root, version, limits, path="/user/job", above="/"):
    """Make what a system tells of a process in a control group.

    Args:
        limits: by the folder of a group: its limit, its usage, and its pages of files.
    """
    top, of_limit, of_usage, before = NAMES[version]
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(LINES[version].format(path=path))
    (root / "proc/self/mountinfo").write_text(MOUNTS[version].format(above=above))
    for folder, (limit, usage, pages) in limits.items():
        group = root / "sys/fs/cgroup" / top / folder
        group.mkdir(parents=True, exist_ok=True)
        (group / of_limit).write_text(f"{limit}\n")
        (group / of_usage).write_text(f"{usage}\n")
        lines = [f"inactive_file {pages // 4}", f"active_file {pages // 4}"]
        if before:  # those are the group's alone, and these of what is within it, too
            lines += [f"total_inactive_file {pages // 2}", f"total_active_file {pages // 2}"]
        else:
            lines = [f"inactive_file {pages // 2}", f"active_file {pages // 2}"]
        (group / "memory.stat").write_text("\n".join(["cache 5", *lines, "slab 7"]) + "\n")
    return root


@pytest.mark.parametrize("version", [1, 2])
def test_the_smallest_of_all_groups_above_counts_and_pages_of_files_are_free(version, tmp_path):
    none = 9223372036854771712 if version == 1 else "max"
    root = machine(
        tmp_path,
        version,
        {"": (none, 0, 0), "user": (1000 * MB, 500 * MB, 100 * MB), "user/job": (none, 0, 0)},
    )
    assert memory(root).total == 1000 * MB
    assert memory(root).available == 600 * MB


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_full_has_nothing_left_and_no_less(version, tmp_path):
    root = machine(tmp_path, version, {"user/job": (500 * MB, 501 * MB, 0)})
    assert memory(root) == memory_limits.Memory(500 * MB, 0)


def test_a_group_that_is_slowed_down_at_a_limit_has_no_more_than_that(tmp_path):
    root = machine(tmp_path, 2, {"user/job": (900 * MB, 100 * MB, 0)})
    (root / "sys/fs/cgroup/user/job/memory.high").write_text(f"{700 * MB}\n")
    assert memory(root) == memory_limits.Memory(700 * MB, 600 * MB)


@pytest.mark.parametrize(
    ("path", "above"),
    [("/docker/1a2b", "/docker/1a2b"), ("/docker/1a2b", "/"), ("/../../x", "/"), ("/x", "/other")],
)
def test_a_container_sees_its_own_group_on_top(path, above, tmp_path):
    root = machine(tmp_path, 2, {"": (800 * MB, 0, 0)}, path, above)
    assert [*groups(root)] == [root / "sys/fs/cgroup"]
    assert memory(root).total == 800 * MB


def test_without_control_groups_the_machine_counts(tmp_path):
    host = psutil.virtual_memory()
    assert memory(tmp_path).total == host.total
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("nonsense\n")
    assert memory(tmp_path).total == host.total


@pytest.mark.parametrize(
    ("version", "file", "before", "after"),
    [
        (1, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", "oom_kill 4\n"),
        (2, "memory.events", "low 0\noom 1\noom_kill 1\noom_group_kill 0\n", "oom_kill 2\n"),
    ],
)
def test_a_kill_is_seen_where_only_the_group_counts_it(version, file, before, after, tmp_path):
    root = machine(tmp_path, version, {"user/job": (500 * MB, 0, 0)})
    group = next(groups(root))
    (group / file).write_text(before)
    counted = kills_for_memory(root)
    assert kills_for_memory(root) == counted
    (group / file).write_text(after)
    assert kills_for_memory(root) != counted


@pytest.fixture
def allowed(tmp_path, monkeypatch):
    """Put this process into a group that may take so many bytes."""

    def allow(limit):
        root = machine(tmp_path / str(limit), 2, {"user/job": (limit, 0, 0)})
        host = memory(root)
        monkeypatch.setattr(memory_limits, "memory", lambda: host)

    return allow


WANTED, TUTORIAL = 320 * MB, 100_000 * 32 * 32 * 3


def test_a_piece_is_as_small_as_the_limit_asks_for(allowed):
    sizes = []
    for limit in (16_000, 1000, 700):
        allowed(limit * MB)
        sizes.append(piece_bytes_within(WANTED, 3072, TUTORIAL))
    assert sizes[0] == WANTED
    assert WANTED > sizes[1] >= memory_limits.SMALLEST_PIECE
    for size, limit in zip(sizes, (16_000, 1000, 700), strict=True):
        job = memory_limits.BASE_BYTES + memory_limits.PIECES_AT_ONCE * size
        assert job <= limit * MB
    assert piece_bytes_within(1000, 3072, TUTORIAL) == 1000


def test_what_counts_as_warm_has_room_beside_the_pieces(allowed):
    for limit in (700, 1000, 2000, 8000):
        allowed(limit * MB)
        for images in (50 * MB, TUTORIAL, 900 * MB):
            piece = piece_bytes_within(WANTED, 3072, images)
            job = memory_limits.BASE_BYTES + memory_limits.PIECES_AT_ONCE * piece
            if cache_of(None, images) == Cache.WARM:
                assert job + images <= limit * MB
            else:
                assert images >= limit * MB / 4


def test_memory_that_is_too_small_is_told_with_what_is_needed(allowed):
    allowed(380 * MB)
    with pytest.raises(BenchmarkError, match=r"allow 380 MiB, and 4\d\d MiB are needed: raise"):
        piece_bytes_within(WANTED, 3072, TUTORIAL)
    allowed(900 * MB)
    with pytest.raises(BenchmarkError, match=r"allow 900 MiB, and 2.1 GiB are needed"):
        piece_bytes_within(WANTED, 300 * MB, 300 * MB)
    with pytest.raises(BenchmarkError, match=r"allow 900 MiB, and 2.5 GiB are needed"):
        piece_bytes_within(WANTED, 150 * MB, 300 * MB, shares=2)


@pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")
def test_what_ulimit_allows_counts_for_processes_but_not_for_pages_of_files():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))\n"
        "from imagebench import memory_limits\n"
        "print(memory_limits.process_bytes(), memory_limits.memory().total)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    of_process, of_machine = map(int, done.stdout.split())
    assert of_process == min(10**9, memory().total)
    assert of_machine == memory().total


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="needs a file system in memory")
def test_a_file_system_in_memory_has_no_more_room_than_memory(monkeypatch):
    for available, most in ((200, 200), (500, 300)):
        limits = memory_limits.Memory(600 * MB, available * MB)
        monkeypatch.setattr(measuring.room, "memory", lambda limits=limits: limits)
        assert room(Path("/dev/shm")).free_bytes <= most * MB
