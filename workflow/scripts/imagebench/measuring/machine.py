"""Under which conditions a measurement was made."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

import psutil

from ..memory_limits import memory
from ..states import UNKNOWN
from ..versions import COMMIT_VARIABLE, library_versions
from .room import filesystem, room


def conditions(store: Path, libraries: Iterable[str]) -> dict[str, object]:
    """Describe the machine, the file system of ``store`` and the versions that took part.

    What a system does not tell is recorded as "unknown".
    """
    kind, options = filesystem(store)
    there = room(store)
    facts = {
        "host": host(),
        # Nodes of one cluster that are alike in all else count as one machine.
        "cluster": os.environ.get("SLURM_CLUSTER_NAME"),
        "cluster_job": os.environ.get("SLURM_JOB_ID"),
        "cpu": cpu_model(),
        "cores": os.cpu_count() or 0,
        "memory_bytes": psutil.virtual_memory().total,
        "memory_limit_bytes": memory().total,
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "libraries": library_versions(libraries),
        "filesystem": kind,
        "mount_options": options,
        "block_bytes": there.block_bytes,
        "free_bytes": there.free_bytes,
        "free_files": there.free_files,
        "commit": os.environ.get(COMMIT_VARIABLE, UNKNOWN),
        "load": load(),
    }
    return {name: printable(fact) for name, fact in facts.items()}


NETWORK = {
    "nfs", "nfs4", "cifs", "smb3", "lustre", "gpfs", "beegfs", "beegfs_nodev", "ceph", "glusterfs",
    "9p", "afs", "panfs", "orangefs", "pvfs2", "wekafs", "ocfs2", "gfs2",
    "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.cvmfs2",
}  # fmt: skip
"""Types of file systems that several hosts may share, as Linux calls them."""


def printable(fact: object) -> object:
    """Give a text without bytes that are no UTF-8, with which no table could be written.

    The system lets hosts, clusters and mounts be called by any bytes.
    """
    if not isinstance(fact, str):
        return fact
    return fact.encode("utf-8", "replace").decode("utf-8")


def host() -> str:
    """Name this machine, as its cluster does where it is part of one."""
    return os.environ.get("SLURMD_NODENAME") or platform.node() or UNKNOWN


def cpu_model() -> str:
    """Name the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or UNKNOWN
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or UNKNOWN


def load() -> float | None:
    """Mean number of processes that wanted to run during the last minute."""
    try:
        return os.getloadavg()[0]
    except OSError:
        return None
