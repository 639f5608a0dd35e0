import datetime
import json
import math
import re
import subprocess

import pytest
import yaml
from configs import check
from imagebench import formats, operations
from imagebench.configuration import checked_by, complete, place_of, typed
from imagebench.errors import BenchmarkError
from projects import ROOT
from snakemake.cli import parse_config

SCHEMA = ROOT / "workflow/scripts/imagebench/schemas/config.schema.yaml"


def test_an_empty_config_has_every_default_and_the_shipped_one_repeats_them():
    shipped = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    assert check() == check(**shipped)
    # Name and number of images are those of the data set; no location is one in the results folder.
    filled = {"name": "lookalike", "locations": {"default": "results"}, "minutes": 0}
    filled["image_count"] = 100_000
    filled["use"] = check()["use"]
    assert filled["use"].keys() == {"training"}
    assert filled["use"]["training"]["access"] == "read_batches"
    assert check() == {**shipped, **filled}


def described(schema, above=""):
    for name, part in schema["properties"].items():
        yield above + name, part
        if "properties" in part:
            yield from described(part, f"{above}{name}.")


def test_every_key_has_a_type_a_description_a_default_and_a_place_in_the_guide():
    guide = (ROOT / "config/README.md").read_text(encoding="utf-8")
    for name, part in described(yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))):
        assert {"type", "description", "default", "allowed"} <= set(part), name
        assert f"`{name}`" in guide, f"config/README.md does not explain {name}"


@pytest.mark.parametrize("file", sorted((ROOT / "config").glob("*.yaml")), ids=lambda f: f.name)
def test_every_shipped_config_can_be_used(file):
    assert check(**yaml.safe_load(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("cutoff", [0, -1, 2.5, 10.0, "ten", True, None, [1]])
def test_a_cutoff_that_is_no_whole_number_of_at_least_one_is_refused(cutoff):
    with pytest.raises(BenchmarkError, match=r"cutoffs\[1\] is .* whole number") as error:
        check(cutoffs=[20, cutoff])
    assert repr(cutoff) in str(error.value)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"cutoffs": [10, 100, 10]}, "cutoffs has 10 twice"),
        ({"cutoffs": []}, r"cutoffs is \[\]"),
        ({"cutoffs": 10}, "cutoffs is 10; it must be a list"),
        ({"cutoffs": [10, 21], "image_count": 20}, "cutoffs has 21.*at most image_count, 20"),
        ({"backends": ["disk", "hdf"]}, "'hdf' .did you mean 'hdf5'.*hdf5_array, in_place, lmdb"),
        ({"backends": ["LMDB"]}, "did you mean 'lmdb'"),
        ({"backends": ["base"]}, "backends has 'base'"),
        ({"backends": ["disk", "disk"]}, "'disk' twice"),
        ({"cutofs": [10]}, "unknown key 'cutofs' .did you mean 'cutoffs'"),
        ({"cifar10": {"sha1": "0"}}, "unknown key 'cifar10.sha1'"),
        ({"cifar10": {"md5": "0"}}, "cifar10.md5 is '0'"),
        ({"cifar10": {"url": "ftp://example.org"}}, "cifar10.url is 'ftp"),
        ({"dataset": "imagenet"}, "dataset is 'imagenet'; it must be lookalike, cifar10,"),
        ({"blocks": 0}, "blocks is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"image_count": "many"}, "image_count is 'many'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(config, message):
    with pytest.raises(BenchmarkError, match=message) as error:
        check(**config)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "cutoffs=[10,20]",
        "cutoffs=[10, all]",
        "backends=[disk, lmdb]",
        "access=[]",
        "use={mine: {epochs: 30, needed_per_second: 2.5, most_files: null, cache: null}}",
        "use={mine: {lossless: false, keep_originals: yes, needed_per_second: 100, cache: cold}}",
        "use={a: {}, b: {images: 1_000, access: null}}",
        "folder={path: 2024, mode: null, resize: 64}",
        "folder={path: '~', labels: none, largest_pixels: 5}",
        "arrays={images: 5.npy, labels: null}",
        "cifar10={md5: 00000000000000000000000000000000}",
        "locations={a: /tmp, 5: '10'}",
        "image_count=null",
        "seed=5",
    ],
)
def test_a_value_on_the_command_line_is_what_it_is_in_a_file(text):
    key, value = text.split("=", 1)
    in_file = {key: yaml.safe_load(value)}
    if key == "folder":
        in_file["folder"]["path"] = str(in_file["folder"]["path"])
    if key == "cifar10":
        in_file = {"cifar10": {"md5": "0" * 32}}
    if key == "locations":
        in_file = {"locations": {"a": "/tmp", "5": "10"}}
    assert check(**parse_config([text])) == check(**in_file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cutoffs=[10,ten]", "cutoffs[1] is 'ten'; it must be a whole number"),
        ("cutoffs=[10,0]", "cutoffs[1] is 0; it must be a whole number"),
        ("cutoffs=[10, 2.5]", "cutoffs[1] is '2.5'"),
        ("cutoffs=[10, 10]", "cutoffs has 10 twice"),
        ("cutoffs=[10, 1_0]", "cutoffs has 10 twice"),
        ("use={mine: {epochs: 2020-99-99}}", "use.mine.epochs is '2020-99-99'"),
        ("use={mine: {epochs: '{'}}", "use.mine.epochs is '{'"),
        ("use={mine: {epochs: true}}", "use.mine.epochs is 'true'"),
        ("use={mine: {lossless: 1}}", "use.mine.lossless is '1'; it must be true or false"),
        ("use={mine: {epoch: 5}}", "unknown key 'use.mine.epoch'"),
        ("use={mine: 5}", "use.mine is '5'; it must be a map"),
        ("folder={resize: }", "folder.resize is ''"),
        ("use=5", "use is 5; it must be a map"),
    ],
)
def test_a_value_on_the_command_line_that_does_not_fit_is_named(text, message):
    with pytest.raises(BenchmarkError, match=re.escape(message)):
        check(**parse_config([text]))


