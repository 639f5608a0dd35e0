import subprocess

from imagebench.measuring.footprint import footprint


def test_sizes_are_those_that_du_and_find_report(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for number in range(50):
        (tmp_path / "deep" / "er" / f"{number}.png").write_bytes(b"x" * (number * 300))
    with open(tmp_path / "sparse", "wb") as file:
        file.seek(10_000_000)
        file.write(b"end")
    size = footprint(tmp_path)
    du = subprocess.run(["du", "-s", "-B1", tmp_path], capture_output=True, check=True, text=True)
    assert size.bytes_allocated == int(du.stdout.split()[0])
    assert size.bytes_logical == sum(number * 300 for number in range(50)) + 10_000_003
    assert size.files == 51
    assert size.bytes_allocated < size.bytes_logical


def test_what_snakemake_leaves_is_not_counted(tmp_path):
    (tmp_path / "data").write_bytes(b"x" * 100)
    before = footprint(tmp_path)
    (tmp_path / ".snakemake_timestamp").write_bytes(b"not ours")
    assert footprint(tmp_path) == before
