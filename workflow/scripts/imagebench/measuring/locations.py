"""Where stores are kept: folders with names, on as many file systems as one wants to compare."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from ..errors import BenchmarkError
from .room import IN_MEMORY, filesystem

INSIDE = Path("results")


def require_results_folder(folder: Path) -> None:
    """Refuse to begin where no job could leave its results or even its log.

    Raises:
        BenchmarkError: if it is a file, a link to nothing or cannot be written.
    """
    if folder.is_symlink() and not folder.exists():
        raise BenchmarkError(
            f"{folder.absolute()} is a link to {os.readlink(folder)}, which is not there: make "
            "that folder, mount it, or remove the link"
        )
    if folder.exists() and not folder.is_dir():
        raise BenchmarkError(
            f"{folder.absolute()} is a file, but results are to be in a folder of that name: move "
            "it away"
        )
    place = folder if folder.exists() else folder.absolute().parent
    if not os.access(place, os.W_OK):
        raise BenchmarkError(
            f"cannot write into {place.absolute()}: make it writable, or run in another folder"
        )


def expanded(folder: str) -> Path:
    """Fill in the home folder and variables such as ``$SCRATCH``.

    Raises:
        BenchmarkError: for a variable that is not set here.
    """
    path = os.path.expanduser(os.path.expandvars(folder))
    if "$" in path:
        raise BenchmarkError(
            f"locations has {folder!r}, in which a variable is not set here: write the folder's "
            "path, or set the variable"
        )
    return Path(path)


def is_inside(folder: str) -> bool:
    """Whether stores lie right in the results folder, without a detour."""
    return Path(os.path.abspath(expanded(folder))) == Path(os.path.abspath(INSIDE))


def is_in_memory(folder: str) -> bool:
    """Whether the folder of a location lies on a file system in memory, such as /dev/shm."""
    return filesystem(expanded(folder).absolute())[0] in IN_MEMORY


def is_here(folder: str) -> bool:
    """Whether this machine sees the folder of a location."""
    return is_inside(folder) or expanded(folder).is_dir()


def place_of(name: str, folder: str, dataset: str) -> Path:
    """Name the folder that the stores of a location are in.

    Below a folder of somebody's choice it is one of our own, with a name of its own for each folder
    of results, so that two runs never share one.
    """
    if is_inside(folder):
        return INSIDE / dataset / "stores" / name
    mark = hashlib.sha256(os.path.abspath(INSIDE).encode()).hexdigest()[:8]
    return expanded(folder) / f"image-storage-bench-{mark}" / dataset


def link(name: str, folder: str, dataset: str) -> None:
    """Let ``results/{dataset}/stores/{name}`` lead to the folder of a location.

    Paths below results are the same wherever stores are kept, so that rules need not know.

    Raises:
        BenchmarkError: if something else is in the way.
    """
    place = place_of(name, folder, dataset)
    path = INSIDE / dataset / "stores" / name
    if place == path:
        if path.is_symlink():
            path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    target = Path(os.path.abspath(place))
    if path.is_symlink():
        if Path(os.readlink(path)) == target:
            return
        path.unlink()
    elif path.exists():
        remove_empty(path)
        if path.exists():
            raise BenchmarkError(
                f"location {name} is to be in {folder}, but {path} holds stores of an earlier run: "
                f"delete {path} and run again"
            )
    path.symlink_to(target, target_is_directory=True)


def make_ready(name: str, folder: str, dataset: str) -> Path:
    """Make the folder of a location on this machine, within the one that the user named.

    Raises:
        BenchmarkError: if the user's folder does not exist here (it may be a file system that is
            not mounted: nothing must be written in its stead), or cannot be written.
    """
    top = INSIDE if is_inside(folder) else expanded(folder)
    if not is_inside(folder) and not top.is_dir():
        raise BenchmarkError(
            f"location {name}: there is no folder {top} on {os.uname().nodename}: make it, mount "
            "it, or name another one in locations"
        )
    place = place_of(name, folder, dataset)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BenchmarkError(
            f"location {name}: cannot write into {top} ({error.strerror}): check who may write "
            "there, or name another folder in locations"
        ) from error
    if not os.access(place, os.W_OK):
        raise BenchmarkError(
            f"location {name}: cannot write into {place}: check who may write there, or name "
            "another folder in locations"
        )
    return place


def clear(name: str, folder: str, dataset: str) -> None:
    """Take away the folders and the link of a location, as far as they are empty."""
    if is_inside(folder):
        remove_empty(INSIDE / dataset / "stores")
        return
    place = place_of(name, folder, dataset)
    remove_empty(place)
    with suppress(OSError):
        place.parent.rmdir()
    path = INSIDE / dataset / "stores" / name
    if path.is_symlink() and not place.exists():
        path.unlink()


def remove_empty(folder: Path) -> None:
    """Remove a folder and those within it that hold no file."""
    for place, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            os.rmdir(place)
