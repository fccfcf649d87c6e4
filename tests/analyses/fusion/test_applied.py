"""One row per event: what it means and adds, also where it does not count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from influence_graph.analyses.fusion.applied import applied_points
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.touchpoints import KindRule, TouchpointTable

DAY = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = TouchpointTable(
    {
        "gift": KindRule(direction="to_consumer", touchpoint="brand_experience", returned=0.5),
        "moan": KindRule(touchpoint="problem_recovery", valence=-1.0),
    }
)
POLICY = FusionPolicy(table=TABLE, half_life_days=10, spillover=0)


def event(id_: str, day: int = 0, **more: Any) -> dict[str, Any]:
    return {"event_id": id_, "at": DAY + timedelta(days=day), "consumer": "ann", "brand": "acme", **more}


EVENTS = [
    event("gift", kind="gift"),
    event("moan", 5, kind="moan"),
    event("declared", 6, points=-3.0, kind="gift", direction="to_brand"),
    event("odd", 7, kind="never heard of"),
    event("wrong", 8, kind="moan"),
    event("back", 9, kind="retraction", replaces="wrong"),
    event("later", 30, kind="gift"),
]


def shown(policy: FusionPolicy = POLICY) -> dict[str, tuple[Any, ...]]:
    table = applied_points(pd.DataFrame(EVENTS), DAY + timedelta(days=10), policy)
    return {row["event_id"]: tuple(row.values())[1:] for row in table.to_pylist()}


def test_each_event_has_its_meaning_and_points_only_where_it_counts() -> None:
    found = shown()
    assert set(found) == {row["event_id"] for row in EVENTS}
    assert found["gift"] == ("to_consumer", "brand_experience", 1.0, 1.0, pytest.approx(0.5**0.88))
    assert found["moan"] == ("to_brand", "problem_recovery", -1.0, -2.25, None)
    assert found["declared"] == ("to_brand", "brand_experience", -1.0, -3.0, None)
    assert found["odd"] == ("to_brand", None, None, 0.0, None)
    assert found["wrong"] == ("to_brand", "problem_recovery", -1.0, None, None)
    assert found["back"][3:] == (None, None)
    assert found["later"] == ("to_consumer", "brand_experience", 1.0, None, None)


def test_decayed_to_the_day_of_the_scores_they_are_the_scores() -> None:
    ages = {row["event_id"]: (DAY + timedelta(days=10) - row["at"]).days for row in EVENTS}
    total = sum(((row[3] or 0) + (row[4] or 0)) * 0.5 ** (ages[id_] / 10) for id_, row in shown().items())
    scores = fusion_scores(pd.DataFrame(EVENTS), DAY + timedelta(days=10), POLICY)
    assert scores["fusion_score"].tolist() == pytest.approx([total])
