"""Delete the records of disturbed blocks, so that the next run measures them anew."""

import json
import sys
from pathlib import Path

from imagebench import processes
from imagebench.evidence.noise import disturbed_blocks
from imagebench.evidence.tables import read_timings
from imagebench.wording import counted


def forget_disturbed(results: Path) -> int:
    """Delete the records of a results folder whose blocks were disturbed, and count them.

    Raises:
        BenchmarkError: if there is no table that says which they are.
    """
    forgotten = 0
    for block in disturbed_blocks(read_timings(results / "timings.csv")).to_dict("records"):
        place = "records/{location}/{backend}/{operation}/*/block-{block}-*.json".format(**block)
        for record in sorted(results.glob(place)):
            cell = json.loads(record.read_text("utf-8"))["made_with"]["cell"]
            if cell["images"] == block["images"]:
                record.unlink()
                forgotten += 1
    return forgotten


if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]):
        count = forget_disturbed(Path(snakemake.params.results))
        print(f"forgotten: {counted(count, 'record')} of disturbed blocks", file=sys.stderr)
