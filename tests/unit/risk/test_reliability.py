"""Observers are believed as far as their record goes: assumed at first, measured from sixty blocks on."""

import json

import numpy as np
import pytest

from strandloom.risk.reliability import BLOCK_S, KEPT_PLANS, Reliability


def a_record(
    blocks: int, *, alike: bool, won_share: float = 0.5, pooled: float = 0.75, seed: int = 1
) -> Reliability:
    rng = np.random.default_rng(seed)
    table = Reliability()
    for i in range(blocks):
        for j in range(4):
            won = rng.random() < won_share
            first = float(rng.uniform(0.3, 0.7))
            second = first if alike else float(rng.uniform(0.3, 0.7))
            r_bps = 20.0 if won else -20.0
            said = {"statistics": first, "flow": second}
            table = table.with_plan(f"{i}.{j}", i * BLOCK_S, said, pooled, r_bps + float(rng.normal(0, 3)))
    return table


def test_before_sixty_blocks_nothing_is_claimed() -> None:
    table = a_record(59, alike=True)
    assert not table.known
    assert table.correlation() == 0.5
    assert table.calibrated(0.75) == 0.75


def test_observers_that_say_the_same_err_alike() -> None:
    assert a_record(80, alike=True).correlation() == pytest.approx(1.0)
    assert a_record(80, alike=False).correlation() < 0.95


def test_one_that_never_errs_differently_counts_as_fully_dependent() -> None:
    table = Reliability()
    for i in range(70):
        table = table.with_plan(str(i), i * BLOCK_S, {"a": 0.5, "b": 0.5}, 0.6, 10.0)
    assert table.correlation() == 1.0


def test_confidence_that_did_not_come_true_is_taken_down_and_the_contrary_up() -> None:
    assert a_record(120, alike=False, won_share=0.4).calibrated(0.75) < 0.2
    assert a_record(120, alike=False, won_share=0.6).calibrated(0.75) > 0.9
    assert a_record(120, alike=False, won_share=0.6).calibrated(0.35) == 0.35  # nothing is known of that bin


def test_the_same_plan_counts_once_and_old_blocks_go() -> None:
    table = Reliability().with_plan("p", 0, {"a": 0.6}, 0.6, 5.0)
    assert table.with_plan("p", 0, {"a": 0.6}, 0.6, 5.0) is table
    table = a_record(450, alike=False)
    assert [int(number) for number in (*table.blocks, *table.newest)] == list(range(50, 450))


def test_a_plan_is_remembered_while_dozens_of_others_end() -> None:
    table = Reliability().with_plan("p", 0, {"a": 0.6}, 0.6, 5.0)
    for i in range(KEPT_PLANS):
        table = table.with_plan(str(i), i * BLOCK_S // 20, {"a": 0.6}, 0.6, 5.0)
    assert table.with_plan("p", 0, {"a": 0.6}, 0.6, 5.0) is table
    table = table.with_plan("one too many", 3 * BLOCK_S, {"a": 0.6}, 0.6, 5.0)
    assert len(table.counted) == KEPT_PLANS + 1


def test_only_finished_blocks_are_believed() -> None:
    table = a_record(80, alike=False)
    again = table.with_plan("late", 79 * BLOCK_S, {"statistics": 0.9, "flow": 0.1}, 0.75, -500.0)
    assert again.newest["79"] != table.newest["79"]
    assert (again.correlation(), again.calibrated(0.75)) == (table.correlation(), table.calibrated(0.75))
    begun = again.with_plan("next", 80 * BLOCK_S, {"statistics": 0.5, "flow": 0.5}, 0.75, 5.0)
    assert begun.calibrated(0.75) < table.calibrated(0.75)


def test_a_plan_of_an_earlier_block_counts_there() -> None:
    table = a_record(80, alike=False)
    again = table.with_plan("very late", 12 * BLOCK_S, {"statistics": 0.9}, 0.75, -500.0)
    assert again.newest == table.newest
    assert {n for n in again.blocks if again.blocks[n] != table.blocks[n]} == {"12"}
    assert again.with_plan("very late", 12 * BLOCK_S, {"statistics": 0.9}, 0.75, -500.0) is again


def test_a_row_of_an_older_release_goes_on_where_it_stood() -> None:
    table = a_record(80, alike=False)
    row = table.to_row()
    whole = {**table.blocks, **table.newest}
    old = Reliability.of_row({"blocks": whole, "counted": row["counted"], "judged": row["judged"]})
    plans = (("same block", 79), ("next block", 80))
    for name, number in plans:
        table, old = (t.with_plan(name, number * BLOCK_S, {"flow": 0.7}, 0.75, 5.0) for t in (table, old))
    assert old == table


def test_a_row_that_went_through_json_says_the_same() -> None:
    table = a_record(70, alike=False)
    read = Reliability.of_row(json.loads(json.dumps(table.to_row(), sort_keys=True)))
    following = "next", 70 * BLOCK_S, {"statistics": 0.4, "flow": 0.6}, 0.75, 5.0
    assert json.dumps(read.with_plan(*following).to_row(), sort_keys=True) == json.dumps(
        table.with_plan(*following).to_row(), sort_keys=True
    )
