"""Checking a config before any job runs, and filling in its defaults."""

import copy
import hashlib
import os
import re
import reprlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import jsonschema
import yaml

from .discover import suggestion
from .errors import BenchmarkError


class PlugIns(Protocol):
    """What there is to choose from: formats, or operations."""

    def is_known(self, name: str) -> bool:
        """Whether there is one of this name that a config can choose."""

    def what_there_is(self, name: str) -> str:
        """Say for an unknown name which are known, and which are near."""


SCHEMA_FILE = Path(__file__).parent / "schemas/config.schema.yaml"


def complete(
    config: Mapping[str, Any], schema_file: Path, backends: PlugIns, access: PlugIns
) -> dict[str, Any]:
    """Check a config and give it back with every default filled in.

    Args:
        config: what the user wrote, as read from YAML.
        schema_file: the JSON schema, whose ``allowed`` entries say in words what a value may be.
        backends: those that exist.
        access: the operations that exist.

    Raises:
        BenchmarkError: for the first thing that is wrong.
    """
    schema, validator = checked_by(schema_file)
    config = typed(dict(config), schema, validator)
    for error in sorted(validator.iter_errors(config), key=lambda error: name_of(error.path)):
        raise BenchmarkError(explain(error))
    completed = with_defaults(config, schema)
    for key, there_are in (("backends", backends), ("access", access)):
        check_names(key, completed[key], there_are)
    if completed["image_count"] is None and completed["dataset"] not in OWN:
        completed["image_count"] = IMAGE_COUNT
    if completed["image_count"] is not None and completed["dataset"] != "folder":
        completed["cutoffs"] = cutoffs_of(completed["cutoffs"], completed["image_count"])
        check_cutoffs(completed["cutoffs"], completed["image_count"])
    check_uses(completed, schema["properties"]["use"]["additionalProperties"])
    completed["locations"] = completed["locations"] or {"default": "results"}
    if completed["minutes"] is None:
        completed["minutes"] = MINUTES if completed["dataset"] == "folder" else 0
    elif completed["minutes"] and completed["dataset"] != "folder":
        raise BenchmarkError(
            "config: minutes goes with dataset: folder; of other data sets, all is measured that "
            "the config names"
        )
    completed["name"] = completed["name"] or name_of_data(completed)
    if (
        completed["name"] != completed["dataset"]
        and completed["name"] in schema["properties"]["dataset"]["enum"]
    ):
        raise BenchmarkError(
            f"config: name is {completed['name']!r}, which is another data set than dataset, "
            f"{completed['dataset']}: take another name"
        )
    check_locations(completed["locations"])
    return completed


@cache
def checked_by(schema_file: Path) -> tuple[Any, Any]:
    """Return a schema and what checks a config by it; both are made once, and never changed."""
    schema = yaml.safe_load(schema_file.read_text(encoding="utf-8"))
    extend: Any = jsonschema.validators.extend
    validator = extend(
        jsonschema.Draft202012Validator, {"pattern": check_whole}, type_checker=WHOLE_NUMBERS
    )(schema)
    return schema, validator


def typed(value: Any, schema: Mapping[str, Any], validator: Any) -> Any:
    """Return a part of a config in which each text has the type that its schema asks for.

    Snakemake passes nested values of ``--config`` as text. A text is read as in a YAML file, and
    stays as it is if the schema does not allow the result.
    """
    for choice in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        found = typed(value, choice, validator)
        if validator.evolve(schema=choice).is_valid(found):
            return found
    if isinstance(value, dict):
        return {key: typed(part, schema_of(key, schema), validator) for key, part in value.items()}
    if isinstance(value, list):
        return [typed(part, schema.get("items", {}), validator) for part in value]
    if not isinstance(value, str):
        return value
    found = read_as_yaml(value)
    types = {"type": schema.get("type", [])}
    return found if validator.evolve(schema=types).is_valid(found) else value


