"""The verdict in words: one paragraph that can be read aloud."""

from collections.abc import Mapping, Sequence

from .. import wording
from ..answers.findings import Counting, Finding, Standing
from ..answers.questions import Question
from .phrases import MOST_NAMED, Labels, topic, winners

Findings = Sequence[Finding]


def in_words(
    answered: Sequence[tuple[Question, Mapping[int, Finding | None]]], images: int, labels: Labels
) -> str:
    """Tell all findings at the largest number of images: first what is sure, last what is open."""
    answered = [(question, row) for question, row in answered if question.is_main]
    findings = [finding for _, row in answered if (finding := list(row.values())[-1])]
    sentences = [
        first_places(findings, labels),
        *alike(findings, labels),
        unsettled(findings, labels),
        indifferent(findings),
        *wider(findings, labels),
        provisional(findings, labels),
        lonely(findings, labels),
        unproven(findings),
        changing([list(row.values()) for _, row in answered]),
    ]
    said = [sentence for sentence in sentences if sentence]
    if not said:
        return "Nothing was measured that a verdict could be based on."
    later = [sentence[0].upper() + sentence[1:] for sentence in said[1:]]
    return " ".join([f"With {wording.counted(images, 'image')}, {said[0]}", *later])


def first_places(findings: Findings, labels: Labels) -> str:
    """Who comes first in what, the one with most first places first."""
    sure = [
        one
        for one in findings
        if one.standing in (Standing.FASTER, Standing.COUNTED) and len(one.winners) == 1
    ]
    by_winner = grouped(sure)
    if not by_winner:
        return ""
    if len(by_winner) == 1 and len(sure) == len(findings):
        return f"first place goes to {labels[sure[0].winners[0]]} in everything that was asked."
    clauses = [
        f"to {labels[group[0].winners[0]]} in {topics(group)}"
        for group in sorted(by_winner, key=len, reverse=True)
    ]
    return f"first place goes {in_turn(clauses)}."


def alike(findings: Findings, labels: Labels) -> list[str]:
    """Who shares a first place, by a verdict or by counting."""
    words = {
        Standing.SAME: "there is no practical difference between",
        Standing.COUNTED: "first place is shared by",
    }
    shared = [one for one in findings if len(one.winners) > 1]
    return [
        f"{words[standing]} {winners(group[0], labels)} in {topics(group)}."
        for standing in words
        for group in grouped([one for one in shared if one.standing == standing])
    ]


def unsettled(findings: Findings, labels: Labels) -> str:
    """What these blocks do not settle, and could change what to do."""
    still_open = [one for one in findings if one.standing == Standing.INCONCLUSIVE]
    few = grouped([one for one in still_open if len(one.winners) <= MOST_NAMED])
    many = [one for one in still_open if len(one.winners) > MOST_NAMED]
    if len(few) == 1 and not many:
        [group] = few
        return (
            f"whether {winners(group[0], labels)} is faster in {topics(group)} is not settled yet."
        )
    clauses = [f"{topics(group)} ({winners(group[0], labels)})" for group in few]
    clauses += [f"{topics(many)} (one of several formats)"] if many else []
    return f"not settled yet is what is fastest in {in_turn(clauses)}." if clauses else ""


def indifferent(findings: Findings) -> str:
    """What these blocks do not settle, though what to do is the same either way."""
    still_open = [one for one in findings if one.standing == Standing.INDIFFERENT]
    if not still_open:
        return ""
    return f"what is fastest in {topics(still_open)} is open, and does not change what to do."


def wider(findings: Findings, labels: Labels) -> list[str]:
    """Who comes first instead where formats count that lose something, or use several threads."""
    sentences = []
    for counting in Counting:
        found = [
            aside.finding
            for one in findings
            for aside in one.asides
            if aside.counting == counting
            and aside.finding.standing in (Standing.FASTER, Standing.COUNTED, Standing.SAME)
        ]
        clauses = [f"to {winners(group[0], labels)} in {topics(group)}" for group in grouped(found)]
        if clauses:
            sentences.append(f"if {counting} count as well, first place goes {in_turn(clauses)}.")
    return sentences


def provisional(findings: Findings, labels: Labels) -> str:
    """Who led where there are too few blocks for a verdict."""
    led = grouped([one for one in findings if one.standing == Standing.NO_VERDICT])
    clauses = [f"{labels[group[0].winners[0]]} led in {topics(group)}" for group in led]
    if not clauses:
        return ""
    return f"there are too few blocks for a verdict on speed; so far {'; '.join(clauses)}."


def lonely(findings: Findings, labels: Labels) -> str:
    """What only one format was measured in."""
    alone = [one for one in findings if one.standing == Standing.ALONE]
    if not alone:
        return ""
    clauses = [f"{labels[group[0].winners[0]]} in {topics(group)}" for group in grouped(alone)]
    return f"there is nothing to compare with {wording.listed(clauses)}."


def unproven(findings: Findings) -> str:
    """What could not be answered since nothing was proven to be cold."""
    unknown = [one for one in findings if one.standing == Standing.UNPROVEN]
    if not unknown:
        return ""
    return f"nothing can be said of {topics(unknown)}: no read was proven to be cold."


def changing(rows: Sequence[Sequence[Finding | None]]) -> str:
    """What has another winner where there are fewer images."""
    others = [
        last
        for *earlier, last in rows
        if last and any(one and one.winners != last.winners for one in earlier)
    ]
    return f"with fewer images the answer differs in {topics(others)}." if others else ""


def in_turn(clauses: Sequence[str]) -> str:
    """Clauses that have commas of their own, one after the other."""
    return "; and ".join(filter(None, ["; ".join(clauses[:-1]), clauses[-1]]))


def topics(findings: Findings) -> str:
    """What findings are about, in words."""
    return wording.listed(topic(one.question) for one in findings)


def grouped(findings: Findings) -> list[list[Finding]]:
    """Answers with the same winners together, in the order of the first of each."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.winners, []).append(one)
    return list(groups.values())
