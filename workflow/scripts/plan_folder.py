"""Look at a folder of images, time each format with a few of them, and decide what is measured."""

from pathlib import Path

from imagebench import processes
from imagebench.measuring.lock import JOB, machine_lock
from imagebench.planning.folder import plan_folder

if __name__ == "__main__":
    with processes.in_one_line(snakemake.log[0]), machine_lock(JOB):
        plan_folder(snakemake.config, Path(snakemake.output.looked_at))
