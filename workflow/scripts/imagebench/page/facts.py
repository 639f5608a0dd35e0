"""What a report says of its conditions: the machine, the page cache, the noise, the versions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .. import wording
from ..answers.cautions import controls
from ..answers.mattering import Answers, can_matter
from ..answers.questions import Row, records, shown
from ..evidence.traits import DATASETS
from ..sizes import readable_bytes
from ..states import RESERVED, UNKNOWN, Cache, Verdict
from .phrases import Labels, cell

NOISE = {
    "steal_share": "Taken by other virtual machines",
    "other_cpu_share": "Taken by other programs, in cores",
    "cpu_pressure_share": "Time that work waited for a core",
    "io_pressure_share": "Time that work waited for the disk",
    "memory_pressure_share": "Time that work waited for memory",
}
IN_CORES = "other_cpu_share"


@dataclass(frozen=True)
class Device:
    """How cold and how warm the reads of one format really were."""

    label: str
    size: str
    cold_from_device: str
    cold_resident: str
    warm_from_device: str


def dataset(summary: pd.DataFrame, config: Mapping[str, Any]) -> str:
    """What the images are, in words; a folder is named as the config names it."""
    names = wording.listed(DATASETS.get(name, name) for name in summary["dataset"].unique())
    path = config["folder"]["path"] if config.get("dataset") == "folder" else ""
    return f"{names} ({path})" if path else names


def values(measures: pd.DataFrame, column: str) -> list[str]:
    """Different values of a column of texts, in their order."""
    return [str(value) for value in measures[column].unique() if str(value) not in ("", "nan")]


NEARLY_ALL = 0.95
MOST_OF_IT = 0.5
"""Share of the time from which on the decoder is told of before any container."""


def decoding(summary: pd.DataFrame, location: str) -> str | None:
    """Say how much of reading original files is decoding, where that is most of it; else None."""
    rows = shown(summary)
    rows = rows[(rows["location"] == location) & (rows["operation"] == "read_many")]
    rows = rows[(rows["cache"] == Cache.WARM) & rows["codec_seconds"].notna()]
    rows = rows[rows["backend"].str.contains("in_place|original")]
    rows = rows[rows["images"] == rows["images"].max()]
    if rows.empty:
        return None
    share = float((rows["codec_seconds"] / rows["median_seconds"]).clip(upper=1).median())
    if share <= MOST_OF_IT:
        return None
    return wording.percent(share, 0) if share < NEARLY_ALL else "nearly all"


MOST_HOSTS = 4
"""So many are named at the top; more are counted there, and named further below."""


def hosts(measures: pd.DataFrame) -> str:
    """The machines that took part, in words; with the cluster that they belong to."""
    names = values(measures, "host")
    words = wording.listed(names) if len(names) <= MOST_HOSTS else f"{len(names)} hosts"
    clusters = values(measures, "cluster")
    return f"{words} of cluster {wording.listed(clusters)}" if clusters else words


def places(measures: pd.DataFrame) -> list[tuple[str, str]]:
    """For each location its file system: type, folder, mount options, block size, what is free."""
    found = []
    for name, part in measures.groupby("location", sort=False):
        words = [", ".join(values(part, "filesystem")) or "unknown file system"]
        if folders := values(part, "folder"):
            words.append(f"in {', '.join(folders)}")
        words += [f"mounted {options}" for options in values(part, "mount_options")]
        words += [f"blocks of {readable_bytes(size)}" for size in numbers(part, "block_bytes")[:1]]
        free = [f"{readable_bytes(size)}" for size in numbers(part, "free_bytes")[:1]]
        free += [f"{int(count):,} files" for count in numbers(part, "free_files")[:1]]
        if free:
            words.append(f"free at first: {' and '.join(free)}")
        found.append((f"Location {name}", "; ".join(words)))
    return found


def numbers(measures: pd.DataFrame, column: str) -> list[float]:
    """Known numbers of a column."""
    return [float(value) for value in measures[column].dropna()]


def dates(measures: pd.DataFrame) -> str:
    """First and last day of measuring, such as "2026-11-23 to 2026-11-24"."""
    stamps = sorted(values(measures, "started") + values(measures, "finished"))
    days = sorted({stamp[:10] for stamp in stamps})
    if not days:
        return ""
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


def block_minutes(measures: pd.DataFrame) -> float:
    """What a block of all that was measured takes; not-a-number where times were not recorded."""
    jobs = measures.drop_duplicates(["started", "finished", "backend", "operation", "images"])
    finished, started = (
        pd.to_datetime(jobs[name], errors="coerce", utc=True) for name in ("finished", "started")
    )
    seconds = (finished - started).dt.total_seconds().sum()
    return float(seconds) / 60 / measures["block"].nunique() if seconds > 0 else math.nan


def environment(measures: pd.DataFrame) -> list[tuple[str, str]]:
    """Names and values of what the samples were taken on; unknown where nothing was recorded."""

    def joined(column: str, between: str = "; ") -> str:
        return between.join(values(measures, column)) or UNKNOWN

    libraries = sorted({word for line in values(measures, "libraries") for word in line.split()})
    facts = [
        ("Host", joined("host", ", ")),
        *([("Cluster", joined("cluster"))] if values(measures, "cluster") else []),
        ("Processor", joined("cpu")),
        ("Cores", joined("cores")),
        ("Memory", memory(measures)),
        ("Kernel", joined("kernel")),
        ("Python", joined("python")),
        *places(measures),
        ("Libraries", ", ".join(word.replace("=", " ") for word in libraries) or UNKNOWN),
        ("Commit", ", ".join(commit_words(word) for word in values(measures, "commit"))),
        ("Load before blocks", wording.spanned(numbers(measures, "load"), "{:.2f}".format)),
        ("Fixed piece of work", calibration(measures)),
    ]
    for column, words in NOISE.items():
        form = "{:.2f}".format if column == IN_CORES else wording.percent
        facts.append((words, wording.spanned(numbers(measures, column), form)))
    return [
        (name, value if value not in ("", wording.NOTHING) else UNKNOWN) for name, value in facts
    ]


def memory(measures: pd.DataFrame) -> str:
    """Memory of the machines, with what a control group leaves of it, such as "1 GiB of 24 GiB"."""
    known = measures[["memory_limit_bytes", "memory_bytes"]].dropna().drop_duplicates()
    return "; ".join(
        readable_bytes(limit) + (f" of {readable_bytes(host)}" if limit < host else "")
        for limit, host in sorted(known.itertuples(index=False))
    )


def commit_words(commit: str) -> str:
    """A commit, and whether its code was as committed."""
    if commit == UNKNOWN or commit.endswith("changes"):
        return commit
    return f"{commit} (clean)"


def calibration(measures: pd.DataFrame) -> str:
    """How long the calibration loop took, from the shortest to the longest."""
    before = numbers(measures, "calibration_before_seconds")
    taken = before + numbers(measures, "calibration_after_seconds")
    if not taken:
        return ""
    span = wording.spanned(taken, wording.readable_seconds)
    return f"{span}; the longest is {wording.ratio(max(taken) / min(taken))} times the shortest"


def devices(measures: pd.DataFrame, labels: Labels) -> list[Device]:
    """For each format, what reading most images took from the device, cold and warm."""
    many = measures[measures["operation"] == "read_many"]
    rows = many[many["images"] == many["images"].max()]
    found = []
    several = rows["location"].nunique() > 1
    for (place, name), samples in rows.groupby(["location", "backend"], sort=False):
        label = f"{labels[str(name)]}, {place}" if several else labels[str(name)]
        cold, warm = (samples[samples["cache"] == state] for state in (Cache.COLD, Cache.WARM))
        resident = numbers(cold, "resident_share")
        found.append(
            Device(
                label,
                readable_bytes(float(samples["bytes_allocated"].median())),
                median_bytes(cold),
                wording.percent(max(resident), 2) if resident else wording.NOTHING,
                median_bytes(warm),
            )
        )
    return found


def median_bytes(samples: pd.DataFrame) -> str:
    """Median of what came from the device, in words."""
    read = numbers(samples, "bytes_read")
    return readable_bytes(float(pd.Series(read).median())) if read else wording.NOTHING


def control_words(comparisons: pd.DataFrame) -> str:
    """What became of the control, in words."""
    pairs = controls(comparisons)
    if pairs.empty:
        return "There is no control in this table, so that the method was not put to the test."
    found = pairs["verdict"].value_counts()
    parts = [
        f"{int(found[verdict])} came out as “{verdict}”"
        for verdict in (Verdict.SAME, Verdict.INCONCLUSIVE, Verdict.FASTER)
        if verdict in found.index
    ]
    number = wording.counted(len(pairs), "such comparison")
    widest = wording.ratio(float(pairs["ratio"].max()))
    return (
        "The raw bytes are measured twice, under two names, as a control: since both are the same "
        f"code, no difference must be found. Of {number}, {wording.listed(parts)}. The largest "
        f"ratio between two measurements of the same thing was {widest}: what chance alone does "
        "here."
    )


@dataclass(frozen=True)
class PairGroup:
    """Comparisons of one kind: all of them, or those with the fastest format.

    Attributes:
        title: what was timed.
        rows: what is shown.
        count: how many there are.
    """

    title: str
    rows: list[Row]
    count: int


MOST_PAIRS = 150
"""More pairs than these are read by nobody: then those with the fastest format are shown."""


def pair_groups(comparisons: pd.DataFrame, location: str) -> list[PairGroup]:
    """Comparisons in groups, one for each operation, cache and until; most images first.

    In a group of many, only those of most images that the fastest format takes part in.
    """
    rows = shown(comparisons, location).sort_values(
        "images", ascending=False, kind="stable", key=lambda column: column.astype(int)
    )
    groups = []
    for _, group in rows.groupby(["operation", "until", "cache"], sort=False):
        some = group if len(group) <= MOST_PAIRS else with_fastest(group)
        shown_rows: list[Row] = list(records(some))
        groups.append(PairGroup(cell(shown_rows[0]), shown_rows, len(group)))
    return groups


def with_fastest(pairs: pd.DataFrame) -> pd.DataFrame:
    """Leave the pairs, of most images, of the format that is slower than fewest others."""
    most = pairs[pairs["images"] == pairs["images"].max()]
    formats = most[~most["backend"].isin(RESERVED) & ~most["other"].isin(RESERVED)]
    formats = most if formats.empty else formats
    slower = formats["other"].value_counts().reindex(formats["backend"].unique(), fill_value=0)
    fastest = slower.idxmin()
    own: pd.DataFrame = formats[(formats["backend"] == fastest) | (formats["other"] == fastest)]
    return own.sort_values("ratio", kind="stable")


def open_pairs(comparisons: pd.DataFrame, location: str, answers: Answers) -> tuple[list[Row], int]:
    """Pairs without a verdict that can change what to do, and how many more there are.

    Those that are settled soonest come first.
    """
    rows = shown(comparisons, location)
    formats = ~rows["backend"].isin(RESERVED) & ~rows["other"].isin(RESERVED)
    still_open = records(rows[formats & (rows["verdict"] == Verdict.INCONCLUSIVE)])
    kept: list[Row] = [
        row for row in still_open if can_matter(row, {row["backend"], row["other"]}, answers)
    ]
    kept.sort(
        key=lambda row: (
            math.inf if math.isnan(row["blocks_to_settle"]) else row["blocks_to_settle"],
            -row["images"],
        )
    )
    return kept, len(still_open) - len(kept)
