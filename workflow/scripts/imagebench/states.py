"""Words of tables that have few values each: what wrote them and what reads them share these."""

from enum import StrEnum


class Cache(StrEnum):
    """State of the page cache before a read; of a store, it does not apply."""

    WARM = "warm"
    COLD = "cold"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Until(StrEnum):
    """When the clock stopped: a store is closed, or safe on the device; a read has returned."""

    CLOSED = "closed"
    DURABLE = "durable"
    RETURNED = "returned"


class Verdict(StrEnum):
    """What is known of the times of two formats."""

    FASTER = "faster"
    SAME = "no practical difference"
    INCONCLUSIVE = "inconclusive"


UNKNOWN = "unknown"
"""What stands for a text that a system did not tell."""

BASELINE = "raw"
"""The backend of plain bytes in one file: everything is given as a multiple of what it takes."""

CONTROL = "control"
"""The baseline under another name: it must not come out as different."""

RESERVED = (BASELINE, CONTROL)
"""Measured beside the formats in every run, and never an answer."""
