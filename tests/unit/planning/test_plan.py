from itertools import pairwise

import pytest
from configs import check
from imagebench import operations, vocabulary
from imagebench.errors import BenchmarkError
from imagebench.planning.plan import BLOCK, Plan, settings_in, stored_in


def plan(**config):
    settings = {"cutoffs": [1, 10], "image_count": 20, "blocks": 2, "access": [], **config}
    every = {name: operations.load(name) for name in vocabulary.OPERATIONS}
    return Plan(check(**settings), ["disk", "raw"], every)


def test_each_record_has_a_path_of_its_own():
    some = plan(access=["read_batches", "read_first"], locations={"a": "/tmp", "b": "results"})
    records = [BLOCK.format(**cell) for cell in some.cells()]
    assert len(set(records)) == len(records) == 2 * 2 * 2 * (2 + 2 * 2 + 2)
    assert "a/disk/store_single/1/block-1" in records
    assert "b/raw/read_many/10/block-2" in records
    assert "b/raw/read_batches/20-batch_size=256/block-2" in records
    assert "b/raw/read_first/20/block-2" in records


def test_what_a_path_says_of_its_store_can_be_read_from_it():
    operation = "read_workers_forked"
    part = plan(access=[operation], workers=3, batch_size=7).part_for_access(operation)
    assert stored_in(part) == 20
    assert settings_in(part) == {"batch_size": 7, "workers": 3}
    assert stored_in("1") == 1
    assert settings_in("10") == {}


def test_block_one_of_everything_comes_before_block_two_of_anything():
    turns = plan(blocks=3).turns()
    assert [block for *_, block in turns] == sorted(block for *_, block in turns)
    orders = [[turn[:-1] for turn in turns if turn[-1] == block] for block in (1, 2, 3)]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1] != orders[2]


def test_more_blocks_leave_the_order_of_the_earlier_ones_as_it_was():
    assert plan(blocks=5).turns()[: len(plan(blocks=2).turns())] == plan(blocks=2).turns()
    assert plan(seed=1).turns() != plan(seed=0).turns()


def test_a_store_is_read_right_after_it_was_stored():
    some = plan()
    for turn, after in pairwise(some.turns()):
        location, backend, stored_by, part, block = turn
        read = stored_by.replace("store", "read")
        assert some.priority(*turn) < some.priority(location, backend, read, part, block)
        assert some.priority(*turn) > some.priority(*after)
    unplanned = some.priority("default", "disk", "read_many", "9", 1)
    assert unplanned < some.priority(*some.turns()[-1])


def test_what_is_stored_for_access_is_no_more_than_there_is():
    cells = plan(access=["read_random"], access_images=5).cells()
    assert {cell["stored_images"] for cell in cells if cell["operation"] == "read_random"} == {5}
    cells = plan(access=["read_random"], access_images=5000).cells()
    assert {cell["images"] for cell in cells if cell["operation"] == "read_random"} == {20}


def test_a_name_of_another_data_set_is_refused():
    assert check(name="mine")["name"] == "mine"
    assert check()["name"] == "lookalike"
    with pytest.raises(BenchmarkError, match="another data set"):
        check(name="cifar10")
