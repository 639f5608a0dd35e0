"""Archives for tests, written as Python 2 wrote the official ones."""

import io
import pickle
import struct
import tarfile
from pathlib import Path
from typing import ClassVar

import numpy as np

RECONSTRUCT = np.zeros(0).__reduce__()[0]
FOLDER = "cifar-10-batches-py"
PER_BATCH = 4


class Python2Pickler(pickle._Pickler):
    """Protocol 2 with byte strings, and numpy.core in the place of numpy._core."""

    dispatch: ClassVar = dict(pickle._Pickler.dispatch)

    def save_string(self, value):
        data = value.encode("latin1") if isinstance(value, str) else value
        if len(data) < 256:
            self.write(pickle.SHORT_BINSTRING + bytes([len(data)]) + data)
        else:
            self.write(pickle.BINSTRING + struct.pack("<i", len(data)) + data)
        self.memoize(value)

    dispatch[bytes] = save_string
    dispatch[str] = save_string

    def save_global(self, value, name=None):
        if value is RECONSTRUCT:
            self.write(b"cnumpy.core.multiarray\n_reconstruct\n")
            self.memoize(value)
        else:
            super().save_global(value, name)


def python2_pickle(value):
    buffer = io.BytesIO()
    Python2Pickler(buffer, protocol=2).dump(value)
    return buffer.getvalue()


def batches(per_batch=PER_BATCH, seed=0):
    """The members of an archive by name, as objects that can still be changed."""
    random = np.random.default_rng(seed)
    members = {
        "batches.meta": {
            b"num_cases_per_batch": per_batch,
            b"label_names": [f"class {number}".encode() for number in range(10)],
            b"num_vis": 3072,
        }
    }
    for number in range(1, 6):
        members[f"data_batch_{number}"] = {
            b"batch_label": f"training batch {number} of 5".encode(),
            b"labels": random.integers(0, 10, per_batch).tolist(),
            b"data": random.integers(0, 256, (per_batch, 3072), dtype=np.uint8),
            b"filenames": [f"{number}_{index}.png".encode() for index in range(per_batch)],
        }
    return members


def of_cifar100(count=20, seed=0):
    """The members of an archive of CIFAR-100, likewise."""
    random = np.random.default_rng(seed)
    return {
        "meta": {
            b"fine_label_names": [f"class {number}".encode() for number in range(100)],
            b"coarse_label_names": [f"kind {number}".encode() for number in range(20)],
        },
        "train": {
            b"batch_label": b"training batch 1 of 1",
            b"fine_labels": random.integers(0, 100, count).tolist(),
            b"coarse_labels": random.integers(0, 20, count).tolist(),
            b"data": random.integers(0, 256, (count, 3072), dtype=np.uint8),
            b"filenames": [f"{index}.png".encode() for index in range(count)],
        },
    }


def write(path, members, extra=(), packed="gz", folder=FOLDER):
    """Write members, objects or ready bytes, in the order of the official archive."""
    order = ["data_batch_4", "readme.html", "data_batch_3", "batches.meta", "data_batch_2"]
    members = {"readme.html": b"<html></html>", **members}
    with tarfile.open(path, f"w:{packed}") as tar:
        for name in sorted(members, key=lambda name: order.index(name) if name in order else 9):
            value = members[name]
            data = value if isinstance(value, bytes) else python2_pickle(value)
            info = tarfile.TarInfo(f"{folder}/{name}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in extra:
            tar.addfile(info)
    return Path(path)


def without_labels(members):
    del members["data_batch_3"][b"labels"]


def of_wrong_shape(members):
    members["data_batch_2"][b"data"] = np.zeros((PER_BATCH, 3071), dtype=np.uint8)


def of_wrong_dtype(members):
    members["data_batch_2"][b"data"] = np.zeros((PER_BATCH, 3072), dtype=np.float32)


def with_too_few_labels(members):
    members["data_batch_5"][b"labels"].pop()


def with_a_label_too_large(members):
    members["data_batch_5"][b"labels"][0] = 10


def without_a_batch(members):
    del members["data_batch_4"]


def that_runs_a_command(members, marker="/dev/null"):
    command = f"touch {marker}".encode()
    members["data_batch_1"] = b"cos\nsystem\n(S'" + command + b"'\ntR."
