"""The part of the tar format (POSIX.1-1988, ustar) that containers of small files need.

The standard library's tarfile makes and parses headers for everything a file can have, in some
twenty times the time that is needed here; what is written here, it reads.
"""

from collections.abc import Iterator
from typing import IO

BLOCK = 512
LARGEST = 8**11 - 1
"""Bytes of a member: its length has eleven octal digits."""

NAME, SIZE, CHECKSUM, MAGIC = slice(0, 100), slice(124, 136), slice(148, 156), slice(257, 263)


def template() -> bytearray:
    """Make the header of an empty regular file without a name, all of whose fields are valid."""
    header = bytearray(BLOCK)
    header[100:108] = b"0000644\0"
    header[108:116] = header[116:124] = b"0000000\0"
    header[136:148] = b"00000000000\0"
    header[CHECKSUM] = b"        "
    header[156:157] = b"0"
    header[257:265] = b"ustar\00000"
    return header


TEMPLATE = template()
TEMPLATE_SUM = sum(TEMPLATE)


def header(name: bytes, size: int) -> bytes:
    """Make the header of one member, 512 bytes.

    Raises:
        ValueError: if the name or the size does not fit into one.
    """
    if len(name) > 99 or size > LARGEST:
        raise ValueError(f"{name!r} of {size} bytes does not fit into a tar file")
    made = bytearray(TEMPLATE)
    length = b"%011o\0" % size
    made[: len(name)] = name
    made[SIZE] = length
    made[CHECKSUM] = b"%06o\0 " % (TEMPLATE_SUM + sum(name) + sum(length))
    return bytes(made)


def padding(size: int) -> bytes:
    """What fills the last block of a member."""
    return bytes(-size % BLOCK)


def end(file: IO[bytes]) -> None:
    """Write the two empty blocks that end a tar file."""
    file.write(bytes(2 * BLOCK))


def members(view: memoryview) -> Iterator[tuple[bytes, int, int]]:
    """Go through the members of a tar file: name, where its bytes begin, and how many they are.

    Raises:
        ValueError: if a header is damaged, or the file ends too early.
    """
    position = 0
    while True:
        block = bytes(view[position : position + BLOCK])
        if len(block) < BLOCK:
            raise ValueError("the tar file ends too early")
        if block[0] == 0:
            return
        if block[MAGIC] != b"ustar\0":
            raise ValueError(f"there is no tar header at byte {position}")
        start, size = position + BLOCK, int(block[124:135], 8)
        position = start + size + -size % BLOCK
        if size < 0 or position > len(view):
            raise ValueError("the tar file ends too early")
        yield block[NAME].rstrip(b"\0"), start, size
