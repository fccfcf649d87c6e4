"""The view of a person against explanations, and against counts made one by one."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.errors import InputError, NotFound
from influence_graph.model.names import NodeNames
from tests.analyses.brand.events import START, crowd, events

TIES = pd.DataFrame(
    {
        "source": ["c2", "c3", "c4", "c1", "c1", "c9"],
        "target": ["c1", "c1", "c1", "c5", "c6", "c8"],
        "kind": ["follows", "exposed", "friend", "follows", "friend", "follows"],
    }
)
LEARNED = pd.DataFrame(
    {
        "source": ["c1", "c1", "c5", "c2"],
        "target": ["c2", "c7", "c1", "c3"],
        "probability": [0.5, 0.25, 0.75, 0.9],
        "mean_delay": [86_400.0, None, 60.0, 1.0],
    }
)


def records(**given: Any) -> ig.PersonRecords:
    return ig.PersonRecords(**({"ties": TIES} | given))


@pytest.mark.parametrize("half_life", [np.inf, 45.0])
@pytest.mark.parametrize("person", ["c1", "c17"])
def test_given_received_and_spilled_are_the_terms_of_each_bond(person: str, half_life: float) -> None:
    frame, policy = crowd(), ig.FusionPolicy(half_life_days=half_life)
    brands = ig.person_view(frame, person, policy=policy).dealings.brands.set_index("brand")
    scores = ig.fusion_scores(frame, policy=policy)
    assert set(brands.index) == set(scores.loc[scores["consumer"] == person, "brand"])
    own = frame[frame["consumer"] == person]
    for brand, row in brands.iterrows():
        explained = ig.explain(frame, person, str(brand), policy=policy)
        terms = explained.contributions
        direct = terms[terms["term"] != "spillover"].groupby("direction")["contribution"].sum()
        assert row["given"] == pytest.approx(direct.get("to_brand", 0.0))
        assert row["received"] == pytest.approx(direct.get("to_consumer", 0.0))
        spilled = terms.loc[terms["term"] == "spillover", "contribution"].sum()
        assert row["spilled"] == pytest.approx(spilled, abs=1e-9)
        assert row["fusion_score"] == pytest.approx(explained.score)
        assert row["events"] == (own["brand"] == brand).sum()
        if row["events"]:
            times = own.loc[own["brand"] == brand, "at"]
            assert (row["first"], row["last"]) == (times.min(), times.max())


def test_touchpoints_hold_the_points_of_the_day_in_both_directions() -> None:
    frame = events((0, "a", "x", "purchase"), (5, "a", "x", "giveaway"), (9, "a", "y", "complaint"))
    part = ig.person_view(frame, "a").dealings
    found = {(row.touchpoint, row.direction): (row.events, row.points) for row in part.touchpoints.itertuples()}
    loss = -2.25 * 2**0.88
    assert found == {
        ("executional_excellence", "to_brand"): (1, pytest.approx(1.0)),
        ("executional_excellence", "to_consumer"): (0, pytest.approx(0.5**0.88)),  # the goods for the money
        ("engagement", "to_consumer"): (1, pytest.approx(2**0.88)),
        ("problem_recovery", "to_brand"): (1, pytest.approx(loss)),
    }
    assert dict(zip(part.votes["vote"], part.votes["votes"], strict=True)) == {"wallet": 1, "voice": 1}
    assert part.spoke == 1


def test_what_was_paid_for_stands_apart() -> None:
    frame = events((0, "a", "x", "recommend"), (1, "a", "x", "recommend"), (2, "a", "x", "wear"))
    frame = frame.assign(paid=pd.Series([True, False, None], dtype=object))
    view = ig.person_view(frame, "a")
    assert (view.dealings.giving.paid, view.dealings.giving.meant, view.dealings.giving.unstated) == (1, 1, 1)
    assert view.dealings.given == pytest.approx(3**0.88 + 1)
    text = " ".join(view.dealings.sentences())
    assert "Paid for: 1 interaction, worth +2.63 points if they were meant; meant: 1; not said: 1." in text
    nothing = " ".join(ig.person_view(frame.drop(columns="paid"), "a").dealings.sentences())
    assert "Paid or meant: not on record." in nothing


def test_influence_runs_along_ties_and_what_was_learned() -> None:
    circle = ig.person_view(crowd(), "c1", records=records(learned=LEARNED, run="learned by run 7")).circle
    moves, moved_by = (each.set_index("id") for each in (circle.moves, circle.moved_by))
    assert moves["tie"].to_dict() == {"c2": "follows", "c3": "exposed", "c4": "friend", "c6": "friend", "c7": ""}
    assert moved_by["tie"].to_dict() == {"c5": "follows", "c4": "friend", "c6": "friend"}
    assert moves["probability"].dropna().to_dict() == {"c2": 0.5, "c7": 0.25}
    assert moved_by["probability"].dropna().to_dict() == {"c5": 0.75}
    assert moves.loc["c2", "mean_delay"] == 86_400.0
    assert circle.moves["id"].tolist()[:2] == ["c2", "c7"]
    assert circle.followers == 4
    text = " ".join(circle.sentences(NodeNames({"c2": "Cecil"})))
    assert "Moves most: Cecil (c2) (50.0%), c7 (25.0%) (learned by run 7)." in text
    assert "Is moved most by: c5 (75.0%)" in text


def test_without_learned_influence_the_ties_say_it_and_the_command_is_named() -> None:
    circle = ig.person_view(crowd(), "c1", records=records()).circle
    assert circle.moves["probability"].isna().all()
    assert "not learned; run `influence-graph learn --write`" in " ".join(circle.sentences())
    alone = ig.person_view(crowd(), "c1").circle
    assert not alone.tied
    assert alone.sentences() == ["Ties: not on record of anybody; followers that the records state: not on record."]


@pytest.mark.parametrize("seed", range(4))
def test_who_came_after_is_counted_pair_by_pair(seed: int) -> None:
    frame = crowd(12, seed)
    circle = ig.person_view(frame, "c1", records=records()).circle
    acts = frame[~frame["kind"].isin(["recovery", "giveaway"])]
    first = acts.groupby(["consumer", "brand"])["at"].min().to_dict()
    mine = {brand: at for (who, brand), at in first.items() if who == "c1"}
    for people, sign in ((circle.moves, 1), (circle.moved_by, -1)):
        for row in people.itertuples():
            gaps = [(first[row.id, brand] - at) * sign for brand, at in mine.items() if (row.id, brand) in first]
            zero = timedelta(0)
            counts = (sum(g > zero for g in gaps), sum(g < zero for g in gaps), len(gaps))
            assert (row.after, row.before, row.brands) == counts
    seen = {(row.id, row.brand): row.their_at for row in circle.came_after.itertuples()}
    expected = {
        (who, brand): at
        for (who, brand), at in first.items()
        if who in {"c2", "c3", "c4", "c6"} and brand in mine and at > mine[brand]
    }
    assert seen == expected
    later = acts[acts["consumer"].isin(["c2", "c3", "c4", "c6"]) & (acts["at"] > acts["brand"].map(mine))]
    assert circle.echoes["at"].tolist() == sorted(later["at"])


def test_ten_people_give_the_share_of_those_who_came_later_an_interval() -> None:
    rows = [(0, "a", "x", "wear"), *((1 + n, f"f{n}", "x", "wear") for n in range(6)), (0, "f9", "y", "wear")]
    ties = pd.DataFrame({"source": [f"f{n}" for n in range(12)], "target": "a"})
    view = ig.person_view(events(*rows), "a", records=ig.PersonRecords(ties=ties))
    assert view.circle.followed is not None
    assert (view.circle.followed.value, view.circle.followed.count) == (0.5, 12)
    assert "does not prove" in " ".join(view.circle.sentences())


def test_the_image_is_what_is_shown_together_and_what_rubs_off() -> None:
    frame = events((0, "s", "sweater", "wear"), (1, "s", "fish", "complaint"), (2, "t", "sweater", "wear"))
    frame = frame.assign(points=[3.0, -8.0, 1.0], with_brands=[None, "sweater", None])
    image = ig.person_view(frame, "s").image
    assert image.together[["brand", "other", "events"]].to_numpy().tolist() == [["fish", "sweater", 1]]
    assert image.spilled.to_numpy().tolist() == [["fish", "sweater", -2.0]]
    row = image.standing.set_index("brand").loc["sweater"]
    assert (row["fusion_score"], row["others"]) == (1.0, 1)
    assert np.isnan(row["lower"])
    assert "Rubbed off most, from fish on the bond with sweater: -2 points." in image.sentences()


def test_a_bond_stands_among_those_of_other_people() -> None:
    frame = crowd(40)
    scores = ig.fusion_scores(frame)
    for row in ig.person_view(frame, "c3").image.standing.itertuples():
        others = scores[(scores["brand"] == row.brand) & (scores["consumer"] != "c3")]["fusion_score"]
        assert row.others == len(others)
        if len(others) >= 10:
            assert row.mean == pytest.approx(others.mean())
            assert row.lower == pytest.approx(
                (others < row.fusion_score).mean() + (others == row.fusion_score).mean() / 2
            )


def test_decades_are_told_year_by_year_with_the_silent_ones() -> None:
    rows = [(-365.25 * 35, "june", "loafers", "wear"), (-365.25 * 30, "june", "loafers", "wear")]
    frame = events(*rows, (0, "june", "coat", "complaint"), (400, "other", "coat", "wear"))
    history = ig.person_view(frame, "june").history
    assert history.unit == "year"
    assert history.periods["start"].dt.year.tolist() == [1991, 1996, 2026]
    assert history.periods["given"].tolist() == pytest.approx([1.0, 1.0, -2.25 * 2**0.88])
    assert history.silent == ((1992, 1995), (1997, 2025), (2027, 2027))
    text = " ".join(history.sentences(NodeNames(brands={"coat": "The Coat"})))
    assert "First event: 1991-" in text
    assert "last: 2026-01-01, complaint with The Coat (coat)" in text
    assert "Nothing is on record in 34 years since then: 1992 to 1995, 1997 to 2025, 2027." in text


@pytest.mark.parametrize("half_life", [np.inf, 30.0])
def test_the_curve_is_the_sum_of_the_scores_at_each_time(half_life: float) -> None:
    frame, policy = crowd(20), ig.FusionPolicy(half_life_days=half_life)
    curve = ig.person_view(frame, "c2", policy=policy).history.curve.drop_duplicates("at", keep="last")
    for row in curve.iloc[:: len(curve) // 6].itertuples():
        scores = ig.fusion_scores(frame, row.at, policy)
        assert row.total == pytest.approx(scores.loc[scores["consumer"] == "c2", "fusion_score"].sum())


def test_a_corrected_event_counts_until_the_correction_is_known() -> None:
    frame = events((0, "a", "x", "wear"), (10, "b", "y", "retraction")).assign(points=[5.0, None])
    frame["replaces"] = pd.Series([None, "e0"], dtype=object)
    view = ig.person_view(frame, "a")
    assert view.dealings.brands.empty
    curve = view.history.curve
    early = ig.person_view(frame, "a", as_of=START + timedelta(days=5))
    assert early.history.curve["total"].tolist()[-1] == 5.0
    assert curve["total"].tolist()[-1:] in ([], [0.0])


def test_undated_records_have_no_history_and_nobody_came_first() -> None:
    frame = crowd(20).assign(at=START)
    view = ig.person_view(frame, "c1", records=records())
    assert view.history.curve.empty
    assert view.circle.came_after.empty
    assert view.circle.echoes.empty
    assert view.circle.followed is None
    text = " ".join(sentence for part in view.sections().values() for sentence in part)
    assert "History: not on record: all 240 records bear the same time." in text
    assert "Who came after whom: not on record" in text


def test_a_person_of_ties_alone_has_a_view_too() -> None:
    view = ig.person_view(crowd(8), "c99", records=records(ties=pd.DataFrame({"source": ["c1"], "target": ["c99"]})))
    assert view.dealings.brands.empty
    assert view.circle.moves["id"].tolist() == ["c1"]
    text = " ".join(sentence for part in view.sections().values() for sentence in part)
    assert "No interaction with any brand is on record." in text
    assert "nan" not in text
    json.dumps(view.to_dict(), allow_nan=False)


def test_what_is_declared_is_said_as_declared() -> None:
    people = pd.DataFrame({"id": ["c1", "c2"], "kind": ["influencer", None], "style": ["passive", None]})
    people["followers"] = [0, None]
    declared = ig.person_view(crowd(8), "c1", records=records(people=people))
    assert declared.declaration() == "The records declare a passive influencer; this is not calculated."
    assert declared.circle.declared == 0
    other = ig.person_view(crowd(8), "c2", records=records(people=people))
    assert "not on record" in other.declaration()
    assert other.circle.declared is None


def test_the_frame_has_every_measure_and_why_one_is_not_known() -> None:
    frame = ig.person_view(crowd(), "c1").to_frame().set_index("measure")
    assert frame.loc["bonds", "value"] == len(ig.person_view(crowd(), "c1").dealings.brands)
    assert frame.loc["people who came after", "method"] == "not on record: no ties of anybody"
    assert frame.loc["mean bond", "method"] == "too few observations"


def test_bad_input_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(NotFound, match="did you mean 'june'"):
        ig.person_view(events((0, "june", "x", "wear")), "jun")
    with pytest.raises(InputError, match="no interactions"):
        ig.person_view(crowd().head(0), "c1", records=records())
    with pytest.raises(InputError, match="must be a PersonRecords"):
        ig.person_view(crowd(), "c1", records=TIES)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no numbers"):
        ig.PersonRecords(learned=LEARNED.assign(probability="often"))
    with pytest.raises(InputError, match="probability"):
        ig.PersonRecords(learned=LEARNED.drop(columns="probability"))
