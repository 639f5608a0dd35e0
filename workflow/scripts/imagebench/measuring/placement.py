"""Placing stores so that the removal of one does not slow down the next."""

import os
import struct
from pathlib import Path

# From <linux/fs.h> and <linux/ext2_fs.h>; see also chattr(1), attribute T.
GET_FLAGS = 0x80086601
SET_FLAGS = 0x40086602
TOP_FOLDER = 0x00020000


def spread_folders(folder: Path) -> None:
    """Ask the file system to place the folders within ``folder`` far from each other.

    ext4 without a journal does not use the place of a removed file again for some minutes, and
    looks through all such places for each new file nearby: storing 100,000 files five times over,
    each time after the last had been removed, took 23 s at first and 54 s in the end. With folders
    that are spread over the disk it stayed between 22 s and 28 s. The place goes by the name that a
    folder has when it is made, so that each needs a name of its own. Where the file system has no
    such attribute, nothing is done.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        flags = struct.unpack("I", fcntl.ioctl(descriptor, GET_FLAGS, b"\0" * 4))[0]
        fcntl.ioctl(descriptor, SET_FLAGS, struct.pack("I", flags | TOP_FOLDER))
    except OSError:
        pass
    finally:
        os.close(descriptor)
