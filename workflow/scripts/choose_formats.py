"""Choose for each use the one format that it may call for, out of what the main run measured."""

from pathlib import Path

from imagebench import files, keys, processes
from imagebench.answers.main_run import blocks_of, forecast_of, limits_of, shortlists_of
from imagebench.evidence.tables import read_timings


def choose_formats(timings: Path, stores: Path, shortlist: Path, forecast: Path, **given) -> None:
    """Write shortlist.json and forecast.csv; see ``main_run.shortlists_of``."""
    pixels, file_bytes = given.pop("image_pixels"), given.pop("image_file_bytes")
    blocks = blocks_of(read_timings(timings), pixels, file_bytes)
    found = shortlists_of(blocks, stores=stores, **given)
    limits = limits_of(stores, given["image_bytes"], given["piece_bytes"])
    with files.published_file(forecast) as partial:
        forecast_of(blocks, found, limits).to_csv(partial, index=False)
    files.publish_json(shortlist, {"shortlist": found})


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        params = dict(snakemake.params.items())
        del params["code"]
        choose_formats(
            Path(snakemake.input.timings),
            Path(params.pop("stores")),
            Path(snakemake.output.shortlist),
            Path(snakemake.output.forecast),
            **params,
        )
        keys.settle(snakemake.input.stamp)
