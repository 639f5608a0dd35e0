from functools import cache

import pytest
from imagebench.figures import registry
from pages import RUNS, page_of
from PIL import Image


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Empty pictures with the names of figures, as large as these; none is looked at."""
    folder = tmp_path_factory.mktemp("figures")
    for name in registry.on_page(registry.that_apply(5, 1)):
        Image.new("RGB", (1500, 900), "white").save(folder / f"{name}.png")
    return sorted(folder.iterdir())


@pytest.fixture(scope="session")
def page_of_run(tmp_path_factory, pictures):
    """The page of each run and its file, made when it is first asked for."""

    @cache
    def made(run):
        return page_of(RUNS[run](), tmp_path_factory.mktemp("page"), pictures=pictures)

    return made
