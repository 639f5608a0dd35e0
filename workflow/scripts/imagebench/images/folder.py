"""Images that stay in the files of a folder: read and decoded whenever they are asked for."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .. import decoding
from ..elsewhere import require_as_it_was
from ..pieces import PIECE_BYTES, Images, Labels, Piece, Source
from .index import Index, facts_of


class FolderSource(Source):
    """Some images of a folder."""

    def __init__(self, index: Index, chosen: Any, piece_bytes: int = PIECE_BYTES) -> None:
        """Take what the index says of the images that are chosen.

        Args:
            index: of the folder; the chosen ones are digested.
            chosen: numbers of rows, in the order that is wanted; shape (n,).
            piece_bytes: of pixels in a piece.
        """
        self.rows, self.piece_bytes = index.rows[chosen], piece_bytes
        self.paths = paths_of(index, chosen)
        self.digests = self.rows["pixels"]
        self.change = index.change
        self.facts = facts_of(self.rows, self.paths, self.change)
        self.only: dict[bool, list[Piece]] = {}

    def pieces(self, *, as_files: bool = False) -> Iterable[Piece]:
        """Go through the pieces; one that is alone stays in memory."""
        spans = self.facts.spans(self.piece_bytes)
        if self.is_in_pieces:
            return (self.piece(span, as_files=as_files) for span in spans)
        if as_files not in self.only:
            self.only = {as_files: [self.piece(span, as_files=as_files) for span in spans]}
        return self.only[as_files]

    def piece(self, span: slice, *, as_files: bool) -> Piece:
        """Read some images, and decode them unless their files are wanted."""
        files = self.files(span)
        labels: Labels = self.facts.labels[span]
        if as_files:
            return Piece(list(files), labels)
        images: Images = [
            decoding.changed(decoding.decode(file), file, self.change) for file in files
        ]
        return Piece(images if self.facts.shape is None else np.array(images), labels)

    def files(self, span: slice) -> Iterator[bytes]:
        """Read some files.

        Raises:
            BenchmarkError: naming one that is not as it was when the index was made.
        """
        for path, row in zip(self.paths[span], self.rows[span], strict=True):
            require_as_it_was(path, int(row["size"]), int(row["changed"]))
            yield Path(os.fsdecode(path)).read_bytes()


def paths_of(index: Index, numbers: Any) -> list[bytes]:
    """Give the paths of some files."""
    root = os.fsencode(index.root)
    return [os.path.join(root, index.names[number]) for number in numbers.tolist()]
