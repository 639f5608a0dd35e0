"""All images once, in shuffled batches, by several forked processes at once."""

from .workers import WorkersOperation


class ReadWorkersForked(WorkersOperation):
    """As PyTorch's loader starts its workers on Linux."""

    method = "fork"
