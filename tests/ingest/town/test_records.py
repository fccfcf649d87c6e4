"""The town as records: what the arrays say, under public names, and its truth beside them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from influence_graph.ingest.town.events import BROADCASTS, KINDS, ONLINE
from influence_graph.ingest.town.generate import Town, generate_town
from influence_graph.ingest.town.parameters import TownParameters, brand_ids, person_ids
from influence_graph.ingest.town.people import FRIEND
from influence_graph.ingest.town.records import CSV_COLUMNS, batches
from influence_graph.ingest.town.sales import daily_sales
from influence_graph.ingest.town.truth import planted_concerts, truth
from influence_graph.model.touchpoints import TouchpointTable
from tests.ingest.records import tables

TABLE = TouchpointTable.load()


@pytest.fixture(scope="module")
def town() -> Town:
    return generate_town(TownParameters(people=300, brands=16, seed=9, story=False))


@pytest.fixture(scope="module")
def rows(town: Town) -> dict[str, list[dict]]:
    return {name: table.to_pylist() for name, table in tables(batches(town, 1000)).items()}


def test_every_event_is_an_interaction_of_its_person_and_brand(town: Town, rows: dict[str, list[dict]]) -> None:
    people, brands = np.array(person_ids(town.parameters)), brand_ids(town.parameters)
    events = town.events
    expected = [
        (people[town.population.number[user]], brands[brand], KINDS[kind])
        for user, brand, kind in zip(events.user.tolist(), events.brand.tolist(), events.kind.tolist(), strict=True)
    ]
    assert [(row["consumer"], row["brand"], row["kind"]) for row in rows["interactions"]] == expected
    seconds = [(row["at"] - rows["interactions"][0]["at"]).total_seconds() for row in rows["interactions"]]
    assert seconds == (events.second - events.second[0]).tolist()


def test_each_kind_is_known_and_has_its_channel(rows: dict[str, list[dict]]) -> None:
    for row in rows["interactions"]:
        assert TABLE.knows(row["kind"])
        assert row["channel"] == ("online" if row["kind"] in ONLINE else "offline")
        assert (row["reach"] is not None) == (row["kind"] in BROADCASTS)


def test_a_broadcast_reaches_the_followers(town: Town, rows: dict[str, list[dict]]) -> None:
    followers = {row["id"]: row["followers"] for row in rows["people"]}
    assert sum(followers.values()) == town.population.followers().sum()
    for row in rows["interactions"]:
        if row["reach"] is not None:
            assert row["reach"] == followers[row["consumer"]]


def test_ties_are_those_of_the_arrays_with_friends_in_order_of_their_names(
    town: Town, rows: dict[str, list[dict]]
) -> None:
    assert len(rows["ties"]) == town.population.source.size
    assert sum(row["kind"] == "friend" for row in rows["ties"]) == (town.population.kind == FRIEND).sum()
    assert all(row["source"] < row["target"] for row in rows["ties"] if row["kind"] == "friend")


def test_sales_are_those_of_the_array_and_concerts_are_campaigns(town: Town, rows: dict[str, list[dict]]) -> None:
    sales = daily_sales(town.parameters, town.concerts)
    assert sum(row["value"] for row in rows["sales"]) == pytest.approx(sales.sum())
    assert len(rows["sales"]) == sales.size
    concerts = planted_concerts(town)
    assert [(row["event_id"], row["brand"], row["segment"]) for row in rows["campaigns"]] == [
        (concert["event_id"], concert["brand"], concert["segment"]) for concert in concerts
    ]
    for row, concert in zip(rows["campaigns"], concerts, strict=True):
        assert (row["at"].date() + timedelta(days=1)).isoformat() == concert["first_day"]


def test_only_columns_of_the_files_are_filled(rows: dict[str, list[dict]]) -> None:
    for name, records in rows.items():
        filled = {key for row in records for key, value in row.items() if value is not None}
        assert filled <= set(CSV_COLUMNS[name])


def test_the_truth_counts_what_is_in_the_town(town: Town, rows: dict[str, list[dict]]) -> None:
    found = truth(town)
    assert found["counts"]["interactions"] == len(rows["interactions"])
    assert found["counts"]["ties"] == len(rows["ties"])
    assert found["counts"]["adoptions"] == len({(row["consumer"], row["brand"]) for row in rows["interactions"]})
    caused = sum(one["caused_adoptions"] for one in found["influencers"])
    assert caused <= found["counts"]["caused_adoptions"]
    public = [row["consumer"] for row in rows["interactions"] if row["kind"] in BROADCASTS]
    for one in found["influencers"]:
        assert one["broadcasts"] == public.count(one["id"])
        assert (one["broadcasts"] == 0) or one["style"] == "active"
        assert one["id"] not in one["can_influence"]


def test_all_batch_sizes_give_the_same_records(town: Town, rows: dict[str, list[dict]]) -> None:
    small = {name: table.to_pylist() for name, table in tables(batches(town, 37)).items()}
    assert small == rows
