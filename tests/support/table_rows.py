"""Rows of tables whose numbers a test chooses, and what else of them is never looked at."""

import math

from imagebench.answers.questions import QUESTIONS

STORE, DURABLE, WARM, COLD = QUESTIONS[:4]
DISK, FILES, STORE_ONE, READ_ONE = QUESTIONS[-4:]


def cell(backend, seconds, question=WARM, images=100, **changes):
    """A row of summary.csv."""
    return {
        "dataset": "lookalike", "location": "default", "machine": 1, "superseded": 0,
        "backend": backend, "backend_label": backend.upper(), "operation": question.operation,
        "images": images, "cache": question.cache, "until": question.until, "blocks": 5,
        "median_seconds": seconds, "multiple_of_limit": seconds, "multiple_low": seconds * 0.8,
        "multiple_high": seconds * 1.2, "bytes_allocated": 4096, "files": 1,
        "bytes_multiple_of_limit": 1.5, "threads": 1, "lossless": True, "psnr_db": math.nan,
        **changes,
    }  # fmt: skip


def pair(backend, other, ratio, verdict, question=WARM, images=100, **changes):
    """A row of comparisons.csv."""
    return {
        "location": "default", "machine": 1, "operation": question.operation, "images": images,
        "cache": question.cache, "until": question.until, "backend": backend,
        "backend_label": backend.upper(), "other": other, "other_label": other.upper(),
        "ratio": ratio, "low": ratio * 0.8, "high": ratio * 1.2, "blocks": 5, "verdict": verdict,
        "blocks_to_settle": math.nan, "control": False, **changes,
    }  # fmt: skip
