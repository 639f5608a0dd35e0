"""Reading in order as a way of access: from a store that is made for it, beside another one."""

from collections.abc import Iterator

import numpy as np

from ..contract import Indices
from . import load
from .access import Access, Pieces
from .reading import Call


class InOrder(Access):
    """The whole store at once, each image in its own mode."""

    keeps_open = False
    one_mode = None

    def order(self, stored: int, generator: np.random.Generator) -> Indices:
        return np.arange(stored)

    def read(self, call: Call) -> Iterator[Pieces]:
        return ([piece] for piece in self.backend.read(call.place))

    def read_images(self, indices: Indices) -> Pieces:
        raise NotImplementedError

    def close(self) -> None:
        pass


def way_of(name: str) -> Access:
    """Make the way of access of a use, which may be to read in order."""
    way = InOrder() if name == "read_many" else load(name)
    assert isinstance(way, Access)  # noqa: S101
    return way
