"""Beside pyproject.toml: which folders become the installed package."""

from setuptools import find_namespace_packages, setup

SCRIPTS = "workflow/scripts"

setup(
    packages=[*find_namespace_packages(SCRIPTS), "imagebench.scripts"],
    # Scripts of rules are looked at, to see whether they have changed, and never imported.
    package_dir={"": SCRIPTS, "imagebench.scripts": SCRIPTS},
    package_data={"": ["*.jinja", "*.css", "*.yaml"]},
    include_package_data=False,
)
