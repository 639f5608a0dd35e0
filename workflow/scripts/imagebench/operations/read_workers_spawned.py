"""All images once, in shuffled batches, by several processes at once that start from nothing."""

from .workers import ByWorkers


class ReadWorkersSpawned(ByWorkers):
    """As PyTorch's loader starts its workers on macOS and Windows, and where forking is unsafe."""

    title = "Workers, spawned"
    column = "workers\nspawned"
    question = "Fastest with several workers, spawned"
    topic = "reading by spawned workers"
    verb = "read with several spawned workers"
    place = 10
    method = "spawn"
