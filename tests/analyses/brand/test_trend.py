"""The trend of a brand against the replay of the ledger at each of its times."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.brand import trend as module
from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.trend import trend
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.brand.events import START, crowd, events

MICRO = timedelta(microseconds=1)


def trend_of(records: pd.DataFrame, brand: str, as_of: datetime, policy: FusionPolicy | None = None) -> pd.DataFrame:
    return trend(brand_ledger(read_ledger(records), brand, policy or FusionPolicy(), as_of))


def replay(records: pd.DataFrame, brand: str, time: datetime, policy: FusionPolicy) -> tuple[float, int]:
    frame = fusion_scores(records, time, policy)
    own = frame.loc[frame["brand"] == brand, "fusion_score"]
    return float(own.sum()), len(own)


def assert_replayed(records: pd.DataFrame, brand: str, found: pd.DataFrame, policy: FusionPolicy) -> None:
    """Check each row of *found*; the first of two of the same time is that just before it."""
    for row, before in zip(found.itertuples(), found["at"].duplicated(keep="last"), strict=True):
        total, bonds = replay(records, brand, row.at - MICRO if before else row.at, policy)
        assert row.total == pytest.approx(total, abs=1e-9)
        assert row.bonds == bonds


def recorded_late_and_corrected() -> pd.DataFrame:
    """Return events of which some are known late, and some replaced or retracted."""
    given = crowd(20, seed=3)
    rng = np.random.default_rng(5)
    late = given["at"] + pd.to_timedelta(np.where(rng.random(len(given)) < 0.3, rng.uniform(1, 60, len(given)), 0), "D")
    given = given.assign(recorded_at=late, replaces=None)
    wrong = given.sample(25, random_state=1)
    corrections = wrong.assign(
        event_id=[f"fix{n}" for n in range(len(wrong))],
        replaces=wrong["event_id"],
        at=wrong["recorded_at"],
        recorded_at=wrong["recorded_at"] + timedelta(days=7),
        kind=["retraction" if n % 3 == 0 else "review" for n in range(len(wrong))],
    )
    return pd.concat([given, corrections], ignore_index=True)


@pytest.mark.parametrize("half_life", [np.inf, 30.0])
@pytest.mark.parametrize("brand", ["acme", "dusk"])
@pytest.mark.parametrize("day", [90, 300])
def test_every_row_is_what_a_replay_gives_as_it_was_known_then(half_life: float, brand: str, day: int) -> None:
    records, policy = recorded_late_and_corrected(), FusionPolicy(half_life_days=half_life)
    found = trend_of(records, brand, START + timedelta(days=day), policy)
    assert found["at"].is_monotonic_increasing
    assert found["at"].iloc[-1] == START + timedelta(days=day)
    assert_replayed(records, brand, found, policy)


def test_without_links_and_corrections_nothing_is_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    records = crowd(20).drop(columns="with_brands")
    records = records[records["kind"] != "purchase"]  # one known late could make another a repetition
    records["recorded_at"] = records["at"] + timedelta(days=3)
    monkeypatch.setattr(module, "_replayed", lambda *_: pytest.fail("replayed"))
    policy = FusionPolicy(half_life_days={"engagement": 10.0})
    assert_replayed(records, "acme", trend_of(records, "acme", START + timedelta(days=250), policy), policy)


def test_a_step_stands_at_its_event_and_nowhere_else() -> None:
    records = events((0, "june", "sweater", "wear"), (1000, "june", "sweater", "wear")).assign(points=[3.0, 1.0])
    found = trend_of(records, "sweater", START + timedelta(days=2000))
    assert found["total"].tolist() == [0.0, 3.0, 3.0, 4.0, 4.0]
    assert found["at"].tolist() == [START + timedelta(days=day) for day in (0, 0, 1000, 1000, 2000)]


def test_decay_is_sampled_between_the_events() -> None:
    records = events((0, "june", "sweater", "wear")).assign(points=8.0)
    found = trend_of(records, "sweater", START + timedelta(days=100), FusionPolicy(half_life_days=10))
    assert len(found) > 40
    days = (found["at"] - START) / timedelta(days=1)
    assert found["total"][1:].tolist() == pytest.approx((8.0 * 2 ** (-days / 10))[1:].tolist())


def test_many_events_leave_the_first_and_the_largest_step_of_each_part() -> None:
    count = 5_000
    day = np.linspace(0, 1000, count)
    records = events(*[(d, f"c{n}", "acme", "wear") for n, d in enumerate(day)]).assign(points=1.0)
    records.loc[1234, "points"] = 500.0
    found = trend_of(records, "acme", START + timedelta(days=1001))
    assert len(found) <= 2 * (module.COLUMNS + 1) + 1
    assert found["at"].iloc[0] == records["at"].iloc[0].floor("us")
    assert found["total"].diff().max() == 500.0
    assert found["total"].iloc[-1] == count - 1 + 500.0


def test_what_must_be_replayed_has_fewer_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REPLAYED_ROWS", 0)
    records = recorded_late_and_corrected()
    found = trend_of(records, "acme", START + timedelta(days=300))
    assert len(found) <= 2 * (module._MIN_COLUMNS + 1) + 1
    assert_replayed(records, "acme", found, FusionPolicy())


def test_at_the_first_event_the_trend_is_one_step() -> None:
    assert trend_of(events((0, "june", "sweater", "wear")), "sweater", START)["bonds"].tolist() == [0, 1]
