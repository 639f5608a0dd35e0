import re

import pytest
import yaml
from imagebench import backends
from imagebench.configuration import ConfigurationError, complete
from projects import ROOT

SCHEMA = ROOT / "workflow/schemas/config.schema.yaml"


def check(**config):
    return complete(config, SCHEMA, backends)


def test_an_empty_config_has_every_default_and_the_shipped_one_repeats_them():
    shipped = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    assert check() == check(**shipped)
    # None named is one in the results folder.
    assert check() == {**shipped, "locations": {"default": "results"}}


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
    with pytest.raises(ConfigurationError, match=r"cutoffs\[1\] is .* whole number") as error:
        check(cutoffs=[20, cutoff])
    assert repr(cutoff) in str(error.value)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"cutoffs": [10, 100, 10]}, "cutoffs has 10 twice"),
        ({"cutoffs": []}, r"cutoffs is \[\]"),
        ({"cutoffs": 10}, "cutoffs is 10; it must be a list"),
        ({"cutoffs": [10, 21], "image_count": 20}, "cutoffs has 21.*at most image_count, 20"),
        ({"backends": ["disk", "hdf"]}, "'hdf' .did you mean 'hdf5'.*disk, hdf5, hdf5_array, lmdb"),
        ({"backends": ["LMDB"]}, "did you mean 'lmdb'"),
        ({"backends": ["base"]}, "backends has 'base'"),
        ({"backends": ["disk", "disk"]}, "'disk' twice"),
        ({"cutofs": [10]}, "unknown key 'cutofs' .did you mean 'cutoffs'"),
        ({"cifar10": {"sha1": "0"}}, "unknown key 'cifar10.sha1'"),
        ({"cifar10": {"md5": "0"}}, "cifar10.md5 is '0'"),
        ({"cifar10": {"url": "ftp://example.org"}}, "cifar10.url is 'ftp"),
        ({"dataset": "imagenet"}, "dataset is 'imagenet'; it must be lookalike or cifar10"),
        ({"blocks": 0}, "blocks is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"image_count": "many"}, "image_count is 'many'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(config, message):
    with pytest.raises(ConfigurationError, match=message) as error:
        check(**config)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("locations", "words"),
    [
        ({"a b": "/tmp"}, "has the name 'a b'"),
        ({"a": 5}, "locations.a is 5; it must be the path of a folder"),
        ({"a": "/x/y", "b": "/x/../x/y/"}, "'/x/../x/y/' twice, as a and b"),
        ("/scratch", "a map of names"),
    ],
)
def test_locations_that_cannot_be_meant_are_refused(locations, words):
    with pytest.raises(ConfigurationError, match=re.escape(words)):
        check(locations=locations)
