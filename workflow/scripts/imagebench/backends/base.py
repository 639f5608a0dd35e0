"""The contract that every backend keeps.

To add a backend, put one file beside this one with one class that fills in this contract, and name
the file, without its ending, in the config. Tests, rules and figures find it by themselves.
"""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Labels = NDArray[np.uint8]


class Backend(ABC):
    """One way of keeping images and labels on disk."""

    label: ClassVar[str]
    """What figures and tables call it, such as "PNG files"."""

    good_for: ClassVar[str]
    """One line on where it shines."""

    libraries: ClassVar[tuple[str, ...]]
    """The installed distributions whose versions belong into the record of a measurement."""

    not_for_network: ClassVar[str | None] = None
    """Why it should not be kept on a network file system, if it should not; one line."""

    @abstractmethod
    def store(self, images: Images, labels: Labels, path: Path) -> None:
        """Write all images and labels into the new folder ``path``; return when all is closed.

        Args:
            images: shape (n, height, width, 3), uint8.
            labels: shape (n,), uint8.
            path: a folder that does not exist yet; its parent does.

        Raises:
            FileExistsError: if ``path`` exists, so that no two stores are ever mixed.
        """

    @abstractmethod
    def read(self, path: Path) -> tuple[Images, Labels]:
        """Bring back what ``store`` wrote, in the same order, shapes and dtypes."""

    @abstractmethod
    def store_one(self, image: Images, label: int, path: Path) -> None:
        """Write one image, shape (height, width, 3), and its label into the new folder ``path``.

        Raises:
            FileExistsError: if ``path`` exists.
        """

    @abstractmethod
    def read_one(self, path: Path) -> tuple[Images, int]:
        """Bring back what ``store_one`` wrote."""

    def most_space(self, count: int, image_bytes: int) -> tuple[int, int]:
        """Bytes and files that a store of so many images takes at most.

        It is asked for before anything is written, so that a file system that is too small is found
        out in the beginning. The last block of each file is allowed for by the caller. Backends
        that need more than twice the pixels, or more than a few files, say so here.

        Args:
            count: number of images.
            image_bytes: bytes of the pixels of one image.
        """
        return 2 * count * (image_bytes + 1) + 2**20, 16

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a backend that does not say what it is called, good for and made with."""
        super().__init_subclass__(**options)
        for name in ("label", "good_for", "libraries"):
            if not hasattr(cls, name):
                raise TypeError(f"backend {cls.__name__} must define {name!r}")
