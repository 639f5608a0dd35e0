"""Lines that are run for each of several formats in a process of its own."""

import os
import subprocess
import sys
from textwrap import indent

BEGINNING = """
import os, resource, sys
from pathlib import Path
import numpy as np
from blocks import read_all, store_all
from imagebench import formats
from imagebench.errors import BenchmarkError, describe

def kilobytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

def some(count, height, width):
    images = np.random.default_rng(0).integers(0, 256, (count, height, width, 3), dtype=np.uint8)
    return images, np.arange(count)

def limit(which, most):
    resource.setrlimit(which, (most, resource.getrlimit(which)[1]))

def used_once(backend, folder):
    store_all(backend, *some(2, 32, 32), folder)
    read_all(backend, folder)
    with backend.open(folder) as reader:
        reader.read_at(np.array([1]))

def main(name, folder):
    folder.mkdir()
    backend = formats.load(name)
{script}

for name in sys.argv[2:]:
    if not (child := os.fork()):
        main(name, Path(sys.argv[1], name))
        sys.stdout.flush()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, name
"""


def run_apart(script, folder, *names):
    """Run lines for each format in a process of its own, whose limits and peaks are its alone.

    These are forked from one that has imported what all need.
    """
    script = BEGINNING.replace("{script}", indent(script, "    "))
    done = subprocess.run(
        [sys.executable, "-c", script, folder, *names],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout
