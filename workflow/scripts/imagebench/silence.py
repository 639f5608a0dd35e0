"""Keeping what C libraries print away from the terminal: "PNG warning" and the like."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def silence() -> None:
    """Let this process print nothing from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


@contextmanager
def silenced() -> Iterator[None]:
    """Let this process and those that it starts print nothing meanwhile."""
    sys.stdout.flush()
    sys.stderr.flush()
    before = {stream: os.dup(stream) for stream in (1, 2)}
    silence()
    try:
        yield
    finally:
        for stream, copy in before.items():
            os.dup2(copy, stream)
            os.close(copy)
