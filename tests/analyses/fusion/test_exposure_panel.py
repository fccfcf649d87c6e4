"""Risk sets: who is compared with whom, and what counts as exposure."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.fusion.exposure_panel import CONTACTS, CONTROLS, build_panel
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.touchpoints import TouchpointTable
from tests.analyses.fusion.null_logs import null_log

WINDOW = timedelta(days=10)


def log(**events):
    """Return interactions of consumers with one brand: per consumer, pairs of day and kind (with a valence)."""
    rows = []
    for consumer, own in events.items():
        for day, kind, *valence in own:
            at = pd.Timestamp("2026-01-01T00:00:00Z") + pd.Timedelta(days=day)
            rows.append(
                {
                    "event_id": f"e{len(rows)}",
                    "at": at,
                    "consumer": consumer,
                    "brand": "nova",
                    "kind": kind,
                    "valence": valence[0] if valence else None,
                }
            )
    return pd.DataFrame(rows).astype({"valence": "float64"})


def panel(frame, outcome="recommend", exposure="count", table=None):
    policy = FusionPolicy() if table is None else FusionPolicy(table=table)
    return build_panel(read_ledger(frame), outcome, WINDOW, exposure, policy)


def exposures(found, kind):
    return found.exposure[:, CONTACTS.index(kind)].tolist()


def test_a_set_is_the_outcome_and_a_bond_at_the_same_time_since_first_contact():
    found = panel(log(ann=[(0, "wear"), (9, "live_chat"), (12, "recommend")],
                      bob=[(3, "wear"), (6, "wear"), (14, "live_chat"), (16, "live_chat"), (40, "wear")]))  # fmt: skip
    assert found.start.tolist() == [0]
    assert found.consumer.tolist() == [0, 1]
    # At 12 days: the window is from day 2 to 12 for Ann, from day 5 to 15 for Bob.
    assert exposures(found, "brand_experience") == [0, 1]
    assert exposures(found, "executional_excellence") == [1, 1]
    assert found.exposure.sum() == 3  # recommending, an engagement, is no exposure


def test_who_had_the_outcome_before_or_is_no_longer_seen_is_no_control():
    found = panel(log(ann=[(0, "wear"), (12, "recommend")], bob=[(0, "wear"), (5, "recommend")],
                      eve=[(35, "wear"), (40, "wear")], dan=[(1, "wear")]))  # fmt: skip
    names = np.array(["ann", "bob", "dan", "eve"])
    sets = [sorted(names[part]) for part in np.split(found.consumer, found.start[1:])]
    assert sorted(sets) == [["ann", "bob", "dan"], ["ann", "dan"]]


def test_the_clock_starts_again_with_each_outcome_among_those_with_as_many_before():
    found = panel(log(ann=[(0, "wear"), (10, "recommend"), (13, "live_chat"), (15, "recommend")],
                      bob=[(0, "wear"), (2, "recommend"), (6, "wear"), (30, "wear")],
                      eve=[(0, "wear"), (50, "wear")]))  # fmt: skip
    second = found.history[:, 1] > 0
    # Ann 5 days after her first outcome beside Bob 5 days after his; Eve had none.
    assert found.consumer[second].tolist() == [0, 1]
    assert exposures(found, "executional_excellence")[np.flatnonzero(second)[0]] == 1
    assert np.expm1(found.history[second, 2]).round(9).tolist() == [15, 7]


def test_the_clock_of_loyalty_starts_with_the_first_purchase():
    found = panel(log(ann=[(0, "wear"), (11, "Purchase"), (13, "wear"), (22, "purchase")],
                      bob=[(5, "wear"), (20, "purchase"), (60, "wear")]), "loyalty")  # fmt: skip
    assert found.start.tolist() == [0]
    assert exposures(found, "brand_experience") == [1, 0]


def test_regular_use_is_loyalty_too_and_what_is_on_that_chain_is_no_exposure():
    found = panel(log(ann=[(0, "free use"), (0.1, "free use"), (3, "cancellation"), (4, "wear"), (5, "free use")],
                      bob=[(0, "free use"), (2, "subscription"), (4, "live chat"), (60, "wear")]),
                  "loyalty")  # fmt: skip
    assert found.start.tolist() == [0]  # on the first day use is not yet repeated
    assert found.exposure.sum() == 2
    assert exposures(found, "brand_experience") == [1, 0]
    assert exposures(found, "executional_excellence") == [0, 1]


def test_the_outcome_is_what_the_touchpoint_table_says_and_a_bad_one_is_none():
    frame = log(ann=[(0, "live chat"), (4, "wear"), (5, "share")], bob=[(0, "live chat"), (60, "live chat")])
    assert panel(frame).consumer.tolist() == [0, 1]
    assert panel(frame.assign(valence=-1.0)).start.size == 0
    table = TouchpointTable.load().with_lines({"wear": {"shows": "recommend"}, "share": {}})
    found = panel(frame, table=table)
    assert np.expm1(found.history[:, 2]).round(9).tolist() == [4, 4]
    assert exposures(found, "executional_excellence") == [1, 1]


def test_complaints_stand_apart_from_what_makes_good_and_count_positive():
    frame = log(ann=[(0, "complaint"), (2, "recovery"), (3, "recommend")], bob=[(0, "ignored"), (40, "wear")])
    for exposure, recovered, complained in (("count", 1, 1), ("points", 2**0.88, 2.25 * 2**0.88)):
        found = panel(frame, exposure=exposure)
        assert exposures(found, "problem_recovery") == pytest.approx([recovered, 0])
        assert exposures(found, "complaint") == pytest.approx([complained, complained])


def test_points_ignore_declared_ones_reach_and_the_policys_weights():
    frame = log(ann=[(0, "wear", -1.0), (3, "recommend")], bob=[(0, "wear"), (40, "wear")])
    plain = panel(frame, exposure="points")
    loaded = panel(frame.assign(points=7.0, reach=1e6), exposure="points")
    assert exposures(plain, "brand_experience") == exposures(loaded, "brand_experience") == [-2.25, 1.0]


def test_exposures_are_those_of_a_naive_count():
    frame = null_log("busy consumers", 5, bonds=120)
    found = panel(frame)
    assert found.sizes.max() == CONTROLS + 1
    kinds = {"giveaway": 0, "live_chat": 1, "wear": 2, "fast_delivery": 3, "recovery": 4, "complaint": 5}
    frame = frame.sort_values("at")
    bonds = dict(list(frame.groupby(["consumer", "brand"])))
    names = sorted(frame["consumer"].unique())
    cases = found.start
    wanted = set()
    for (consumer, _), part in bonds.items():
        for at in part.loc[part["kind"] == "recommend", "at"]:
            window = part[(part["at"] >= at - WINDOW) & (part["at"] < at) & (part["kind"] != "recommend")]
            counts = np.bincount(window["kind"].map(kinds).to_numpy(int), minlength=6)
            wanted.add((consumer, *counts.tolist()))
    got = {(names[found.consumer[row]], *found.exposure[row].astype(int).tolist()) for row in cases}
    assert got <= wanted
    assert len(got) > 0.9 * len(wanted)
