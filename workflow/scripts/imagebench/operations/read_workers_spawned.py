"""All images once, in shuffled batches, by several processes at once that start from nothing."""

from .workers import WorkersOperation


class ReadWorkersSpawned(WorkersOperation):
    """As PyTorch's loader starts its workers on macOS and Windows, and where forking is unsafe."""

    method = "spawn"
