"""Fetching an archive: over http, https or from a file, checked before it counts as there."""

import hashlib
import logging
import shutil
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pooch
import requests
import tenacity
from tqdm import tqdm

from ..errors import BenchmarkError
from ..files import published_file

SCHEMES = ("https", "http", "file")
TRIES = 4
FIRST_WAIT_SECONDS = 2.0
TIMEOUT_SECONDS = 30.0


def fetch_archive(
    url: str, md5: str, target: Path, first_wait: float = FIRST_WAIT_SECONDS, progress: bool = True
) -> None:
    """Fetch a file, and keep it only if it has the expected hash.

    Servers that are busy, slow or break off are asked up to four times, with waits that double.

    Args:
        url: where it is: https, http or file.
        md5: what it must hash to, 32 hexadecimal digits.
        target: the file to make.
        first_wait: seconds before the second try.
        progress: whether to draw a progress bar on standard error.

    Raises:
        BenchmarkError: if it cannot be had, or is not what was expected; nothing is kept then.
    """
    if urlsplit(url).scheme not in SCHEMES:
        raise BenchmarkError(f"cannot download {url}: only {', '.join(SCHEMES)} addresses can be")
    with published_file(target) as partial:
        if urlsplit(url).scheme == "file":
            copy_file(url, partial)
        else:
            retrieve(url, partial, first_wait, progress)
        found = md5_of(partial)
        if found != md5.lower():
            raise BenchmarkError(
                f"{url} is not the expected archive: its MD5 is {found}, not {md5.lower()}; "
                "nothing was kept: check cifar10.url and cifar10.md5 in the config"
            )


def copy_file(url: str, target: Path) -> None:
    """Copy the file that a file:// address names."""
    source = Path(url2pathname(urlsplit(url).path))
    if not source.is_file():
        raise BenchmarkError(f"cannot read {url}: there is no file {source}; check cifar10.url")
    shutil.copyfile(source, target)


def retrieve(url: str, target: Path, first_wait: float, progress: bool) -> None:
    """Download over the network with bounded retries.

    Raises:
        BenchmarkError: naming what the server said last, and how often it was asked.
    """

    def download() -> None:
        # Closed whatever happens, so that what is said of a failure starts on a line of its own.
        # The total is pooch's to set; a bar without any counts as no bar.
        with tqdm(total=1, unit="B", unit_scale=True, disable=not progress) as bar:
            downloader = pooch.HTTPDownloader(
                progressbar=bar if progress else False,
                timeout=TIMEOUT_SECONDS,
                headers={"Accept-Encoding": "identity"},
            )
            downloader(url, str(target), None)

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(is_passing),
        wait=tenacity.wait_exponential(multiplier=first_wait, min=first_wait),
        stop=tenacity.stop_after_attempt(TRIES),
        before_sleep=tenacity.before_sleep_log(logging.getLogger("imagebench"), logging.WARNING),
        reraise=True,
    )
    try:
        retrying(download)
    except requests.exceptions.RequestException as error:
        tries = retrying.statistics.get("attempt_number", 1)
        raise BenchmarkError(
            f"cannot download {url}: {error} (asked {tries} {'time' if tries == 1 else 'times'}); "
            "check the network and cifar10.url, then run again"
        ) from error


def is_passing(error: BaseException) -> bool:
    """Say whether asking again may help: not where the server says that the request is wrong."""
    if not isinstance(error, requests.exceptions.RequestException):
        return False
    if error.response is None:
        return not isinstance(error, requests.exceptions.InvalidURL)
    return error.response.status_code >= 500 or error.response.status_code in (408, 429)


def md5_of(path: Path) -> str:
    """MD5 of a file in hexadecimal; it guards against damage, as the data set's own page does."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
