"""What a next campaign of a brand could show, and which segments to hold out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from influence_graph.app.lift.plan import plan_of_brand
from influence_graph.errors import InputError, NotFound
from influence_graph.model.json_values import json_text
from influence_graph.model.records import BRANDS, SALES
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.lift.given import TOWNS, acme, people, put, sales


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with EmbeddedStore(tmp_path / "store") as made:
        made.migrate()
        yield made


def test_segments_are_ranked_by_how_well_they_follow_and_by_who_sees_others(store: Store) -> None:
    acme(store)
    # Two people of the south and one of the west see others; who sees within a town sees nobody else.
    away = [("south0", "north0", "follows"), ("south1", "east0", "follows"), ("west0", "south0", "friend")]
    people(store, [*away, ("east0", "east1", "follows")])
    with store.snapshot() as view:
        found = plan_of_brand(view, "acme", 7, 0.1)
    table = found.segments.set_index("segment")
    assert table["people"].to_dict() == dict.fromkeys(TOWNS, 10)
    assert table["seeing"].to_dict() == {"east": 0, "north": 0, "south": 2, "west": 1}
    values = {
        town: np.array([row["value"] for row in sales("acme", TOWNS, rise={"north": 20.0}) if row["segment"] == town])
        for town in TOWNS
    }
    for town in TOWNS:
        rest = sum(values[other] for other in TOWNS if other != town)
        assert table["follows"][town] == pytest.approx(np.corrcoef(values[town], rest)[0, 1])
        assert table["per_day"][town] == pytest.approx(values[town].mean())
    places = table["follows"].rank(ascending=False) + table["share"].rank()
    assert table.index.tolist() == sorted(TOWNS, key=lambda town: (places[town], town))
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert found.plan.power is not None
    assert found.sentences()[-1].startswith(f"To hold a segment out, begin with {table.index[0]}: its days follow")
    assert json.loads(json_text(found.to_dict()))["brand_name"] == "Acme & Co"


def test_without_ties_the_days_alone_rank_and_below_three_segments_nothing(store: Store) -> None:
    acme(store)
    put(store, BRANDS, [{"id": "two"}, {"id": "none"}])
    put(store, SALES, sales("two", ("a", "b")))
    put(store, SALES, sales("none", ("",)))
    with store.snapshot() as view:
        alone = plan_of_brand(view, "acme", 7)
        assert "segments are ranked by their days alone" in alone.notes[-1]
        assert alone.segments["follows"].is_monotonic_decreasing
        for brand, why in (("two", "It has fewer than 3 segments"), ("none", "It is not counted by segment")):
            found = plan_of_brand(view, brand, 7)
            assert found.notes == (f"{why}: none can be held out.",)
            assert len(found.sentences()) == 1


def test_what_cannot_be_planned_is_one_line(store: Store) -> None:
    acme(store)
    put(store, BRANDS, [{"id": "nova"}])
    with store.snapshot() as view:
        with pytest.raises(NotFound, match="no brand 'acne'; did you mean 'acme'"):
            plan_of_brand(view, "acne", 7)
        with pytest.raises(InputError, match="the brand 'nova' has no sales"):
            plan_of_brand(view, "nova", 7)
        with pytest.raises(InputError, match="80 days before the event"):
            plan_of_brand(view, "acme", 60)
