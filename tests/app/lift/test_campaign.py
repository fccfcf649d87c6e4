"""What a campaign of a store did: which design, who is compared, what else was going on."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from influence_graph.analyses.lift.campaign_result import CampaignLift
from influence_graph.analyses.lift.panel_result import ALL, CLEAN, PanelLift
from influence_graph.analyses.lift.series_result import SeriesLift
from influence_graph.app.lift.campaign import lift_of_campaign, lifts_of_campaigns
from influence_graph.errors import InputError, NotFound
from influence_graph.ingest.markets import MarketParameters
from influence_graph.model.json_values import json_text
from influence_graph.model.parameters import CampaignLiftParameters
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, SALES
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore
from tests.app.lift.given import FIRST, SMALL, acme, campaign, did, market_in, people, put, sales

ROW = (
    "campaign", "brand", "day", "days", "outcome", "status", "design", "total", "low", "high", "relative",
    "relative_low", "relative_high", "p", "lag", "lag_low", "lag_high", "reason", "others",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with EmbeddedStore(tmp_path / "store") as made:
        made.migrate()
        yield made


def lift(store: Store, id_: str = "k1", **parameters: Any) -> CampaignLift:
    with store.snapshot() as view:
        return lift_of_campaign(view, id_, CampaignLiftParameters(**parameters))


def panel(found: CampaignLift) -> PanelLift:
    assert isinstance(found.result, PanelLift)
    return found.result


def test_segments_without_it_are_what_would_have_been_and_the_rise_is_found(store: Store) -> None:
    acme(store)
    found = lift(store)
    assert found.design == "few treated"
    row = found.row()
    assert tuple(row) == ROW
    assert (row["campaign"], row["brand"], row["day"], row["days"]) == ("k1", "acme", FIRST + timedelta(60), 14)
    assert row["low"] <= 14 * 20 <= row["high"]
    assert row["status"] == "higher"
    assert row["relative_low"] <= 20 <= row["relative_high"]
    assert row["lag"] == 0
    assert row["reason"] is None
    assert sorted(panel(found).weights["unit"]) == ["east", "south", "west"]
    assert found.title() == "Sales of Acme & Co (acme) after the concert k1 in north"
    assert len(found.to_frame()) == 74
    assert {type(day) for day in found.to_frame()["date"]} == {date}
    assert any("Who sees whom across segments is not on record" in note for note in found.notes)


def test_segments_whose_people_see_the_treated_are_left_out_and_it_is_said_with_them_too(store: Store) -> None:
    acme(store)
    # Of ten people each: one of the south, two of the west, see somebody of the north; the east is seen by them.
    seen = [("south0", "north0", "follows"), ("west0", "north1", "friend"), ("west1", "north1", "follows")]
    people(store, [*seen, ("north2", "east0", "follows"), ("west0", "east1", "follows")])
    found = lift(store, exposed=0.2)
    table = found.exposure.set_index("segment")
    assert table["people"].tolist() == [10] * 4
    assert table["seeing"].drop("north").to_dict() == {"east": 0, "south": 1, "west": 2}
    assert table["share"].drop("north").to_dict() == {"east": 0.0, "south": 0.1, "west": 0.2}
    assert table["left_out"].to_dict() == {"east": "", "north": "", "south": "", "west": "ties to the treated"}
    assert panel(found).left_out == ("west",)
    assert panel(found).estimates["method"].isin([CLEAN, ALL]).sum() == 2
    assert panel(lift(store, exposed=0.1)).left_out == ("south", "west")
    assert not panel(lift(store, exposed=0.21)).left_out
    assert "Not compared with west (ties to the treated)." in found.notes


def test_where_all_others_see_it_its_own_segments_are_one_series(store: Store) -> None:
    acme(store, campaign("k1"), campaign("k2", segment="east"))
    people(store, [(f"{town}0", "north0", "follows") for town in ("south", "west")])
    found = lift(store)
    assert found.design == "one series"
    assert isinstance(found.result, SeriesLift)
    assert found.campaigns == ("k1", "k2")
    assert found.to_frame()["actual"].iloc[0] > 150  # two towns of around 100
    assert any("No other segment is left to compare with" in note for note in found.notes)


def test_records_of_the_same_brand_day_kind_and_note_are_one_campaign(store: Store) -> None:
    same = [campaign(f"k{n}", segment=town, note="tour") for n, town in enumerate(("north", "south"), 1)]
    other = campaign("x1", segment="east", note="other tour")
    acme(store, *same, other, segments=("east", "north", "south", "west", "central"))
    first, second = lift(store, "k1"), lift(store, "k2")
    assert first.campaigns == second.campaigns == ("k1", "k2")
    assert first.segments == ("north", "south")
    assert first.row() | {"campaign": ""} == second.row() | {"campaign": ""}
    assert "It was recorded as 2 events, in 2 segments." in first.notes
    assert "Its day is taken in UTC." in first.notes
    assert lift(store, "x1").campaigns == ("x1",)


def test_other_campaigns_of_these_days_are_named_and_their_segments_left_out(store: Store) -> None:
    near = [
        campaign("before", 50, "north"),
        campaign("within", 73, "south"),
        campaign("same", 60, "west", kind="discount"),
        campaign("late", 74, "east"),
        campaign("early", 40, "north"),
        campaign("whole", 30, None),
    ]
    acme(store, campaign("k1"), *near, segments=("east", "north", "south", "west", "central"), days=100)
    found = lift(store)
    told = [note for note in found.notes if "cannot be told apart" in note]
    assert found.others == ("concert before on 2026-02-24",)
    assert found.row()["others"] == 1
    assert told == ["The concert before began on 2026-02-24 in north: what it did cannot be told apart."]
    assert "2 earlier campaigns of the brand came before: the declared days are not used." in found.notes
    left = found.exposure.set_index("segment")["left_out"]
    assert left.to_dict() == {
        "central": "", "east": "", "north": "", "south": "another campaign", "west": "another campaign",
    }  # fmt: skip
    assert panel(found).left_out == ("south", "west")


def test_another_campaign_of_the_whole_brand_leaves_nobody_to_compare_with(store: Store) -> None:
    acme(store, campaign("k1"), campaign("all", 65, None))
    found = lift(store)
    assert found.design == "one series"
    assert "The concert all began on 2026-03-11: what it did cannot be told apart." in found.notes


def test_without_a_segment_or_one_that_is_counted_the_brand_is_one_series(store: Store) -> None:
    acme(store, campaign("k1", segment=None), campaign("k2", segment="elsewhere", kind="tour"))
    for id_ in ("k1", "k2"):
        found = lift(store, id_)
        assert found.design == "one series"
        assert found.to_frame()["actual"].iloc[0] > 350
    assert any("None of its segments is one of those counted" in note for note in lift(store, "k2").notes)
    assert "Not compared with other brands" not in " ".join(lift(store).notes)


def test_interactions_are_counted_by_day_and_by_the_city_of_who_did_it(store: Store) -> None:
    acme(store)
    people(store, [])
    towns = ("east", "north", "south", "west")
    number = {town: [1 + (day + place) % 5 for day in range(80)] for place, town in enumerate(towns)}
    who = {day: [f"{town}{n}" for town in towns for n in range(number[town][day])] for day in range(80)}
    put(store, INTERACTIONS, [row for day, names in who.items() for row in did(names, [day], "seen it")])
    put(store, INTERACTIONS, did(["north5", "north6"], range(0, 80, 3), "cursed", valence=-0.5))
    put(store, INTERACTIONS, did(["south5"], range(0, 80, 4), "cursed", valence=-0.5))
    put(store, INTERACTIONS, did(["nobody"], range(80), "from elsewhere"))
    found = lift(store, outcome="interactions")
    assert found.design == "few treated"
    expected = [n + 2 * (day % 3 == 0) for day, n in enumerate(number["north"])]
    assert found.to_frame()["actual"].tolist() == expected[:74]
    assert found.title().startswith("Interactions with Acme")
    assert "80 of 1,114 of these interactions are of people whose city is not on record." in found.notes
    sentiment = lift(store, outcome="sentiment")
    assert sentiment.to_frame()["actual"].tolist() == [-float(day % 3 == 0) for day in range(74)]
    assert lift(store, outcome="Seen-It").to_frame()["actual"].tolist() == number["north"][:74]


def test_an_interaction_at_the_end_of_a_day_is_of_that_day_in_utc(store: Store) -> None:
    acme(store, campaign("k1", segment=None))
    put(store, INTERACTIONS, did(["ann"], [*range(0, 80, 2), 79]))
    frame = lift(store, outcome="follow").to_frame()
    assert frame["actual"].tolist()[:5] == [1.0, 0.0, 1.0, 0.0, 1.0]
    assert frame["date"].iloc[0] == FIRST


@pytest.mark.parametrize(
    ("day", "days", "reason"),
    [
        (60, 21, "the last declared day is 2026-03-26, the last day of the data 2026-03-25"),
        (20, 7, "20 days before the event on 2026-01-25, must be at least 28"),
        (-3, 7, "the campaign on 2026-01-02 is not after the first day of what is counted, 2026-01-05"),
        (-90, 7, "the campaign on 2025-10-07 is not after the first day of what is counted, 2026-01-05"),
        (100, 7, "the last declared day is 2026-04-21, the last day of the data 2026-03-25"),
    ],
)
def test_what_the_days_do_not_allow_cannot_be_told_and_is_said(store: Store, day: int, days: int, reason: str) -> None:
    acme(store, campaign("k1", day, None))
    found = lift(store, days=days)
    assert (found.status, found.reason, found.result) == ("cannot tell", reason, None)
    row = found.row()
    assert tuple(row) == ROW
    assert {row[name] for name in ("total", "low", "high", "p", "lag", "design", "relative")} == {None}
    assert found.sentences() == [f"Over the {days} declared days from {found.day} it cannot be told: {reason}."]
    with pytest.raises(InputError, match=reason):
        found.told()
    with pytest.raises(InputError, match=reason):
        found.to_frame()
    assert json.loads(json_text(found.to_dict()))["daily"] == []


def test_sales_that_would_count_twice_are_refused_or_said_not_to_be_used(store: Store) -> None:
    acme(store, campaign("k1"), campaign("whole", 62, None))
    put(store, SALES, [{"brand": "acme", "date": FIRST, "value": 400.0, "segment": ""}])
    assert "Not used: 1 row of sales without a segment." in lift(store).notes
    with pytest.raises(InputError, match="1 row without a segment beside 320 with one"):
        lift(store, "whole").told()


def test_gaps_of_another_brand_do_not_hide_the_lift_of_this_one(store: Store) -> None:
    acme(store, campaign("k1", 60, None))
    put(store, BRANDS, [{"id": "gaps"}])
    put(store, SALES, [{"brand": "gaps", "date": FIRST + timedelta(days=n), "value": 1.0} for n in (0, 2)])
    found = lift(store)
    assert found.result is not None
    assert found.second is None


def test_a_brand_of_which_nothing_is_counted_says_what_to_do(store: Store) -> None:
    acme(store, campaign("k1"), campaign("n1", brand="nova"))
    found = lift(store, "n1")
    with pytest.raises(InputError, match=r"the brand 'nova' has no sales in .*; ingest some, or count something else"):
        found.told()
    put(store, INTERACTIONS, did(["ann"], [3]))
    with pytest.raises(InputError, match=r"the brand 'nova' has no interactions that count as 'follow'"):
        lift(store, "n1", outcome="follow").told()


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"id_": "k2"}, NotFound, "no campaign 'k2'"),
        ({"outcome": "folow"}, NotFound, "no interactions of the kind 'folow'; did you mean 'follow'"),
        ({"days": 0}, InputError, "days is 0"),
        ({"exposed": 0.0}, InputError, "exposed is 0"),
        ({"exposed": 1.5}, InputError, "exposed is 1.5"),
        ({"seed": -1}, InputError, "seed"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    store: Store, parameters: dict[str, Any], error: type[Exception], message: str
) -> None:
    acme(store)
    put(store, INTERACTIONS, did(["ann"], [3]))
    with pytest.raises(error, match=message):
        lift(store, **parameters)


def test_an_empty_store_has_no_campaign(store: Store) -> None:
    with pytest.raises(NotFound, match="no campaign 'k1'"):
        lift(store)


def test_a_whole_campaign_is_compared_with_brands_that_nothing_ties_to_it(store: Store) -> None:
    acme(store, campaign("k1", segment=None))
    for n in range(7):
        put(store, BRANDS, [{"id": f"b{n}", "name": f"Brand {n}"}])
        put(store, SALES, sales(f"b{n}", ("all", f"t{n}")))
    put(store, SALES, sales("short", ("all",), days=70))
    put(store, CAMPAIGNS, [campaign("k9", 65, None, brand="b0"), campaign("k8", 20, None, brand="b1")])
    put(store, INTERACTIONS, did(["ann"], [3], with_brands="b6"))
    found = lift(store)
    assert found.design == "one series"
    assert found.second is not None
    assert sorted(found.second.weights["unit"]) == ["b1", "b2", "b3", "b4", "b5"]
    assert found.second.left_out == ("b0", "b6")
    note = "Other brands left out of the comparison: Brand 0 (b0) (concert k9 on 2026-03-11),"
    assert f"{note} Brand 6 (b6) (named together with it)." in found.notes
    assert "Against 5 other brands, a second opinion:" in found.sentences()[-1]
    put(store, CAMPAIGNS, [campaign("k7", 60, None, brand="b2", kind="tour")])
    fewer = lift(store)
    assert fewer.second is None
    assert "Not compared with other brands: 4 other brands could be, 5 would be needed." in fewer.notes


@pytest.mark.parametrize("seed", [5, 6])
def test_the_truth_is_in_the_intervals_of_campaigns_that_were_alone(store: Store, seed: int) -> None:
    parameters = MarketParameters(people=1200, segments=24, brands=10, days=200, campaigns=12, repeated=0, seed=seed)
    truth = {each["event_ids"][0]: each for each in market_in(store, parameters).truth["campaigns"]}
    rows = []
    with store.snapshot() as view:
        for found in lifts_of_campaigns(view, CampaignLiftParameters(days=28)):
            told = found.row()
            if told["low"] is not None and not any("see those of" in each or "apart" in each for each in found.notes):
                assert found.segments == tuple(truth[found.campaign]["segments"])
                assert str(found.day) == truth[found.campaign]["date"]
                rows.append(told["low"] <= truth[found.campaign]["caused_total"] <= told["high"])
    assert len(rows) >= 4
    assert sum(rows) >= len(rows) - 1


@pytest.mark.neo4j
def test_both_stores_give_the_same_bytes(neo4j_store: Neo4jStore, store: Store) -> None:
    for each in (store, neo4j_store):
        market_in(each, SMALL)
    texts = []
    for each in (store, neo4j_store):
        with each.snapshot() as view:
            made = [
                found.to_dict()
                for outcome in ("sales", "follow")
                for found in lifts_of_campaigns(view, CampaignLiftParameters(outcome=outcome))
            ]
        texts.append(json_text(made))
    assert texts[0] == texts[1]
    assert '"design": "few treated"' in texts[0]
