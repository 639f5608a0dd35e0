"""Pages of runs of every kind, as a reader may have them before their eyes."""

import many_samples
import samples
from imagebench.answers.advice import Run, advise
from imagebench.answers.main_run import blocks_of, shortlists_of
from imagebench.evidence import comparisons, pooling, summaries
from imagebench.page import rendering, use_words

LONG = "A rather long name of a format, number {}, with_everything_in_one_very_long_word_{}"
MANY = {
    f"format{number}": (
        LONG.format(number, number), 1e-4 * number, 1e-6 * number, 1e-6, 1e-4, 1e-6 * number, 1e-6,
        3000, 1,
    )
    for number in range(1, 13)
}  # fmt: skip


USE = {"epochs": 90, "access": "read_many", "cache": "warm", "images": None}
TRAITS = {
    "lossless": True, "keeps_files": False, "appendable": False, "local_only": False,
    "stays": False,
}  # fmt: skip


def noisy():
    """A run in which everything went wrong that a report warns of."""
    timings = samples.timings(blocks=2, spread=0.3, as_cold="unknown", counts=(10, 1000))
    timings["commit"] = "1a2b3c4d5e6f with changes"
    timings.loc[timings["block"] == 2, "other_cpu_share"] = 0.8
    timings.loc[timings["backend"].eq("lmdb") & timings["block"].eq(1), "libraries"] = "lmdb=1.0"
    return timings


RUNS = {
    "usual": samples.timings,
    "noisy": noisy,
    "twelve formats": lambda: samples.timings(
        blocks=3, backends=["raw", "control", *MANY], kinds=MANY, counts=(10, 1000)
    ),
    "one format": lambda: samples.timings(
        blocks=1, backends=["hdf5"], counts=(100,), as_cold="unknown"
    ),
    "two locations": samples.in_two_locations,
    "33 formats": lambda: many_samples.timings(
        access=("read_batches", "read_first"), counts=(1000,)
    ),
    "no baseline": lambda: samples.timings(blocks=3, backends=["disk", "lmdb"]),
}


def answered(timings, **changes):
    """What answer.json has of a run without a comparison of two alone."""
    traits = dict.fromkeys(timings["backend"], TRAITS)
    uses = {"training": {**USE, **changes}}
    listed = shortlists_of(blocks_of(timings, 1024), uses, traits=traits, image_bytes=3072)
    found = [advise(one, {"why_not": "too long"}, Run()) for one in listed]
    return [{"sentences": use_words.sentences(one), **one} for one in found]


def page_of(timings, folder, config=None, pictures=(), uses=None):
    """The whole report of a run, and the file that holds it."""
    page = rendering.render(
        timings, summaries.summarize(timings), comparisons.compare_all(pooling.measures(timings)),
        pictures=pictures, captions={path.stem: f"What {path.stem} shows." for path in pictures},
        config=config or {"dataset": "lookalike", "blocks": 3}, command="snakemake --cores all",
        uses=answered(timings) if uses is None else uses,
    )  # fmt: skip
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return page, path
