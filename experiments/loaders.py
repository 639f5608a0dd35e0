"""Hold our reads against the loaders that people use, on the same stores and in one run.

    PYTHONPATH=workflow/scripts python experiments/loaders.py [--images 10000] [--rounds 7]

It needs envs/requirements-codecs.txt, -columns.txt and -loaders.txt; loaders that are not installed
are left out and named. For each, one store is made, and read in turn by the loader and by us, warm
and in order, every image decoded; what is printed are medians, and the ratio of each round's times.
"""

import argparse
import importlib
import io
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from imagebench import formats
from imagebench.images.lookalike import make_images
from imagebench.pieces import in_one_piece
from PIL import Image


def pillow(data):
    """Decode as nearly every loader does."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def torchvision_folder(store):
    """Read as torchvision.datasets.ImageFolder does: a folder a class, each file through Pillow.

    In the order of the files' names, which is that of the images, to be compared with ours.
    """
    classes = sorted(entry.path for entry in os.scandir(store) if entry.is_dir())
    files = (entry for folder in classes for entry in os.scandir(folder))
    for entry in sorted(files, key=lambda entry: entry.name):
        with open(entry.path, "rb") as file:
            yield np.asarray(Image.open(file).convert("RGB"))


def webdataset(store):
    """The library's pipeline, decoding to arrays."""
    library = importlib.import_module("webdataset")
    shards = [str(path) for path in sorted(Path(store).glob("*.tar"))]
    samples = library.WebDataset(shards, shardshuffle=False, empty_check=False)
    for image, _ in samples.decode("rgb8").to_tuple("png", "cls"):
        yield image


def datasets_parquet(store):
    """Hugging Face datasets: a table of encoded images, decoded by its Image feature."""
    library = importlib.import_module("datasets")
    library.disable_progress_bars()
    cache = Path(store).parent / "datasets-cache"
    table = library.Dataset.from_parquet(str(Path(store) / "images.parquet"), cache_dir=str(cache))
    for row in table.cast_column("image", library.Image()):
        yield np.asarray(row["image"])


def arrow_rows(store):
    """The documentation's way to go through an Arrow file, decoding what comes."""
    library = importlib.import_module("pyarrow")
    with library.memory_map(str(Path(store) / "images.arrow")) as file:
        for image in library.ipc.open_file(file).read_all().column("image"):
            yield pillow(image.as_py())


def parquet_rows(store):
    """The documentation's way to read a Parquet file, decoding what comes."""
    library = importlib.import_module("pyarrow.parquet")
    for batch in library.ParquetFile(Path(store) / "images.parquet").iter_batches():
        for image in batch.column("image"):
            yield pillow(image.as_py())


def lance_rows(store):
    """The documentation's way to go through a Lance data set, decoding what comes."""
    library = importlib.import_module("lance")
    for batch in library.dataset(str(Path(store) / "images.lance")).to_batches(columns=["image"]):
        for image in batch.column("image"):
            yield pillow(image.as_py())


def streaming(store):
    """MosaicML's loader of its own shards."""
    library = importlib.import_module("streaming")
    data = library.LocalDataset(str(store))
    for index in range(len(data)):
        yield pillow(data[index]["image"])


LOADERS = [
    ("ImageFolder of torchvision (its steps)", "files+png", torchvision_folder, None),
    ("webdataset", "webdataset+png", webdataset, "webdataset"),
    ("Hugging Face datasets, Parquet", "parquet+png", datasets_parquet, "datasets"),
    ("pyarrow, Arrow IPC row by row", "arrow+png", arrow_rows, "pyarrow"),
    ("pyarrow, Parquet row by row", "parquet+png", parquet_rows, "pyarrow"),
    ("pylance, batch by batch", "lance+png", lance_rows, "lance"),
    ("MosaicML streaming", "mds+png", streaming, "streaming"),
]


def timed(call):
    """Seconds that a call takes, and what it returns."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def is_there(module):
    """Whether a library can be imported."""
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def compare(name, backend_name, loader, images, labels, folder, rounds):
    """Print one line."""
    backend = formats.load(backend_name)
    store = folder / backend_name
    if not store.exists():
        backend.store(*in_one_piece(images, labels.astype(np.int64)), store)
    theirs, ours = [], []
    for number in range(rounds + 1):
        seconds, found = timed(lambda: np.array(list(loader(store))))
        own_seconds, [(own, _)] = timed(lambda: list(backend.read(store)))
        assert np.array_equal(found, images)
        assert np.array_equal(own, images)
        if number:  # the first round imports and fills caches
            theirs.append(seconds)
            ours.append(own_seconds)
    ratio = statistics.median(a / b for a, b in zip(theirs, ours, strict=True))
    each = [1e6 * statistics.median(times) / len(images) for times in (theirs, ours)]
    print(
        f"| {name} | `{backend_name}` | {each[0]:.1f} | {each[1]:.1f} | {ratio:.1f} |", flush=True
    )


def main():
    """Compare with every loader that is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    images, labels = make_images(options.images, seed=0)
    print("| loader | store | its µs an image | ours | ratio |\n| --- | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, backend_name, loader, module in LOADERS:
            if module and not is_there(module):
                print(f"| {name}: {module} is not installed | | | | |")
            else:
                compare(name, backend_name, loader, images, labels, Path(folder), options.rounds)


if __name__ == "__main__":
    main()
