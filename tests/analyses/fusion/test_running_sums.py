from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given

from influence_graph.analyses.fusion.running_sums import RunningSums, half_lives_of
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion.events import corrected_ledgers, day, frame, ledgers, quick, with_rivals


def no_consumers(ids):
    return np.empty(0, np.int64)


def sums_of(events, policy=None):
    return RunningSums.of(read_ledger(frame(events)), policy or FusionPolicy())


def event(number, at, **changes):
    plain = {"event_id": f"e{number}", "at": day(at), "consumer": "ann", "brand": "atlas", "points": 8.0}
    return {**plain, **changes}


def test_no_events_have_no_scores_and_no_latest_time():
    sums = RunningSums.empty(FusionPolicy())
    assert sums.latest() is None
    assert sums.frame().empty
    assert list(sums.frame().columns) == list(fusion_scores(frame([])).columns)


@quick
@given(corrected_ledgers(max_size=9), with_rivals)
def test_all_events_at_once_need_no_history(events, policy):
    sums = sums_of(events, policy)
    if events:
        pd.testing.assert_frame_equal(sums.frame(), fusion_scores(frame(events), policy=policy), rtol=1e-9, atol=1e-9)


@quick
@given(ledgers(max_size=9), with_rivals)
def test_later_times_only_fade(events, policy):
    sums = sums_of(events, policy)
    if events:
        later = sums.latest() + timedelta(days=5)
        expected = fusion_scores(frame(events), later, policy)
        pd.testing.assert_frame_equal(sums.frame(later), expected, rtol=1e-9, atol=1e-9)


def test_a_half_life_halves_and_another_keeps():
    policy = FusionPolicy(half_life_days={"engagement": 2.0})
    assert half_lives_of(policy)[0].tolist() == [2.0, np.inf]
    sums = sums_of([event(1, 0, touchpoint="engagement"), event(2, 0, touchpoint="expediting")], policy)
    assert sums.frame(sums.latest() + timedelta(days=4))["fusion_score"].tolist() == [2.0 + 8.0]


def update(sums, *events, named=no_consumers):
    return sums.prepare(read_ledger(frame(list(events))), named)


def test_who_never_linked_brands_is_not_replayed_for_a_late_event():
    sums = sums_of([event(1, 5)])
    assert update(sums, event(2, 3)).replayed.tolist() == []


@pytest.mark.parametrize(("at", "replayed"), [(3, [0]), (5, [0]), (6, [])])
def test_who_linked_brands_is_replayed_for_an_event_that_is_not_later_than_all(at, replayed):
    sums = sums_of([event(1, 5, with_brands="nova"), event(2, 5, consumer="bob")])
    assert update(sums, event(3, at), event(4, 1, consumer="bob")).replayed.tolist() == replayed


def test_without_spillover_the_order_never_matters():
    sums = sums_of([event(1, 5, with_brands="nova")], FusionPolicy(spillover=0.0))
    assert update(sums, event(2, 3, with_brands="nova")).replayed.tolist() == []


def test_only_the_consumers_of_earlier_events_are_looked_up():
    sums = sums_of([event(1, 5), event(2, 5, consumer="bob")])
    wanted = []

    def consumers_of(ids):
        wanted.extend(ids.to_pylist())
        return np.array([1])

    new = event(3, 6, consumer="cy", replaces="e2"), event(4, 6, replaces="e3")
    assert update(sums, *new, named=consumers_of).replayed.tolist() == [1]
    assert wanted == ["e2"]


def test_an_event_named_by_an_earlier_correction_is_replayed():
    sums = sums_of([event(1, 5, replaces="e9")])
    assert sums.replaced.equals(pa.array(["e9"], pa.large_string()))
    assert update(sums, event(9, 6, consumer="bob")).replayed.tolist() == [1]


def test_a_correction_of_a_correction_replays_all_consumers_down_the_chain():
    chain = [event(1, 1, consumer="bob"), event(2, 2, consumer="cy", replaces="e1"), event(3, 3, consumer="dan")]
    sums, wanted = sums_of(chain), []

    def consumers_of(ids):
        wanted.extend(sorted(ids.to_pylist()))
        return np.array([0, 1])

    new = event(5, 5, replaces="e4"), event(4, 4, replaces="e2"), event(7, 6, consumer="eve", replaces="e8")
    assert update(sums, *new, named=consumers_of).replayed.tolist() == [0, 1]
    assert wanted == ["e1", "e2", "e8"]


def test_a_new_event_between_earlier_records_carries_on_to_what_it_replaces():
    sums = sums_of([event(1, 1, consumer="bob"), event(3, 3, consumer="cy", replaces="e2")])

    def consumers_of(ids):
        assert ids.to_pylist() == ["e1"]
        return np.array([0])

    assert update(sums, event(2, 2, replaces="e1"), named=consumers_of).replayed.tolist() == [0, 2]


def test_a_chain_that_is_all_new_replays_no_one():
    new = event(2, 2, replaces="e1"), event(1, 1), event(3, 3, consumer="cy", replaces="e2")
    assert update(sums_of([event(9, 1)]), *new).replayed.tolist() == []


def test_an_update_leaves_the_sums_as_they_were():
    sums = sums_of([event(1, 5, with_brands="nova")])
    before = sums.frame()
    later = update(sums, event(2, 6, brand="orbit", with_brands="nova"), event(3, 7, consumer="bob")).applied()
    assert len(later.frame()) > len(before)
    pd.testing.assert_frame_equal(sums.frame(), before, check_exact=True)
    assert (sums.last.size, len(sums.consumers)) == (1, 1)


def test_more_history_than_needed_does_no_harm():
    events = [event(1, 5, with_brands="nova"), event(2, 5, consumer="bob", brand="zest")]
    late = event(3, 2)
    whole = [*events, late]
    sums = update(sums_of(events), late).applied(pa.Table.from_pandas(frame(whole)))
    pd.testing.assert_frame_equal(sums.frame(), fusion_scores(frame(whole)), rtol=1e-9, atol=1e-9)