@pytest.mark.parametrize(
    ("schema", "texts", "found"),
    [
        ({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, ["7", "no"], [7, False]),
        ({"oneOf": [{"type": "integer", "maximum": 5}, {"type": "string"}]}, ["5", "7"], [5, "7"]),
        ({"patternProperties": {"^n": {"type": "number"}}}, [{"n": "1"}], [{"n": 1}]),
        ({"patternProperties": {"^n": {"type": "number"}}}, [{"m": "1"}], [{"m": "1"}]),
        ({"additionalProperties": {"items": {"type": "integer"}}}, [{"a": ["1"]}], [{"a": [1]}]),
        ({"type": ["null", "integer"]}, ["Null", "", "~", "1.0"], [None, "", "~", "1.0"]),
        ({"type": "string"}, ["1", "null", "true"], ["1", "null", "true"]),
    ],
)  # fmt: skip
def test_a_schema_of_any_form_says_what_text_becomes(schema, texts, found):
    _, validator = checked_by(SCHEMA)
    assert typed(texts, {"items": schema}, validator) == found


@pytest.mark.parametrize(
    ("locations", "words"),
    [
        ({"a b": "/tmp"}, "has the name 'a b'"),
        ({"a": "/tmp", 5: "/var"}, "has the name 5; names must be made of letters"),
        ({None: "/tmp"}, "has the name None"),
        ({"abc\n": "/tmp"}, r"has the name 'abc\n'"),
        ({"a" * 300: "/tmp"}, "at most 100 characters"),
        ({"a": "/tmp\n"}, r"locations.a is '/tmp\n'; it must be the path of a folder"),
        ({"a": "/tmp\0"}, r"locations.a is '/tmp\x00'"),
        ({"a": ""}, "locations.a is ''"),
        ({"a": 5}, "locations.a is 5; it must be the path of a folder"),
        ({"a": "/x/y", "b": "/x/../x/y/"}, "'/x/../x/y/' twice, as a and b"),
        ("/scratch", "a map of names"),
    ],
)
def test_locations_that_cannot_be_meant_are_refused(locations, words):
    with pytest.raises(BenchmarkError, match=re.escape(words)):
        check(locations=locations)


ODD = [
    None, True, -1, 0, 2.5, math.nan, math.inf, 2**64, 10**27, -(10**27), "", "abc\n", "{x}", "***",
    "caf\xe9", "a" * 300, b"ab", datetime.date(2020, 1, 1), [], [[]], [None], [{}], [2.5], [10**27],
    ["abc\n"], ["a" * 300], [math.nan, math.nan], [True, 1], {}, {5: "x"}, {None: []}, {"abc\n": 1},
    ["a" * 300] * 500,
]  # fmt: skip
FIT = [("name", None), ("seed", 0), ("access", []), ("locations", {}), ("minutes", 0)]
FIT += [(key, {}) for key in ("cifar10", "cifar100", "folder", "arrays")]
FIT += [(key, None) for key in ("folder.path", "arrays.images", "arrays.labels", "minutes")]
FIT += [("use", {}), ("folder.mode", None), ("folder.resize", None), ("image_count", None)]
TEXTS = ["{x}", "***", "caf\xe9", "a" * 300]
FIT += [(key, text) for key in ("folder.path", "folder.labels") for text in TEXTS]
FIT += [(key, text) for key in ("arrays.images", "arrays.labels") for text in TEXTS[1:]]
SCHEMA_KEYS = dict(described(yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("key", SCHEMA_KEYS)
def test_whatever_a_key_is_given_the_message_names_it_and_what_is_allowed(key):
    *above, last = key.split(".")
    for value in ODD:
        config = {above[0]: {last: value}} if above else {last: value}
        if (key, value) in FIT:
            check(**config)
            continue
        with pytest.raises(BenchmarkError) as error:
            check(**config)
        message = str(error.value)
        assert message.startswith((f"config: {key}", f"config: unknown key '{key}"))
        assert message.isprintable()
        assert len(message) < 800, message


@pytest.mark.parametrize("key", [None, 5, True, "abc\n", "{x}", "a" * 300, ""])
def test_whatever_a_key_is_called_the_message_says_which_there_are(key):
    for config in ({key: 1}, {"cifar10": {key: 1}}):
        with pytest.raises(BenchmarkError, match=r"unknown key .*; the keys are .*") as error:
            complete(config, SCHEMA, formats, operations)
        assert str(error.value).isprintable()
        assert len(str(error.value)) < 300


@pytest.mark.parametrize("key", [key for key, part in SCHEMA_KEYS.items() if "maximum" in part])
def test_the_largest_number_is_told_by_the_message_and_the_guide(key):
    largest = SCHEMA_KEYS[key]["maximum"]
    *above, last = key.split(".")

    def given(value):
        return check(dataset="folder", **({above[0]: {last: value}} if above else {last: value}))

    found = given(largest)
    assert (found[above[0]] if above else found)[last] == largest
    with pytest.raises(BenchmarkError, match=f"{key} is {largest + 1}.* {largest:,}|{largest}"):
        given(largest + 1)
    guide = (ROOT / "config/README.md").read_text(encoding="utf-8")
    told = guide.split(f"\n`{key}`\n")[1].split("\n\n")[0]
    assert f"{largest:,}" in told or "64 bits" in told


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_line_break_at_the_end_belongs_to_the_value(end):
    for key, value in (("url", "https://example.org"), ("md5", "0" * 32)):
        if not end:
            assert check(cifar10={key: value})["cifar10"][key] == value
            continue
        with pytest.raises(BenchmarkError, match=f"cifar10.{key} is"):
            check(cifar10={key: value + end})


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("büro kätzchen", "buro-katzchen"),
        ("Straße (2024)", "Strasse-2024"),
        ("a$HOME.d", "a-HOME-d"),
        ("my_photos-1", "my_photos-1"),
        ("写真", "folder-"),
        ("絵", "folder-"),
    ],
)
def test_results_are_called_after_the_folder_in_plain_letters(tmp_path, folder, name):
    (tmp_path / folder).mkdir()
    found = check(dataset="folder", folder={"path": str(tmp_path / folder)})["name"]
    assert found == name if name[-1] != "-" else re.fullmatch(f"{name}[0-9a-f]{{6}}", found)
    others = check(dataset="folder", folder={"path": str(tmp_path / "図")})["name"]
    assert found != others


@pytest.mark.parametrize(
    "folder",
    ["~/photos", "a$HOME/b$$c", "it's here", 'a "quoted" one', "(with) #all; |kinds&", "{x}"],
)
def test_make_hands_on_the_folder_as_it_was_typed(tmp_path, folder):
    shown = [
        "make",
        "-s",
        "-f",
        str(ROOT / "Makefile"),
        "--eval",
        "show: ; @$(NAME_FOLDER)",
        "show",
    ]
    subprocess.run([*shown, f"FOLDER={folder}"], cwd=tmp_path, check=True)
    [file] = tmp_path.rglob("folder.json")
    assert json.loads(file.read_text(encoding="utf-8")) == {"folder": {"path": folder}}


def test_a_folder_is_found_by_the_name_that_it_has_before_variables_are_filled_in(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("photos", "elsewhere")
    (tmp_path / "my $photos").mkdir()
    assert place_of("~/my $photos") == tmp_path / "my $photos"
    assert place_of("~/other $photos") == tmp_path / "other elsewhere"
    assert place_of("$HOME/x") == tmp_path / "x"
