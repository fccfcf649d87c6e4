"""What records say wins; what they do not say comes from the table when they are read."""

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.interactions.meaning import meaning_of, unknown_kinds
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS
from influence_graph.model.touchpoints import OUTCOME_NAMES, VOTES, KindRule, TouchpointTable

TABLE = TouchpointTable.load()


def rows(*events):
    fixed = {"at": "2026-05-01T20:00:00Z", "consumer": "ann", "brand": "atlas"}
    return pd.DataFrame([{"event_id": str(number), **fixed, **event} for number, event in enumerate(events)])


def meaning(*events, table=TABLE):
    return meaning_of(read_ledger(rows(*events)), table)


def test_what_a_record_says_wins_over_its_kind():
    found = meaning(
        {"kind": "giveaway"},
        {"kind": "giveaway", "direction": "to_brand", "touchpoint": "expediting", "valence": -0.5, "weight": 3.0},
    )
    assert [DIRECTIONS[side] for side in found.side] == ["to_consumer", "to_brand"]
    assert [TOUCHPOINTS[place] for place in found.touchpoint] == ["engagement", "expediting"]
    assert found.valence.tolist() == [1.0, -0.5]
    assert found.strength.tolist() == [2.0, 6.0]


def test_the_valence_is_that_of_the_record_then_of_its_points_then_of_its_kind():
    found = meaning(
        *(
            {"kind": "complaint", "valence": own, "points": points}
            for own, points in [(0.25, -5.0), (None, 7.0), (None, 0.0), (None, None)]
        )
    )
    assert found.valence.tolist() == [0.25, 1.0, 0.0, -1.0]


def test_an_unknown_kind_is_neutral_and_counted_until_it_has_a_line():
    events = [{"kind": "support ticket"}, {"kind": "support ticket", "valence": -1.0}, {"kind": "wear"}, {"kind": None}]
    found = meaning(*events)
    assert found.valence.tolist() == [0.0, -1.0, 1.0, 1.0]
    assert found.known.tolist() == [False, True, True, True]
    assert found.unknown == {"support ticket": 2}
    mine = TouchpointTable({**TABLE.kinds, "support_ticket": KindRule("problem_recovery", valence=-1.0)})
    after = meaning(*events, table=mine)
    assert (after.valence.tolist(), after.unknown, after.known.all()) == ([-1.0, -1.0, 1.0, 1.0], {}, True)


def test_a_retraction_is_no_unknown_kind():
    assert unknown_kinds(read_ledger(rows({"kind": "Retraction", "replaces": "x"})), TouchpointTable({})) == {}


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
def test_from_the_second_day_on_a_purchase_is_a_repetition(order):
    days = [
        ("2026-05-01T08:00:00Z", "ann", "atlas"),
        ("2026-05-01T20:00:00Z", "ann", "atlas"),
        ("2026-05-02T08:00:00Z", "ann", "atlas"),
        ("2026-05-02T08:00:00Z", "ann", "nova"),
    ]
    events = [{"kind": "purchase", "at": at, "consumer": who, "brand": brand} for at, who, brand in days]
    found = meaning(*(events[place] for place in order))
    loyal = found.shows == OUTCOME_NAMES.index("loyalty")
    assert loyal.tolist() == [place == 2 for place in order]
    assert found.showing("loyalty").tolist() == loyal.tolist()
    assert found.purchases().all()
    assert (found.vote == VOTES.index("wallet")).all()


def test_chains_of_repetition_are_apart():
    found = meaning(
        {"kind": "free_use", "at": "2026-05-01T08:00:00Z"},
        {"kind": "purchase", "at": "2026-05-02T08:00:00Z"},
        {"kind": "free_use", "at": "2026-05-03T08:00:00Z"},
    )
    assert found.shows.tolist() == [-1, -1, OUTCOME_NAMES.index("loyalty")]
    assert not found.purchases()[[0, 2]].any()


@pytest.mark.parametrize("seed", range(5))
def test_repetitions_are_those_of_a_plain_count(seed):
    rng = np.random.default_rng(seed)
    kinds = ["purchase", "free_use", "wear", None, "subscription", "repeat_purchase"]
    events = [
        {
            "kind": kinds[rng.integers(len(kinds))],
            "at": f"2026-05-{rng.integers(1, 6):02d}T{rng.integers(24):02d}:00:00Z",
            "consumer": f"c{rng.integers(4)}",
            "brand": f"b{rng.integers(3)}",
        }
        for _ in range(60)
    ]
    loyal = []
    for event in events:
        rule = TABLE.rule(event["kind"])
        key = (event["consumer"], event["brand"], rule.repeated)
        first = min(
            other["at"][:10]
            for other in events
            if (other["consumer"], other["brand"], TABLE.rule(other["kind"]).repeated) == key
        )
        loyal.append(bool(rule.repeated and first < event["at"][:10]) or rule.shows == "loyalty")
    assert (meaning(*events).shows == OUTCOME_NAMES.index("loyalty")).tolist() == loyal


def test_no_rows_mean_nothing():
    none = meaning_of(read_ledger(rows({}).iloc[:0]), TABLE)
    assert (none.valence.size, none.unknown) == (0, {})
