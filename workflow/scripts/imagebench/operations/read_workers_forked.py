"""All images once, in shuffled batches, by several forked processes at once."""

from .workers import ByWorkers


class ReadWorkersForked(ByWorkers):
    """As PyTorch's loader starts its workers on Linux."""

    title = "Workers, forked"
    column = "workers\nforked"
    question = "Fastest with several workers, forked"
    topic = "reading by forked workers"
    verb = "read with several forked workers"
    place = 9
    in_verdict = True
    method = "fork"
