"""Who is beyond a rule: against answers that were found without the analyses, and what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.analyses.brand.view import brand_view
from influence_graph.errors import InputError, NotFound
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import INTERACTIONS
from influence_graph.model.results import SCORE, SEEDS
from influence_graph.model.runs import Run
from influence_graph.schedule.alerts import conditions
from influence_graph.schedule.alerts.conditions import seen_by
from influence_graph.schedule.alerts.measures import FORMS, TITLES, measured
from influence_graph.schedule.alerts.records import Records
from influence_graph.schedule.alerts.rules import (
    MEASURES,
    OF_ONE,
    BondRule,
    BrandRule,
    ComplaintRule,
    InfluencerRule,
    SilenceRule,
)
from influence_graph.schedule.alerts.seen import Figure, Subject

DAY0 = datetime(2026, 1, 1, tzinfo=UTC)
RUN = Run("run-1", "score", "finished", DAY0, DAY0, "", "1")


def at(day: float) -> datetime:
    return DAY0 + timedelta(days=day)


def interactions(rows: Sequence[dict[str, Any]]) -> pa.Table:
    given_ = [{"event_id": f"e{number}", **row} for number, row in enumerate(rows)]
    columns = {name: [row.get(name) for row in given_] for name in INTERACTIONS.names}
    return pa.table(columns, INTERACTIONS.schema)


def records(rows: Sequence[dict[str, Any]], now: float | None = None) -> Records:
    table = interactions(rows)
    times = [row.get("recorded_at") or row["at"] for row in rows] + [row["at"] for row in rows]
    latest = max(times, default=None)
    return Records(latest if now is None or latest is None else at(now), latest, FusionPolicy(), {}, table)


def did(day: float, consumer: str, brand: str, kind: str, **rest: Any) -> dict[str, Any]:
    return {"at": at(day), "consumer": consumer, "brand": brand, "kind": kind, **rest}


def naive_complaints(rows: list[dict[str, Any]], days: float, forget: float) -> list[str]:
    latest = max(row["at"] for row in rows)
    found = []
    for number, row in enumerate(rows):
        age = (latest - row["at"]) / timedelta(days=1)
        if row["kind"] != "complaint" or not days <= age <= forget:
            continue
        answers = [each for each in rows if each["kind"] == "recovery" and each["brand"] == row["brand"]]
        mine = [each for each in answers if each["consumer"] == row["consumer"] and each["at"] >= row["at"]]
        if answers and not mine:
            found.append((row["at"], f"e{number}"))
    return [event for _, event in sorted(found, key=lambda pair: pair[0])]


happenings = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from("abc"),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["complaint", "recovery"]),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[0],
)


@settings(max_examples=60, deadline=None)
@given(happenings, st.sampled_from([2.0, 7.0, 15.0]), st.sampled_from([16.0, 90.0]))
def test_complaints_left_alone_are_those_of_the_naive_twin(
    happened: list[tuple[int, str, str, str]], days: float, forget: float
) -> None:
    rows = [did(*each) for each in happened]
    seen = seen_by(records(rows), ComplaintRule("alone", days=days, forget_days=forget), {})
    assert [event for event, _, _ in seen.beyond] == naive_complaints(rows, days, forget)
    for (event, consumer, brand), figure in seen.beyond.items():
        row = rows[int(event[1:])]
        assert (row["consumer"], row["brand"]) == (consumer, brand)
        assert figure.value == pytest.approx((max(r["at"] for r in rows) - row["at"]) / timedelta(days=1))


def test_a_complaint_about_a_brand_that_records_no_recoveries_cannot_be_told() -> None:
    rows = [did(0, "ann", "acme", "complaint"), did(20, "bob", "acme", "purchase")]
    seen = seen_by(records(rows), ComplaintRule("alone"), {})
    assert seen.beyond == {}
    assert "no recovery by the brand acme is on record, so whether 1 complaint had one" in seen.unclear[("acme",)]
    told = seen_by(records(rows), ComplaintRule("alone", recorded=True), {})
    assert list(told.beyond) == [("e0", "ann", "acme")]


def test_days_after_the_latest_record_are_not_counted() -> None:
    rows = [did(0, "ann", "acme", "complaint"), did(0, "bob", "acme", "recovery"), did(6, "bob", "acme", "purchase")]
    assert seen_by(records(rows, now=100), ComplaintRule("alone", days=7), {}).beyond == {}
    assert list(seen_by(records([*rows, did(7, "bob", "acme", "purchase")]), ComplaintRule("alone", days=7), {}).beyond)


def test_a_complaint_that_was_retracted_is_none() -> None:
    rows = [did(0, "ann", "acme", "complaint"), did(0, "bob", "acme", "recovery"), did(20, "bob", "acme", "purchase")]
    assert len(seen_by(records(rows), ComplaintRule("alone"), {}).beyond) == 1
    retracted = did(21, "ann", "acme", "retraction", replaces="e0")
    assert seen_by(records([*rows, retracted]), ComplaintRule("alone"), {}).beyond == {}


feeds = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 5), st.sampled_from(["x", "y", "z", None])), min_size=1, max_size=25
)


@settings(max_examples=60, deadline=None)
@given(feeds, st.sampled_from(["all", "platform", "channel"]), st.integers(0, 70))
def test_silent_feeds_are_those_of_the_naive_twin(
    happened: list[tuple[int, int, str | None]], by: str, now: int
) -> None:
    rule = SilenceRule("quiet", days=3.0, by=by, forget_days=30.0)
    rows = [
        did(
            day,
            "ann",
            "acme",
            "purchase",
            recorded_at=at(day + late) if late else None,
            **({by: feed} if by != "all" else {}),
        )
        for day, late, feed in happened
    ]
    known: dict[str, float] = {}
    for day, late, feed in happened:
        name = "all" if by == "all" else feed
        if name is not None and day + late <= now:
            known[name] = max(known.get(name, 0), day + late)
    expected = {(feed,): now - last for feed, last in known.items() if 3 < now - last <= 30}
    seen = seen_by(records(rows, now=now), rule, {})
    assert {who: figure.value for who, figure in seen.beyond.items()} == pytest.approx(expected)
    assert [figure.value for figure in seen.beyond.values()] == sorted(expected.values(), reverse=True)


def test_a_feed_that_is_not_on_record_cannot_be_told() -> None:
    rule = SilenceRule("quiet", by="brand", only="acmee")
    assert seen_by(records([did(0, "ann", "acme", "purchase")], now=9), rule, {}).blind == (
        "not on record: no interaction of the brand 'acmee'"
    )
    assert seen_by(records([]), SilenceRule("quiet"), {}).blind == "not on record: there are no interactions"


def crowd(good: int, bad: int, brand: str = "acme") -> list[dict[str, Any]]:
    kinds = ["recommend"] * good + ["complaint"] * bad
    return [did(number % 9, f"{brand}{number}", brand, kind) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize("measure", [*MEASURES, *OF_ONE])
def test_measures_are_those_of_the_commands_with_their_intervals(measure: str) -> None:
    rows = [*crowd(30, 15), *(did(40 + day, f"acme{day}", "acme", "recovery") for day in range(33))]
    given_ = records(rows)
    assert given_.as_of is not None
    found = measured(given_, BrandRule("a", measure=measure, brand="acme", below=0), given_.as_of)["acme"]
    view = brand_view(given_.interactions, "acme")
    same = {
        "positive": view.health.positive,
        "negative": view.health.negative,
        "mean_valence": view.judgment.mean,
        "reciprocity": view.health.reciprocity,
        "at_risk": view.health.at_risk.share,
        "recovery_rate": view.judgment.recovery.rate,
        "change_30_days": view.health.change[30],
        "change_90_days": view.health.change[90],
        "unfavorable": view.judgment.negative,
    }
    assert measure in TITLES
    assert measure in FORMS
    if isinstance(found, str):
        assert same[measure] is None
        return
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high
    if measure == "mean_bond":
        assert found.value == pytest.approx(view.health.bonds["fusion_score"].mean())
    elif measure == "favorable":
        assert found.value == pytest.approx(30 / 45)
    else:
        expected = same[measure]
        assert expected is not None
        assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))


def test_an_estimate_is_beyond_a_limit_with_its_whole_interval_only() -> None:
    rule = BrandRule("fav", measure="favorable", below=0.6)
    few = records(crowd(11, 9))  # 55 %, and the interval reaches beyond 60 %
    many = records(crowd(550, 450))
    assert seen_by(few, rule, {}).beyond == {}
    assert list(seen_by(many, rule, {}).beyond) == [("acme",)]
    figure = seen_by(many, rule, {}).beyond[("acme",)]
    assert figure.high is not None
    assert figure.value == pytest.approx(0.55)
    assert figure.high < 0.6


def test_of_too_few_observations_nothing_is_told_and_who_was_beyond_stays() -> None:
    rule = BrandRule("fav", measure="favorable", below=0.6, brand="acme")
    seen = seen_by(records(crowd(1, 3)), rule, {("acme",): DAY0})
    assert seen.beyond == {}
    assert seen.held == {("acme",)}
    assert seen.unclear == {("acme",): "too few observations"}
    nobody = seen_by(records(crowd(1, 3)), BrandRule("fav", brand="acmee", below=0.6), {})
    assert nobody.blind == "not on record: no interaction is with the brand 'acmee'"


walks = st.lists(st.one_of(st.none(), st.tuples(st.integers(-6, 6), st.integers(0, 3))), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None)
@given(walks, st.integers(0, 3), st.booleans())
def test_an_estimate_fires_once_the_interval_has_crossed_and_again_only_after_its_value_came_back(
    walk: list[tuple[int, int] | None], margin: int, above: bool
) -> None:
    side: dict[str, Any] = {"above": 0.0} if above else {"below": 0.0}
    rule, sign = BrandRule("walk", measure="mean_bond", margin=float(margin), **side), 1 if above else -1
    former: dict[Subject, datetime] = {}
    fired, armed, expected = 0, True, 0
    known_of_one = records(crowd(1, 0))
    with pytest.MonkeyPatch.context() as patch:
        for step in walk:
            known = "too few" if step is None else Figure(float(step[0]), step[0] - step[1], step[0] + step[1])
            patch.setattr(conditions, "measured", lambda *_, known=known: {"acme": known})
            seen = seen_by(known_of_one, rule, former)
            fired += len(seen.beyond.keys() - former)
            former = dict.fromkeys([*seen.beyond, *seen.held], DAY0)
            if step is None:
                continue
            value, half = step
            if armed and sign * value - half > 0:
                expected, armed = expected + 1, False
            elif not armed and sign * value <= -margin:
                armed = True
    assert fired == expected


def scores(rows: list[tuple[str, str, float]]) -> dict[str, tuple[Run, pa.Table]]:
    frame = pd.DataFrame(rows, columns=["consumer", "brand", "fusion_score"])
    frame = frame.assign(to_brand=0.0, to_consumer=0.0, reciprocity=None, as_of=DAY0)
    return {"score": (RUN, pa.Table.from_pandas(frame, SCORE.schema, preserve_index=False))}


def test_bonds_beyond_a_limit_are_those_asked_for_the_furthest_first() -> None:
    rows = [("ann", "x", -3.0), ("ann", "y", -9.0), ("bob", "x", 2.0), ("cid", "x", -1.0)]
    given_ = Records(DAY0, DAY0, FusionPolicy(), scores(rows))
    assert list(seen_by(given_, BondRule("low", below=0), {}).beyond) == [("ann", "y"), ("ann", "x"), ("cid", "x")]
    assert list(seen_by(given_, BondRule("low", below=0, brand="x"), {}).beyond) == [("ann", "x"), ("cid", "x")]
    assert list(seen_by(given_, BondRule("low", below=0, consumer="ann"), {}).beyond) == [("ann", "y"), ("ann", "x")]
    assert list(seen_by(given_, BondRule("high", above=1.9), {}).beyond) == [("bob", "x")]
    nobody = seen_by(given_, BondRule("low", below=0, consumer="bob", brand="y"), {})
    assert nobody.blind == "not on record: there is no such bond"


def test_what_is_not_calculated_and_what_is_too_much_cannot_be_told() -> None:
    none = Records(DAY0, DAY0, FusionPolicy(), {"score": None, "rank": None})
    assert "no Fusion Scores are written" in seen_by(none, BondRule("low", below=0), {}).blind
    assert "no results of 'rank' are written" in seen_by(none, InfluencerRule("top"), {}).blind
    many = Records(DAY0, DAY0, FusionPolicy(), scores([(f"c{n}", "x", -1.0) for n in range(10_001)]))
    blind = seen_by(many, BondRule("low", below=0), {}).blind
    assert blind == "10,001 bonds are beyond it, at most 10,000 can be told: narrow the rule"


def test_a_list_that_states_ranks_is_a_ranking_too() -> None:
    table = pa.table({"rank": [2, 1, 3], "id": ["bob", "ann", "cid"], "gain": [1.0, 2.0, 0.5]}, SEEDS.schema)
    given_ = Records(DAY0, DAY0, FusionPolicy(), {"seeds": (RUN, table)})
    seen = seen_by(
        given_, InfluencerRule("seeds", first=1, margin=1, ranking="seeds"), {("bob",): DAY0, ("cid",): DAY0}
    )
    assert list(seen.beyond) == [("ann",)]
    assert seen.held == {("bob",)}


@pytest.mark.parametrize("clock", [-40.0, -2.0, -0.001])
def test_a_clock_that_is_set_back_ends_no_silence(clock: float) -> None:
    rule = SilenceRule("quiet", days=3.0)
    rows = [did(0, "ann", "acme", "purchase"), did(1, "ann", "acme", "purchase")]
    former = {("all",): at(4.0005)}
    assert seen_by(records(rows, now=4.0005 + clock), rule, former).held == ({("all",)} if clock > -3 else set())
    spoken = [*rows, did(1.5, "ann", "acme", "purchase")]
    assert seen_by(records(spoken, now=4.0), rule, former).held == set()


def test_a_silence_that_has_lasted_too_long_to_be_told_has_not_ended() -> None:
    rule = SilenceRule("quiet", days=3.0, forget_days=10.0)
    seen = seen_by(records([did(0, "ann", "acme", "purchase")], now=11), rule, {("all",): at(4)})
    assert (seen.beyond, seen.held) == ({}, {("all",)})


def test_a_score_that_differs_from_its_limit_by_rounding_is_not_beyond_it() -> None:
    rule = BondRule("low", below=2.0)
    for score, fires in ((2.0 - 1e-9, False), (2.0 + 1e-9, False), (2.0 - 1e-5, True)):
        given_ = Records(DAY0, DAY0, FusionPolicy(), scores([("ann", "x", score)]))
        assert bool(seen_by(given_, rule, {}).beyond) is fires


def test_a_ranking_is_an_order_of_people_by_either_name() -> None:
    assert conditions.ranking_of("pagerank") is conditions.ranking_of("rank")
    assert conditions.ranking_of("seeds").kind == "seeds"
    with pytest.raises(InputError, match="'score' is no ranking of people; use rank, authority"):
        conditions.ranking_of("score")
    with pytest.raises(NotFound, match="no kind of result 'rnak'"):
        conditions.ranking_of("rnak")


def test_a_complaint_of_which_it_cannot_be_told_any_more_stays_told() -> None:
    rows = [did(0, "ann", "acme", "complaint"), did(20, "bob", "acme", "purchase")]
    seen = seen_by(records(rows), ComplaintRule("alone"), {("e0", "ann", "acme"): at(10)})
    assert (seen.beyond, seen.held) == ({}, {("e0", "ann", "acme")})
