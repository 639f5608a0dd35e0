"""Flip bytes of a store, one at a time, and read it each time as a read job does.

Run as a program of its own: each read is in a process forked from this one, since a damaged map may
end it, and forking a small process takes a hundredth of the time that forking all of pytest does.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from imagebench import backends
from imagebench.failures import BenchmarkError
from imagebench.measurement import reading
from imagebench.measurement.digests import digest

ENDS = {0: "unharmed", 2: "refused", -signal.SIGALRM: "endless"}
SECONDS_TO_READ = 60


def flip_apart(backend, store, times):
    """Run ``flip`` in a small process of its own."""
    command = [sys.executable, __file__, backend, str(store), str(times)]
    search = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    output = subprocess.run(command, env=search, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(output.stdout)


def flip(backend, store, times):
    """Count how reading ended after each of so many flips of one bit, at random places.

    Args:
        backend: name of the backend that wrote the store.
        store: folder of the store, which is left as it was.
        times: how many flips to try.

    Returns:
        Counter of "refused" (an error), "killed" (a signal) and "unharmed" (the right pixels), and
        of what must not be: "wrong" for anything else, "endless".
    """
    read = backends.load(backend).read
    expected = digest(*read(store))
    files = sorted(path for path in store.rglob("*") if path.is_file())
    sizes = [path.stat().st_size for path in files]
    generator = random.Random(0)
    ends = Counter()
    for path in generator.choices(files, sizes, k=times):
        original = path.read_bytes()
        damaged = bytearray(original)
        damaged[generator.randrange(len(damaged))] ^= 1 << generator.randrange(8)
        path.write_bytes(damaged)
        ends[read_apart(read, store, expected)] += 1
        path.write_bytes(original)
    assert read_apart(read, store, expected) == "unharmed"
    return ends


def read_apart(read, store, expected):
    """Read in a process of its own; say how that went."""
    child = os.fork()
    if not child:
        signal.alarm(SECONDS_TO_READ)
        end = 3
        try:
            reading.verified(read, digest, store, expected)
            end = 0
        except (BenchmarkError, MemoryError):
            end = 2
        finally:
            os._exit(end)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ENDS.get(code, "killed" if code < 0 else "wrong")


if __name__ == "__main__":
    print(json.dumps(flip(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
