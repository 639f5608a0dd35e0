from imagebench import wording


def test_names_with_commas_are_set_apart():
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.listed(["LMDB, PNG", "b", "LMDB, raw"]) == "LMDB, PNG; b and LMDB, raw"
