"""Lift of all campaigns of a store: what a run keeps of each, on both stores, and when it is calculated again."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.app.forget.forget import forget
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.lift import LiftJob
from influence_graph.app.lift.campaign import lift_of_campaign
from influence_graph.app.recompute.recompute import recompute
from influence_graph.app.views.ask import ask
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import CampaignLiftParameters, ForgetParameters, RecomputeParameters
from influence_graph.model.results import LIFT
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import DAY, add

JOB = LiftJob()
ASKED = CampaignLiftParameters(days=7)
FIRST, BEFORE, AFTER = date(2025, 10, 1), 92, 14
ONLY = RecomputeParameters(only=("lift",))


@pytest.fixture
def sold(store: Store) -> Store:
    """Return the small store with sales of Acme, 15 more a day in two of four cities after a concert, and of Bolt.

    The launch of the small store, of all cities, was on the day of the concert.
    """
    return with_sales(store)


def with_sales(store: Store) -> Store:
    random = np.random.default_rng(5)
    common = random.normal(0, 2, BEFORE + AFTER)
    for city in ("north", "south", "east", "west"):
        values = 60 + common + random.normal(0, 2, BEFORE + AFTER)
        values[BEFORE + 3 :] += 15 if city in ("north", "south") else 0
        add(store, "sales", *_daily("bolt", city, values))
    add(store, "sales", *_daily("acme", "", 40 + random.normal(0, 2, BEFORE + AFTER)))
    concert = {"brand": "bolt", "at": DAY.replace(day=4), "kind": "concert", "note": "in the park"}
    add(store, "campaigns", *({**concert, "event_id": f"c-{city}", "segment": city} for city in ("south", "north")))
    add(store, "campaigns", {"event_id": "gift", "brand": "cog", "at": DAY})
    return store


def _daily(brand: str, segment: str, values: np.ndarray) -> list[dict[str, Any]]:
    days = [FIRST + timedelta(days=place) for place in range(len(values))]
    return [
        {"brand": brand, "date": d, "value": float(v), "segment": segment} for d, v in zip(days, values, strict=True)
    ]


def kept(store: Store) -> pd.DataFrame:
    found = store.results(LIFT)
    assert found is not None
    return found[1].to_pandas().set_index("campaign").sort_index()


def test_every_record_of_a_campaign_keeps_the_lift_of_the_campaign(sold: Store) -> None:
    calls: list[tuple[int, int]] = []
    found = run(JOB, sold, ASKED, write=True, progress=calls.append)
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert found.table["campaign"].tolist() == ["gift", "launch", "c-north"]
    assert found.table["note"].fillna("").tolist() == ["", "", "in the park"]
    assert (found.tested, found.clear) == (2, 1)
    assert found.sentences() == [
        "Of 3 campaigns 2 could be tested: 1 with a clear difference.",
        "By chance alone about 0.1 would look clear: 5 % of those tested.",
    ]
    assert found.reasons() == ["1 campaign: the brand 'cog' has no sales in the store"]
    rows = kept(sold)
    assert rows.index.tolist() == ["c-north", "c-south", "gift", "launch"]
    assert rows["first"].tolist() == ["c-north", "c-north", "gift", "launch"]
    with sold.snapshot() as view:
        alone = lift_of_campaign(view, "c-south", ASKED).row()
    for name, value in {**alone, "lift": alone["total"]}.items():
        if name in rows.columns and value is not None:
            assert rows.loc["c-south", name] == value, name
    assert rows.loc["c-north", "design"] == "few treated"
    assert rows.loc["c-north", "low"] < 2 * 15 * 7 < rows.loc["c-north", "high"]
    assert rows.loc["gift", ["status", "days", "outcome"]].tolist() == ["cannot tell", 7, "sales"]
    assert rows.loc["gift", ["lift", "low", "high", "p", "lag"]].isna().all()
    recorded = sold.results(LIFT)[0].parameters
    assert {name: recorded[name] for name in ("campaigns", "tested", "clear", "days", "outcome", "exposed")} == {
        "campaigns": 3, "tested": 2, "clear": 1, "days": 7, "outcome": "sales", "exposed": 0.05,
    }  # fmt: skip
    answer = ask(sold, "campaign-lift", {"brand": "bolt"}).frame
    assert answer[["campaign", "status", "note"]].values.tolist() == [["c-north", "higher", "in the park"]]
    assert answer["lift"].tolist() == [rows.loc["c-north", "lift"]]


def test_lift_is_calculated_again_where_something_of_it_is_new_and_else_not(sold: Store) -> None:
    def step() -> tuple[str, str]:
        found = recompute(sold, ONLY)
        assert found is not None
        return next((each.outcome.value, each.why) for each in found.steps if each.kind == "lift")

    def last_day(value: float) -> dict[str, Any]:
        return {"brand": "bolt", "date": FIRST + timedelta(days=BEFORE), "value": value, "segment": "north"}

    again = ("unchanged", "all that it is calculated from is as it was")
    assert [step()[0], step()] == ["calculated", again]
    assert len(kept(sold)) == 4
    for name, row, why in [
        ("sales", last_day(99.0), "sales"),
        ("campaigns", {"event_id": "late", "brand": "acme", "at": DAY.replace(day=6)}, "campaigns"),
        ("ties", {"source": "fay", "target": "dan", "kind": "follows"}, "ties or people"),
        ("people", {"id": "dan", "city": "north"}, "records of people"),
        ("interactions", {"event_id": "new", "at": DAY, "consumer": "ann", "brand": "acme"}, "1 new interaction"),
    ]:
        add(sold, name, row)
        assert step() == ("calculated", why), name
        assert step() == again
    add(sold, "sales", last_day(99.0))
    add(sold, "people", {"id": "dan", "name": "Dan"})
    assert step() == again
    assert kept(sold).index.tolist() == ["c-north", "c-south", "gift", "late", "launch"]


def test_everything_is_recalculated_with_lift_where_there_are_campaigns_and_sales(embedded: Store) -> None:
    def steps(parameters: RecomputeParameters = RecomputeParameters(k=2)) -> dict[str, str]:  # noqa: B008 - frozen
        found = recompute(embedded, parameters)
        assert found is not None
        return {each.kind: each.outcome.value for each in found.steps}

    assert "lift" not in steps()
    named = recompute(embedded, ONLY)
    assert named is not None
    assert [(each.outcome.value, each.why) for each in named.steps if each.kind == "lift"] == [
        ("skipped", "the store holds no sales")
    ]
    with_sales(embedded)
    assert steps()["lift"] == "calculated"
    assert steps(RecomputeParameters(k=2, verify=True))["lift"] == "unchanged"


def test_a_run_is_recalculated_by_its_own_parameters(embedded: Store) -> None:
    with_sales(embedded)
    run(JOB, embedded, CampaignLiftParameters(days=5, outcome="interactions", seed=3), write=True)
    recompute(embedded, RecomputeParameters(only=("lift",), full=True))
    again = embedded.results(LIFT)[0].parameters
    assert (again["days"], again["outcome"], again["seed"]) == (5, "interactions", 3)


def test_who_is_forgotten_takes_no_campaign_along(sold: Store, tmp_path: Path) -> None:
    add(sold, "people", {"id": "c-north"})  # a person may be called as a campaign is
    run(JOB, sold, ASKED, write=True)
    before = kept(sold)
    run(JOB, sold, ASKED, write=True)
    forgotten = forget(sold, ForgetParameters(people=("c-north",)), key_file=tmp_path / "key")
    assert not forgotten.erased.results.get("lift")
    pd.testing.assert_frame_equal(kept(sold), before)


def test_what_is_out_of_its_limits_is_said_before_anything_is_estimated(embedded: Store, tmp_path: Path) -> None:
    for parameters, message in [
        ({"days": 0}, "days is 0, must be a whole number of 1 or more"),
        ({"exposed": 0.0}, "exposed is 0.0, must be above 0 and up to 1"),
    ]:
        with pytest.raises(InputError, match=message):
            run(JOB, embedded, CampaignLiftParameters(**parameters))
    with pytest.raises(NotFound, match="no interactions of the kind 'folow'"):
        run(JOB, embedded, CampaignLiftParameters(outcome="folow"))
    empty = EmbeddedStore(tmp_path / "empty")
    empty.migrate()
    with pytest.raises(InputError, match=r"the store .* holds no campaigns"):
        read(JOB, empty, ASKED)
    estimate = JOB.estimate(read(JOB, embedded, ASKED), ASKED)
    assert (estimate.nodes, estimate.edges, estimate.large) == (6, 4, False)


def test_what_changed_between_two_runs_names_campaigns(embedded: Store) -> None:
    with_sales(embedded)
    run(JOB, embedded, ASKED, write=True)
    add(embedded, "sales", {"brand": "acme", "date": DAY.date(), "value": 90.0, "segment": ""})
    run(JOB, embedded, ASKED, write=True)
    tables = [embedded.results_of(each.id)[1] for each in reversed(embedded.runs()) if each.kind == "lift"]
    found = ig.result_changes(*tables, kind="lift")
    assert found.rows["campaign"].tolist() == ["launch"]
    assert found.rows["change"].iloc[0] > 30
    assert found.sentences()[0] == "Lift of campaigns: 1 rose, 0 fell, 0 came in and 0 left, of 3 now."
    assert found.sentences()[1].startswith("the campaign launch rose from ")
