import pytest
from imagebench import code_digest
from imagebench.code_digest import code_digests


def test_a_script_brings_all_that_it_imports_and_nothing_else():
    found = set(code_digests("plot_figures.py"))
    assert {"plot_figures.py", "imagebench/figures/style.py", "imagebench/__init__.py"} <= found
    assert not any("backends" in name or "measurement" in name for name in found)


def test_a_timed_script_brings_the_timing_core_but_no_backend_by_itself():
    found = set(code_digests("store_many.py"))
    assert {"imagebench/measuring/clock.py", "imagebench/formats/base.py"} <= found
    assert "imagebench/formats/tutorial/disk.py" not in found
    assert "imagebench/formats/tutorial/disk.py" in code_digests(
        "store_many.py", "imagebench/formats/tutorial/disk.py"
    )
    assert not any("analysis" in name or "datasets" in name for name in found)


def test_an_edit_changes_the_digest_of_its_file_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(code_digest, "SCRIPTS", tmp_path)
    (tmp_path / "package" / "wing").mkdir(parents=True)
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "package" / "wing" / "__init__.py").touch()
    (tmp_path / "package" / "wing" / "one.py").write_text("from . import two\nimport os\n")
    (tmp_path / "package" / "wing" / "two.py").write_text("from ..shared import x\n")
    (tmp_path / "package" / "shared.py").write_text("x = 1\n")
    (tmp_path / "package" / "unused.py").write_text("x = 2\n")
    (tmp_path / "script.py").write_text("def f():\n    import package.wing.one\n")
    before = code_digests("script.py")
    assert set(before) == {
        "script.py", "package/__init__.py", "package/wing/__init__.py",
        "package/wing/one.py", "package/wing/two.py", "package/shared.py",
    }  # fmt: skip
    (tmp_path / "package" / "shared.py").write_text("x = 3\n")
    code_digest.digest_and_imports.cache_clear()  # a run takes code for what it was at its start
    after = code_digests("script.py")
    assert {name for name in before if before[name] != after[name]} == {"package/shared.py"}


def test_a_script_that_does_not_exist_is_named():
    with pytest.raises(FileNotFoundError, match="no_such_script"):
        code_digests("no_such_script.py")
