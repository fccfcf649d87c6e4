from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.fusion.state import FusionState
from influence_graph.analyses.interactions import columns
from influence_graph.errors import InputError, NotFound
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion.events import BRANDS, CONSUMERS, START, corrected_ledgers, frame, ledgers, quick, with_rivals
from tests.analyses.fusion.naive import scores

NUMBERS = ["fusion_score", "to_brand", "to_consumer", "reciprocity", "display"]
END = START + timedelta(days=20)

some_bond = st.tuples(st.sampled_from(CONSUMERS), st.sampled_from(BRANDS))


def same_frames(found, expected):
    assert found[["consumer", "brand"]].to_numpy().tolist() == expected[["consumer", "brand"]].to_numpy().tolist()
    assert found[NUMBERS].to_numpy() == pytest.approx(expected[NUMBERS].to_numpy(), rel=1e-9, abs=1e-9, nan_ok=True)
    assert found.attrs["as_of"] == expected.attrs["as_of"]


def parts_of(events, cuts):
    places = sorted(min(cut, len(events)) for cut in cuts)
    return [events[a:b] for a, b in zip([0, *places], [*places, len(events)], strict=True)]


@quick
@given(corrected_ledgers(max_size=9), with_rivals, st.lists(st.integers(0, 9), max_size=2))
def test_updates_in_any_order_give_the_scores_of_a_replay(events, policy, cuts):
    state = FusionState.build(frame([]), policy)
    for part in parts_of(events, cuts):
        state = state.update(frame(part))
    same_frames(state.scores(), fusion_scores(frame(events), policy=policy))
    if events:
        same_frames(state.scores(END), fusion_scores(frame(events), END, policy))


@quick
@given(ledgers(max_size=9, late=False), with_rivals, st.lists(st.integers(0, 9), max_size=2))
def test_updates_in_the_order_of_time_give_the_scores_of_a_replay(events, policy, cuts):
    events = sorted(events, key=lambda event: event["at"])
    state = FusionState.build(frame([]), policy)
    for part in parts_of(events, cuts):
        state = state.update(frame(part))
    same_frames(state.scores(), fusion_scores(frame(events), policy=policy))


@quick
@given(
    corrected_ledgers(max_size=9), with_rivals, st.lists(st.integers(0, 9), max_size=1), st.integers(0, 12), some_bond
)
def test_an_instant_of_a_bond_is_that_of_a_replay(events, policy, cuts, days, bond):
    state = FusionState.build(frame([]), policy)
    for part in parts_of(events, cuts):
        state = state.update(frame(part))
    as_of = START + timedelta(days=days)
    consumer, brand = bond
    if any(event["consumer"] == consumer for event in events) and any(event["brand"] == brand for event in events):
        found = state.at(consumer, brand, [as_of])
        wanted = scores(events, as_of, policy).get((consumer, brand), (0.0, 0.0))
        assert tuple(found[["to_brand", "to_consumer"]].iloc[0]) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@quick
@given(ledgers(max_size=9), with_rivals, st.data())
def test_events_known_already_change_nothing(events, policy, data):
    state = FusionState.build(frame(events), policy)
    again = data.draw(st.lists(st.sampled_from(events), max_size=5)) if events else []
    updated = state.update(frame(again))
    assert updated is state
    same_frames(updated.scores(), fusion_scores(frame(events), policy=policy))


@quick
@given(ledgers(max_size=9), with_rivals, st.integers(0, 6))
def test_an_earlier_time_is_replayed(events, policy, days):
    as_of = START + timedelta(days=days)
    state = FusionState.build(frame(events), policy)
    same_frames(state.scores(as_of), fusion_scores(frame(events), as_of, policy))


def event(number, **changes):
    plain = {"event_id": f"e{number}", "at": "2026-05-01T20:00:00Z", "consumer": "a", "brand": "b", "points": 1.0}
    return {**plain, **changes}


def test_an_update_leaves_the_old_state_as_it_was():
    old = FusionState.build(pd.DataFrame([event(1)]))
    new = old.update(pd.DataFrame([event(2, brand="c", with_brands="b"), event(3, consumer="b")]))
    assert len(new.scores()) == 3
    assert old.scores()["fusion_score"].tolist() == [1.0]
    other = old.update(pd.DataFrame([event(2, brand="a")]))
    assert other.scores()["brand"].tolist() == ["a", "b"]


