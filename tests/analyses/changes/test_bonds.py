"""Two scores of all bonds compared: against the definition of the score, the explanation of one bond, and by hand."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.changes.bonds import bond_changes
from influence_graph.analyses.fusion.change import explain_change
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.errors import InputError
from influence_graph.model.names import NodeNames
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion import naive
from tests.analyses.fusion.events import START, corrected_ledgers, frame, policies, quick
from tests.analyses.fusion.test_change import ALL, times

STORY = pd.read_csv(Path(__file__).parents[3] / "datasets/story/interactions.csv")
FISH = "2026-06-13T12:00:00Z", "2026-06-14T00:00:00Z"
BOND = ["consumer", "brand"]


@quick
@given(corrected_ledgers(max_size=10), policies, times, times, st.integers(0, 2**10 - 1))
def test_what_events_explain_is_the_difference_of_the_scores(events, policy, one, other, chosen):
    start, end = sorted((one, other))
    added = {event["event_id"] for place, event in enumerate(events) if chosen >> place & 1}
    known = [event for event in events if event["event_id"] not in added]
    before, after = naive.scores(known, start, policy), naive.scores(events, end, policy)
    found = bond_changes(frame(events), start, end, policy, new=added, top=None)
    assert (found.bonds["unexplained"] == 0).all()
    changes = found.bonds.set_index(BOND)["change"].to_dict()
    explained = found.terms.groupby(BOND)["change"].sum().to_dict()
    for bond in before.keys() | after.keys() | changes.keys() | explained.keys():
        expected = sum(after.get(bond, (0.0, 0.0))) - sum(before.get(bond, (0.0, 0.0)))
        assert changes.get(bond, 0.0) == pytest.approx(expected, rel=1e-9, abs=1e-9)
        assert explained.get(bond, 0.0) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    causes = found.causes.groupby("brand")["change"].sum()
    for brand, change in found.brands.set_index("brand")["change"].items():
        assert causes.get(brand, 0.0) == pytest.approx(change, rel=1e-9, abs=1e-9)


@quick
@given(corrected_ledgers(max_size=8), policies, times, times)
def test_each_term_is_that_of_the_explanation_of_its_bond(events, policy, one, other):
    start, end = sorted((one, other))
    found = bond_changes(frame(events), start, end, policy, top=None)
    columns = ["event_id", "term", "via", "direction", "reason", "by", "link_event"]
    for consumer, brand in found.bonds[BOND].itertuples(index=False):
        told = explain_change(frame(events), consumer, brand, start, end, policy).terms
        told = told[(told["start"] != told["end"]) & (told["reason"] != "decayed")]
        own = found.terms[(found.terms["consumer"] == consumer) & (found.terms["brand"] == brand)]
        own = own[own["reason"] != "decayed"]
        assert sorted(own[columns[:-1]].to_numpy().tolist()) == sorted(told[columns[:-1]].to_numpy().tolist())
        sums = [each.groupby("event_id")["change"].sum().to_dict() for each in (own, told)]
        assert sums[0] == pytest.approx(sums[1], rel=1e-9, abs=1e-12)


def test_the_fish_moves_two_bonds_of_the_story():
    found = bond_changes(STORY, *FISH)
    assert found.bonds[[*BOND, "change", "events"]].to_numpy().tolist() == [
        ["singer", "restaurant", -8.0, 1],
        ["singer", "sweater", -2.0, 1],
    ]
    assert math.isnan(found.bonds["before"][0])
    assert found.bonds[["before", "after"]].loc[1].tolist() == [3.0, 1.0]
    assert found.terms[["event_id", "term", "via", "change", "share"]].to_numpy().tolist() == [
        ["singer-fish", "direct", "", -8.0, 1.0],
        ["singer-fish", "spillover", "restaurant", -2.0, 1.0],
    ]
    assert found.brands[["brand", "fell", "change"]].to_numpy().tolist() == [
        ["restaurant", 1, -8.0],
        ["sweater", 1, -2.0],
    ]


def test_the_sentences_name_who_what_and_where_it_spilled_over():
    names = NodeNames({"singer": "The pop singer"}, {"restaurant": "The Blue Mackerel", "sweater": "Harbour Knitwear"})
    told = bond_changes(STORY, *FISH).sentences(names)
    assert told[0] == (
        "From 2026-06-13 12:00 to 2026-06-14 00:00 UTC: 0 bonds rose and 2 fell, together by -10 points."
    )
    assert told[1] == (
        "The Blue Mackerel (restaurant) fell by 8 points (0 bonds rose, 1 fell): -8 (100%) by 1 event, new complaint "
        "of The pop singer (singer) (singer-fish)."
    )
    assert "which spilled over from The Blue Mackerel (restaurant)" in told[2]
    assert "The bond of The pop singer (singer) and Harbour Knitwear (sweater) fell by 2, from +3 to +1:" in told


def test_what_only_decays_is_named_as_such():
    found = bond_changes(ALL, "2026-05-24", "2026-05-31", FusionPolicy(half_life_days=7), top=None)
    assert set(found.terms["reason"]) == {"decayed"}
    assert (found.bonds["events"] == 0).all()
    assert found.bonds["after"].to_numpy() == pytest.approx(found.bonds["before"].to_numpy() / 2)
    told = found.sentences()
    assert "only decayed" in told[0]
    assert len(told) == 1


def test_what_is_no_longer_on_record_is_left_open():
    whole = [fusion_scores(STORY, time) for time in FISH]
    erased = STORY[STORY["event_id"] != "singer-concert"]
    now = fusion_scores(erased, FISH[1])
    found = bond_changes(erased, *FISH, scores=(whole[0], now))
    rows = found.bonds.set_index(BOND)
    assert rows.loc[("singer", "sweater"), ["change", "unexplained"]].tolist() == [-5.0, -3.0]
    assert rows.loc[("singer", "restaurant"), "unexplained"] == 0
    assert any("-3 cannot be told" in line for line in found.sentences())
    forgotten = bond_changes(STORY[STORY["consumer"] != "singer"], *FISH, scores=(whole[0], now.iloc[:0]))
    assert forgotten.bonds.set_index(BOND).loc[("singer", "sweater"), "unexplained"] == -3.0


def test_other_parameters_are_named():
    found = bond_changes(STORY, FISH[1], FISH[1], (FusionPolicy(), FusionPolicy(spillover=0.5)), top=None)
    assert set(found.terms["reason"]) == {"parameters changed"}
    assert found.bonds.set_index(BOND).loc[("singer", "sweater"), "change"] == -2.0


def test_where_nothing_changed_nothing_is_claimed():
    found = bond_changes(STORY, FISH[1], FISH[1])
    assert found.bonds.empty
    assert found.sentences() == ["From 2026-06-14 00:00 to 2026-06-14 00:00 UTC: no Fusion Score changed."]
    assert bond_changes(STORY.iloc[:0], *FISH).bonds.empty


def test_times_must_be_in_order():
    with pytest.raises(InputError, match="is empty"):
        bond_changes(STORY, FISH[1], FISH[0])


def planted(seed, complaints=0, celebrity=0.0):
    """Return 60 days of everyday events of 30 people with 4 brands, with a cause planted on the last day."""
    rng = np.random.default_rng(seed)
    size = 3000
    kinds = np.array(["wear", "purchase", "complaint", "mention"])
    events = pd.DataFrame(
        {
            "at": START + pd.to_timedelta(rng.uniform(0, 60, size), "D"),
            "consumer": [f"p{number}" for number in rng.integers(0, 30, size)],
            "brand": [f"b{number}" for number in rng.integers(0, 4, size)],
            "kind": kinds[rng.choice(4, size, p=[0.6, 0.25, 0.05, 0.1])],
        }
    )
    parts = [events]
    day = START + pd.to_timedelta(rng.uniform(59, 60, complaints), "D")
    parts.append(events.iloc[:complaints].assign(at=day, brand="b2", kind="complaint"))
    if celebrity:
        star = {"at": [START + pd.to_timedelta(59.5, "D")], "consumer": ["star"], "brand": ["b1"], "kind": ["mention"]}
        parts.append(pd.DataFrame({**star, "points": [celebrity]}))
    together = pd.concat(parts, ignore_index=True)
    return together.assign(event_id=[f"e{number}" for number in range(len(together))])


def last_day(events):
    return bond_changes(events, START + pd.to_timedelta(59, "D"), START + pd.to_timedelta(60, "D"))


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_cause_is_out_of_the_ordinary(seed):
    many = last_day(planted(seed, complaints=15))
    assert many.brands["brand"][0] == "b2"
    assert many.causes.loc[0, ["brand", "kind", "unusual"]].tolist() == ["b2", "complaint", True]
    assert "Out of the ordinary: " in many.sentences()[-1]
    star = last_day(planted(seed, celebrity=-40.0))
    cause = star.causes[star.causes["unusual"] == True]  # noqa: E712 - None is neither
    assert cause[["brand", "kind", "largest_consumer"]].to_numpy().tolist() == [["b1", "mention", "star"]]


def test_without_a_planted_cause_nothing_is_claimed():
    claims = [(last_day(planted(seed)).causes["unusual"] == True).sum() for seed in range(100, 120)]  # noqa: E712
    assert sum(claims) == 0


def test_a_short_past_tells_nothing_of_what_is_usual():
    events = planted(1, complaints=15)
    found = bond_changes(events, START + pd.to_timedelta(50, "D"), START + pd.to_timedelta(60, "D"))
    assert found.causes["unusual"].isna().all()
    assert found.sentences()[-1].startswith("Whether this is unusual cannot be told")
