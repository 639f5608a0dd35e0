import pytest
from imagebench import code_digest
from imagebench.code_digest import code_digests


def test_a_script_brings_all_that_it_imports_and_nothing_else():
    found = set(code_digests("plot_figures.py"))
    assert {"plot_figures.py", "imagebench/figures/style.py", "imagebench/__init__.py"} <= found
    assert not any(wing in name for wing in ("formats/", "measuring/") for name in found)


def test_a_timed_script_brings_the_timing_core_but_no_backend_by_itself():
    found = set(code_digests("time_block.py"))
    assert {"imagebench/measuring/stopwatch.py", "imagebench/contract.py"} <= found
    assert "imagebench/formats/tutorial/disk.py" not in found
    assert "imagebench/formats/tutorial/disk.py" in code_digests(
        "time_block.py", "imagebench/formats/tutorial/disk.py"
    )
    assert not any(wing in name for wing in ("evidence", "page") for name in found)
    assert {name for name in found if "images/" in name and "__init__" not in name} == {
        f"imagebench/images/{name}.py"
        for name in ("arrays", "folder", "index", "prepared", "source")
    }


def test_an_edit_changes_the_digest_of_its_file_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(code_digest, "SCRIPTS", tmp_path)
    (tmp_path / "imagebench" / "wing").mkdir(parents=True)
    (tmp_path / "imagebench" / "__init__.py").touch()
    (tmp_path / "imagebench" / "wing" / "__init__.py").touch()
    (tmp_path / "imagebench" / "wing" / "one.py").write_text("from . import two\nimport os\n")
    (tmp_path / "imagebench" / "wing" / "two.py").write_text("from ..shared import x\n")
    (tmp_path / "imagebench" / "shared.py").write_text("x = 1\n")
    (tmp_path / "imagebench" / "unused.py").write_text("x = 2\n")
    (tmp_path / "script.py").write_text("def f():\n    import imagebench.wing.one\n")
    before = code_digests("script.py")
    assert set(before) == {
        "script.py", "imagebench/__init__.py", "imagebench/wing/__init__.py",
        "imagebench/wing/one.py", "imagebench/wing/two.py", "imagebench/shared.py",
    }  # fmt: skip
    (tmp_path / "imagebench" / "shared.py").write_text("x = 3\n")
    code_digest.digest_and_imports.cache_clear()  # a run takes code for what it was at its start
    after = code_digests("script.py")
    assert {name for name in before if before[name] != after[name]} == {"imagebench/shared.py"}


def test_a_script_that_does_not_exist_is_named():
    with pytest.raises(FileNotFoundError, match="no_such_script"):
        code_digests("no_such_script.py")


@pytest.mark.parametrize(
    ("was", "becomes", "is_other"),
    [
        ("x = 1", "# A comment.\nx = 1  # and one more", False),
        (
            "def f():\n    return 1",
            'def f():\n    """Say one."""\n    return (\n        1\n    )',
            False,
        ),
        ("class A:\n    label = 'a'\n    x = 1", "class A:\n    label = 'b'\n    x = 1", False),
        ("class A:\n    label = 'a'\n    x = 1", "class A:\n    label = 'a'\n    x = 2", True),
        ("label = 'a'", "label = 'b'", True),
        ("x = 'a'", "x = 'b'", True),
        ("def f():\n    return 1", "def f():\n    return 2", True),
    ],
)
def test_what_only_people_read_is_not_in_a_digest(was, becomes, is_other, tmp_path, monkeypatch):
    monkeypatch.setattr(code_digest, "SCRIPTS", tmp_path)
    found = []
    for text in (was, becomes):
        (tmp_path / "script.py").write_text(text)
        code_digest.digest_and_imports.cache_clear()
        found.append(code_digests("script.py"))
    assert (found[0] != found[1]) is is_other