def test_the_same_id_with_another_payload_is_refused():
    state = FusionState.build(pd.DataFrame([event(1)]))
    with pytest.raises(InputError, match="'e1' stands for 2 different events"):
        state.update(pd.DataFrame([event(1, points=2.0), event(2)]))


def test_a_state_of_dictionaries_takes_frames_and_texts():
    table = pa.table(pd.DataFrame([event(i, consumer=f"c{i % 3}") for i in range(9)]))
    for name in ("consumer", "brand"):
        column = table.column(name).cast(pa.string()).dictionary_encode()
        table = table.set_column(table.column_names.index(name), name, column)
    later = pd.DataFrame([event(20, with_brands="b|z"), event(21, brand="z"), event(2, consumer="c2")])
    found = FusionState.build(table).update(later).scores()
    everything = pd.concat([table.to_pandas(), later], ignore_index=True)
    same_frames(found, fusion_scores(everything))


def test_many_small_updates_are_put_together():
    rng = np.random.default_rng(0)
    days = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 90, 400), unit="D")
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(400)],
            "at": days,
            "consumer": rng.integers(0, 60, 400).astype(str),
            "brand": rng.integers(0, 9, 400).astype(str),
            "points": rng.integers(-8, 9, 400).astype(float),
            "with_brands": np.where(rng.random(400) < 0.3, rng.integers(0, 9, 400).astype(str), None),
        }
    )
    policy = FusionPolicy(half_life_days=30)
    state = FusionState.build(events[:100], policy)
    for start in range(100, 400, 10):
        state = state.update(events[start : start + 10])
    assert len(state.archive.segments) <= 8
    same_frames(state.scores(), fusion_scores(events, policy=policy))
    random = np.random.default_rng(1)
    for row in random.integers(0, 400, 20):
        when = days[random.integers(0, 400)]
        bonds = fusion_scores(events, when, policy).set_index(["consumer", "brand"])
        consumer, brand = events["consumer"][row], events["brand"][row]
        found = state.at(consumer, brand, [when])["fusion_score"].item()
        assert found == pytest.approx(bonds["fusion_score"].get((consumer, brand), 0.0), abs=1e-9)


def test_times_and_names_that_mean_nothing_are_refused():
    state = FusionState.build(pd.DataFrame([event(1)]))
    with pytest.raises(NotFound, match="no consumer 'x' among the 1"):
        state.at("x", "b", [END])
    with pytest.raises(NotFound, match="no brand 'x' among the 1"):
        state.at("a", "x", [END])
    with pytest.raises(InputError, match="no time zone"):
        state.at("a", "b", ["2026-05-01T09:00:00"])
    with pytest.raises(InputError, match="must be several"):
        state.at("a", "b", "2026-05-01")
    with pytest.raises(InputError, match="a time is None"):
        state.at("a", "b", [None])


def test_a_few_rows_of_a_large_dictionary_bring_only_their_own_names():
    column = pa.DictionaryArray.from_arrays(pa.array([7, 3, 7]), pa.array([f"c{i:02}" for i in range(50)]))
    found, names = columns.codes(pa.table({"consumer": column}), "consumer")
    assert (found.tolist(), names.tolist()) == ([1, 0, 1], ["c03", "c07"])


def test_the_story_goes_on():
    concert = event(1, consumer="singer", brand="sweater", points=3.0)
    blame = event(
        2, at="2026-05-08T20:00:00Z", consumer="singer", brand="restaurant", points=-8.0, with_brands="sweater"
    )
    state = FusionState.build(pd.DataFrame([concert])).update(pd.DataFrame([blame]))
    assert state.scores().set_index("brand")["fusion_score"].to_dict() == {"restaurant": -8.0, "sweater": 1.0}
    times = ["2026-05-01T19:00:00Z", "2026-05-01T20:00:00Z", "2026-05-09T00:00:00Z"]
    assert state.at("singer", "sweater", times)["fusion_score"].tolist() == [0.0, 3.0, 1.0]


def test_a_state_names_its_size_in_one_line():
    assert repr(FusionState.build(frame([]))) == "<FusionState: interactions 0, bonds 0, latest none>"
    state = FusionState.build(pd.DataFrame([event(1), event(2, consumer="c")]))
    assert repr(state) == "<FusionState: interactions 2, bonds 2, latest 2026-05-01 20:00:00+00:00>"