def schema_of(key: Any, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of one key of an object; an empty one if it has none."""
    parts = [part for name, part in schema.get("properties", {}).items() if name == key]
    patterns = schema.get("patternProperties", {}).items()
    parts += [part for pattern, part in patterns if re.search(pattern, str(key))]
    parts += [schema.get("additionalProperties")]
    return parts[0] if isinstance(parts[0], Mapping) else {}


def read_as_yaml(text: str) -> Any:
    """Return the number, boolean or null that a text is in YAML; of any other text, the text."""
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return text
    # A path may be ~, and nothing at all is not null.
    is_one = isinstance(found, int | float) or text.lower() == "null"
    return found if is_one else text


OWN = ("folder", "arrays")
"""Data sets of which all images are taken, unless the config says how many."""

IMAGE_COUNT = 100_000
"""That the tutorial makes of CIFAR-10."""

MINUTES = 15
"""That a run with a folder may take, unless the config says how many."""


def ready_made(folder: Path | None) -> list[str]:
    """Return the formats of the ready-made config that measures most of them.

    Args:
        folder: of the ready-made configs; None if the workflow is not on this machine.
    """
    if folder is None or not (file := folder / "formats.yaml").exists():
        return []
    found: list[str] = yaml.safe_load(file.read_text(encoding="utf-8"))["backends"]
    return found


def name_of_data(config: Mapping[str, Any]) -> str:
    """Name results after their data set; those of a folder after the folder."""
    if config["dataset"] != "folder" or not config["folder"]["path"]:
        return str(config["dataset"])
    path = str(place_of(config["folder"]["path"]))
    letters = unicodedata.normalize("NFKD", os.path.basename(path).translate(LETTERS))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-_")[:100]
    # Of a name without a Latin letter or a digit, a hash tells one from another.
    return name or f"folder-{hashlib.sha256(os.fsencode(path)).hexdigest()[:6]}"


LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
     "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i"}
)  # fmt: skip
"""Letters that Unicode takes apart into no Latin ones."""


def place_of(path: str) -> Path:
    """Return the absolute path that a config names; a $ counts as a variable unless it is there."""
    place = Path(path).expanduser()
    return (place if place.exists() else Path(os.path.expandvars(path)).expanduser()).absolute()


def cutoffs_of(cutoffs: Iterable[int | str], count: int) -> list[int]:
    """Put the number of images in the place of "all", once."""
    return list(dict.fromkeys(count if cutoff == "all" else int(cutoff) for cutoff in cutoffs))


def fitted(config: Mapping[str, Any], count: int) -> dict[str, Any]:
    """Fit a config to so many images: cutoffs beyond them become all of them."""
    cutoffs = [min(cutoff, count) for cutoff in cutoffs_of(config["cutoffs"], count)]
    return {**config, "image_count": count, "cutoffs": list(dict.fromkeys(cutoffs))}


def is_whole(_: object, value: object) -> bool:
    """Take 10 for a whole number, but neither 10.0, which would name other files, nor true."""
    return isinstance(value, int) and not isinstance(value, bool)


WHOLE_NUMBERS = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", is_whole)


SHORT = reprlib.Repr()
SHORT.maxstring = SHORT.maxlong = SHORT.maxother = 60
"""Values in messages are cut in the middle, so that a message stays one line."""


def check_whole(
    _: object, pattern: str, value: object, __: object
) -> Iterator[jsonschema.ValidationError]:
    """Let a pattern stand for the whole of a text: by itself, $ leaves a line break at its end."""
    if isinstance(value, str) and not re.fullmatch(pattern, value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


def with_defaults(config: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a config, adding the schema's default for each key that it does not have."""
    completed = copy.deepcopy(dict(config))
    for key, part in schema["properties"].items():
        completed.setdefault(key, copy.deepcopy(part["default"]))
        if "properties" in part:
            completed[key] = with_defaults(completed[key], part)
    return completed


def explain(error: jsonschema.ValidationError) -> str:
    """Say in one line which key is wrong, what it is, and what it may be."""
    key = name_of(error.path)
    schema: Any = error.schema
    value: Any = error.instance
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        unknown = sorted(set(value) - set(known), key=str)[0]
        return (
            f"config: unknown key {SHORT.repr(name_of([*error.path, unknown]))}"
            f"{suggestion(str(unknown), known)}; the keys are {', '.join(known)}"
        )
    if "propertyNames" in error.absolute_schema_path:
        return f"config: {key} has the name {SHORT.repr(value)}; names must be {schema['allowed']}"
    if error.validator == "uniqueItems":
        twice = next(entry for entry in value if value.count(entry) > 1)
        return f"config: {key} has {SHORT.repr(twice)} twice; it must be {schema['allowed']}"
    allowed = schema.get("allowed", error.message)
    return f"config: {key or 'the config'} is {SHORT.repr(value)}; it must be {allowed}"


def name_of(path: Iterable[Any]) -> str:
    """Write the place of a value as people do: cifar10.url, cutoffs[2]."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name


def check_names(key: str, names: Iterable[str], there_are: PlugIns) -> None:
    """Refuse a format or an operation that does not exist."""
    for name in names:
        if not there_are.is_known(name):
            raise BenchmarkError(
                f"config: {key} has {SHORT.repr(name)}{there_are.what_there_is(name)}"
            )


def check_cutoffs(cutoffs: Iterable[int], image_count: int) -> None:
    """Refuse a cutoff for which there are not enough images."""
    for cutoff in cutoffs:
        if cutoff > image_count:
            raise BenchmarkError(
                f"config: cutoffs has {cutoff}; it must be at most image_count, {image_count}"
            )


def check_uses(completed: dict[str, Any], schema: Mapping[str, Any]) -> None:
    """Complete each use, and refuse one of a way of access that is not measured."""
    measured = [*completed["access"], "read_many"]
    uses = completed["use"] or {"training": {}}
    completed["use"] = {name: with_defaults(use, schema) for name, use in uses.items()}
    for name, use in completed["use"].items():
        use["access"] = use["access"] or next(
            (way for way in TRAINING if way in measured), measured[0]
        )
        if use["access"] not in measured:
            raise BenchmarkError(
                f"config: use.{name}.access is {SHORT.repr(use['access'])}, which is not measured; "
                f"it must be {', '.join(measured)}: add it to access"
            )


TRAINING = ("read_crops", "read_batches", "read_buffered")
"""Ways of access that training asks for, the likeliest first."""


def check_locations(locations: Mapping[str, str]) -> None:
    """Refuse one folder under two names: the comparison would be of the folder with itself."""
    names: dict[str, str] = {}
    for name, folder in locations.items():
        place = os.path.abspath(os.path.expanduser(os.path.expandvars(folder)))
        if place in names:
            raise BenchmarkError(
                f"config: locations has {SHORT.repr(folder)} twice, as {names[place]} and {name}; "
                "they must be different folders"
            )
        names[place] = name
