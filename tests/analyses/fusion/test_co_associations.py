"""Brands named together: a naive sum, both directions, what no longer counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from influence_graph.analyses.fusion.co_associations import co_associations
from influence_graph.errors import InputError
from influence_graph.model.policy.policy import FusionPolicy

START = datetime(2026, 1, 1, tzinfo=UTC)


def event(id_: str, consumer: str, brand: str, named: str | None, day: float = 0, **more: Any) -> dict[str, Any]:
    at = START + timedelta(days=day)
    return {"event_id": id_, "consumer": consumer, "brand": brand, "with_brands": named, "at": at, **more}


EVENTS = [
    event("1", "ann", "acme", "bolt|cog"),
    event("2", "ann", "bolt", "acme", day=10),
    event("3", "bob", "acme", "bolt", day=20),
    event("4", "bob", "cog", None, day=30),
    event("5", "cat", "cog", "acme|cog", day=25),
    event("6", "cat", "cog", None, day=40, kind="retraction", replaces="5"),
]


def naive(events: list[dict[str, Any]], now: datetime, half_life: float) -> dict[tuple[str, str], list[float]]:
    pairs: dict[tuple[str, str], list[Any]] = {}
    for row in events:
        age = (now - row["at"]).days
        for other in (row["with_brands"] or "").split("|"):
            if other and other != row["brand"]:
                for pair in ((row["brand"], other), (other, row["brand"])):
                    strength, count, who = pairs.setdefault(pair, [0.0, 0, set()])
                    pairs[pair] = [strength + 0.5 ** (age / half_life), count + 1, who | {row["consumer"]}]
    return {pair: [strength, count, len(who)] for pair, (strength, count, who) in pairs.items()}


@pytest.mark.parametrize("half_life", [7.0, 365.0])
@pytest.mark.parametrize(("day", "counting"), [(40, "1234"), (30, "12345"), (15, "12")])
def test_strengths_are_those_of_a_naive_sum_in_both_directions(half_life: float, day: int, counting: str) -> None:
    now = START + timedelta(days=day)
    frame = co_associations(pd.DataFrame(EVENTS), now, FusionPolicy(link_half_life_days=half_life))
    expected = naive([row for row in EVENTS if row["event_id"] in counting], now, half_life)
    assert list(zip(frame["brand"], frame["other"], strict=True)) == sorted(expected)
    for row in frame.itertuples():
        assert [row.strength, row.events, row.consumers] == pytest.approx(expected[row.brand, row.other])
    assert frame.attrs["as_of"] == now


def test_the_latest_time_is_the_default_and_nothing_gives_no_rows() -> None:
    assert co_associations(pd.DataFrame(EVENTS)).attrs["as_of"] == START + timedelta(days=40)
    empty = co_associations(pd.DataFrame(EVENTS[3:4]))
    assert empty.columns.tolist() == ["brand", "other", "strength", "events", "consumers"]
    assert empty.empty
    with pytest.raises(InputError, match="time zone"):
        co_associations(pd.DataFrame(EVENTS), "2026-01-01T00:00:00")
