"""Flip bytes of a store, one at a time, and read it each time as a read job does.

Run as a program of its own: reads are in a process forked from this one, since a damaged map may
end it, and forking a small process takes a hundredth of the time that forking all of pytest does.
"""

import gc
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from blocks import store_all
from imagebench import formats
from imagebench.digests import image_digests
from imagebench.errors import BenchmarkError
from imagebench.operations import reading
from imagebench.operations.reading import Call

UNHARMED, REFUSED, WRONG = b"u", b"r", b"w"
ENDS = {UNHARMED: "unharmed", REFUSED: "refused", WRONG: "wrong"}
SECONDS_TO_READ = 60
COUNT = 16
"""Images in a store: few, since each flip is followed by reading all of them."""


def flip_apart(names, folder, times):
    """Run ``flip`` for each backend in one small process; give the counts by name."""
    command = [sys.executable, __file__, str(folder), str(times), *names]
    search = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    output = subprocess.run(
        command, env=search, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return json.loads(output.stdout)


def some_images():
    """Images that every codec makes something of: a slope, and some noise."""
    generator = np.random.default_rng(0)
    slope = np.add.outer(np.arange(32), np.arange(32))[..., np.newaxis] * [2, 3, 1]
    noise = generator.integers(0, 24, (COUNT, 32, 32, 3))
    return (slope + noise).astype(np.uint8), generator.integers(0, 256, COUNT)


def flip(name, store, times):
    """Count how reading ended after each of so many flips of one bit, at random places.

    Args:
        name: of the backend that writes and reads the store.
        store: folder of the store, to be made.
        times: how many flips to try.

    Returns:
        Counter of "refused" (an error), "killed" (a signal) and "unharmed" (the right pixels), and
        of what must not be: "wrong" for anything else, "endless".
    """
    images, labels = some_images()
    backend = formats.load(name)
    call = Call(store, None, ("", ""), image_digests(backend.as_read(images), labels), 0)
    in_a_child(lambda: store_all(backend, images, labels, store))
    generator = random.Random(0)
    files = sorted(path for path in store.rglob("*") if path.is_file())
    chosen = generator.choices(files, [path.stat().st_size for path in files], k=times)
    flips = [
        (path, path.read_bytes(), generator.randrange(path.stat().st_size), generator.randrange(8))
        for path in chosen
    ]
    ends = Counter()
    done = 0
    while done < len(flips):
        found, code = read_flipped(backend, call, flips[done:])
        ends.update(found)
        done += len(found)
        if done < len(flips):  # the next one has ended the process
            ends["endless" if code == -signal.SIGALRM else "killed" if code < 0 else "wrong"] += 1
            flips[done][0].write_bytes(flips[done][1])
            done += 1
    assert read_flipped(backend, call, [(files[0], files[0].read_bytes(), 0, None)])[0] == [
        "unharmed"
    ]
    return ends


def in_a_child(call):
    """Call in a process of its own, so that libraries with threads are not yet used in this one."""
    child = os.fork()
    if not child:
        call()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def read_flipped(backend, call, flips):
    """Flip, read and put back, one after the other, in one process of its own.

    Returns:
        How each went, up to the one that ended the process, and how the process ended.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        gc.freeze()  # else collecting before each read takes longer than reading
        for path, original, place, bit in flips:
            signal.alarm(SECONDS_TO_READ)
            damaged = bytearray(original)
            if bit is not None:
                damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            os.write(writer, read_once(backend, call))
            path.write_bytes(original)
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        found = [ENDS[bytes([end])] for end in pipe.read()]
    return found, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def read_once(backend, call):
    """Read, and say how that went."""
    try:
        done = 0
        with reading.saying_which(call.place):
            for piece in backend.read(call.place):
                done = call.verify(image_digests(*piece), done)
        call.require_all(done)
    except (BenchmarkError, MemoryError):
        return REFUSED
    except BaseException:
        return WRONG
    return UNHARMED


if __name__ == "__main__":
    folder, times, *names = sys.argv[1:]
    print(json.dumps({name: flip(name, Path(folder, name), int(times)) for name in names}))
