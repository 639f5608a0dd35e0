"""Whether a comparison that is open could change what to do."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..states import Cache, Until

Answers = Sequence[Mapping[str, Any]]
"""Those of answer.json, of one location."""


def can_matter(row: Mapping[str, Any], backends: Collection[str], answers: Answers) -> bool:
    """Say whether it could, for any use, that these formats are not told apart.

    It can where two of them are what was recommended and what comes next, and where the time is
    that of converting or of an epoch. Where nothing was recommended, all can.

    Args:
        row: what was compared, with ``operation``, ``cache`` and ``until``.
        backends: names of the formats.
        answers: of the location.
    """
    kind = row["operation"], row["cache"], row["until"]
    for answer in answers:
        best = answer["best"]
        if best is None:
            return True
        use = answer["use"]
        kinds = (
            ("store_many", Cache.NOT_APPLICABLE, Until.DURABLE),
            (use["access"], use["cache"], Until.RETURNED),
        )
        next_best = {choice["backend"] for choice in answer["next_best"]}
        if kind in kinds and best["backend"] in backends and not next_best.isdisjoint(backends):
            return True
    return not answers
