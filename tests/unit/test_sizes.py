import pytest
from imagebench.sizes import readable_bytes


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1024, "1.0 KiB"), (12288, "12 KiB"), (412712960, "394 MiB"),
     (1 << 30, "1.0 GiB"), (5000 * (1 << 40), "5000 TiB")],
)  # fmt: skip
def test_bytes_are_written_as_people_do(size, words):
    assert readable_bytes(size) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(999, "999 B"), (12288, "12.0 KiB"), (412712960, "393.6 MiB"), (5000 * (1 << 40), "5000 TiB")],
)
def test_sizes_that_are_close_can_be_told_apart(size, words):
    assert readable_bytes(size, whole_from=1000) == words
