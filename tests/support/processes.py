"""What became of the processes that a test has started."""

import os

import psutil


def alive_in_group(group):
    """Command lines of the processes of a group that have not ended."""
    alive = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process.cmdline())
        except (ProcessLookupError, psutil.NoSuchProcess):
            pass
    return alive
