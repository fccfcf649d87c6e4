"""Reach of people and campaigns on a store: exact answers on a small graph."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.reach import Reached, ReachJob, reach_by_round
from influence_graph.errors import InputError, NotFound
from influence_graph.model.parameters import ReachParameters
from influence_graph.stores.base import Store
from tests.app.jobs.small import DAY, add

JOB = ReachJob()


def reach(store: Store, *ids: str, write: bool = False, **parameters: Any) -> Reached:
    return run(JOB, store, ReachParameters(ids=ids, **parameters), write=write)


def certain(store: Store, *ids: str, simulations: int = 10, **parameters: Any) -> Reached:
    return reach(store, *ids, simulations=simulations, probabilities="1", **parameters)


def test_influence_runs_from_the_followed_to_the_follower(embedded: Store) -> None:
    p = 0.5
    reached = reach(embedded, "ann", "dan", probabilities=str(p), seed=3)
    alone = reached.frame.set_index("seeds")
    for name, expected in {"ann": 1 + p + p**2 + p**3, "dan": 1.0, "all together": 1 + p + p**2 + 1}.items():
        row = alone.loc[name]
        assert abs(row["reach"] - expected) <= 4 * row["std_error"] + 1e-12
        assert row["low"] <= row["reach"] <= row["high"]
    assert reached.frame["people"].tolist() == [1, 1, 2]


def test_a_deadline_ends_a_cascade_and_the_rounds_show_how_it_grows(embedded: Store) -> None:
    assert certain(embedded, "ann", simulations=50, deadline=2).together.mean == 3.0
    whole = ReachParameters(ids=("ann",), probabilities="1", simulations=50)
    assert reach_by_round(run(JOB, embedded, whole).together)["reach"].tolist() == [1.0, 2.0, 3.0, 4.0]
    short = ReachParameters(ids=("ann",), probabilities="1", simulations=50, deadline=1)
    assert reach_by_round(run(JOB, embedded, short).together)["reach"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_the_rounds_are_of_the_run_whose_reach_is_told(embedded: Store, model: str) -> None:
    chances = "0.5" if model == "ic" else "weighted-cascade"
    together = reach(embedded, "ann", probabilities=chances, model=model, simulations=300).together
    rounds = together.by_round
    assert rounds["reach"].is_monotonic_increasing
    assert rounds["reach"].iloc[-1] == pytest.approx(together.mean)
    if model == "ic":  # all simulations agree under lt, where the interval of the mean is that of what cannot be seen
        assert rounds["high"].iloc[-1] == pytest.approx(together.high)
    assert rounds["reach"].iloc[0] == 1.0
    shown = reach_by_round(together)
    assert shown.equals(rounds.head(len(shown)))
    assert together.mean - shown["reach"].iloc[-1] <= together.std_error


def test_negative_opinions_shorten_the_reach(embedded: Store) -> None:
    q = 0.8
    together = certain(embedded, "ann", model="ic-n", quality=q, simulations=20_000, seed=5).together
    assert abs(together.mean - sum(q**i for i in range(1, 5))) <= 4 * together.std_error


def test_a_campaign_starts_with_those_who_met_its_brand_soon_after_it(embedded: Store) -> None:
    soon = certain(embedded, campaign="launch", within=timedelta(days=1))
    assert soon.together.parameters["seeds"] == ["ann", "bob"]
    assert soon.frame.to_dict("records")[0]["seeds"] == "launch"
    later = certain(embedded, campaign="launch", within=timedelta(days=3))
    assert later.together.parameters["seeds"] == ["ann", "bob", "cid"]
    with pytest.raises(NotFound, match="launch"):
        certain(embedded, campaign="lunch")
    with pytest.raises(InputError, match="leave out the ids"):
        certain(embedded, "ann", campaign="launch")
    add(embedded, "campaigns", {"event_id": "late", "at": DAY.replace(day=20), "brand": "acme"})
    with pytest.raises(InputError, match="longer --within"):
        certain(embedded, campaign="late")


def test_nobody_to_start_from_is_refused(embedded: Store) -> None:
    with pytest.raises(InputError, match="nobody is active at the start"):
        reach(embedded)
    with pytest.raises(NotFound, match="did you mean 'ann'"):
        reach(embedded, "amn")


def test_the_activation_of_each_person_is_kept(store: Store) -> None:
    certain(store, "ann", deadline=1, write=True)
    kept = store.results("activation")
    assert kept is not None
    scores = dict(zip(kept[1]["id"].to_pylist(), kept[1]["score"].to_pylist(), strict=True))
    assert scores == {"ann": 1.0, "bob": 1.0, "cid": 0.0, "dan": 0.0, "eve": 0.0, "fay": 0.0}
    assert kept[0].parameters["seeds"] == ["ann"]


def test_the_estimate_grows_with_the_simulations(embedded: Store) -> None:
    few, many = (ReachParameters(ids=("ann",), simulations=n) for n in (1_000, 10_000_000))
    inputs = read(JOB, embedded, few)
    assert JOB.estimate(inputs, few).memory < JOB.estimate(inputs, many).memory
