"""Learning on a store, or from a log beside it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from influence_graph.analyses.learning.learn import Learned
from influence_graph.app.jobs.channels import channels
from influence_graph.app.jobs.job import read, run
from influence_graph.app.jobs.learn import LearnJob, estimate_evaluation, evaluate
from influence_graph.app.jobs.reach import ReachJob
from influence_graph.errors import InputError
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import DiffusionParameters, LearnParameters, ReachParameters
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import ACTIONS, DAY, add, filled

JOB = LearnJob()
BARE: dict[str, Any] = {"method": "bernoulli", "prior": None}


def learn(store: Store, *, write: bool = False, **parameters: Any) -> Learned:
    return run(JOB, store, LearnParameters(**parameters), write=write)


def test_learned_probabilities_are_kept_and_then_used(store: Store) -> None:
    assert channels(store, DiffusionParameters()).source.startswith("weighted cascade")
    learn(store, **BARE, write=True)
    kept = store.results("learn")
    assert kept is not None
    rows = {(row["source"], row["target"]): row for row in kept[1].to_pylist()}
    assert {ends: row["probability"] for ends, row in rows.items()} == {("ann", "bob"): 0.5, ("bob", "cid"): 0.5}
    assert rows["ann", "bob"]["mean_delay"] == 1.5 * 86_400
    used = channels(store, DiffusionParameters())
    assert used.source == f"learned ({kept[0].id})"
    assert used.graph.ids.tolist() == store.graph(GraphKind.TIES).ids.tolist()
    together = run(ReachJob(), store, ReachParameters(ids=("ann",), seed=2)).together
    assert abs(together.mean - 1.75) <= 4 * together.std_error


def test_a_window_leaves_out_what_took_longer(embedded: Store) -> None:
    frame = learn(embedded, **BARE, window=timedelta(days=1)).to_frame()
    chance = {(s, t): p for s, t, p in frame[["source", "target", "probability"]].itertuples(index=False) if p}
    assert chance == {("ann", "bob"): 0.25}


def test_by_default_the_library_learns_what_the_command_learns(embedded: Store) -> None:
    from influence_graph import learn as learn_by_library
    from influence_graph.analyses.learning.log import actions_of

    mine = learn(embedded)
    ties, actions = embedded.graph("ties").reverse(), actions_of(embedded.interactions())
    assert learn_by_library(ties, actions).graph.digest == mine.graph.digest
    assert mine.parameters["prior"] == "global"


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_log_of_actions_may_stand_beside_the_store(embedded: Store, tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame(ACTIONS, columns=["user", "item", "day"])
    frame["time"] = [f"2026-01-{day:02}T00:00:00Z" for day in frame.pop("day")]
    path = tmp_path / f"log.{suffix}"
    write = {
        "csv": lambda: frame.to_csv(path, index=False),
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        "parquet": lambda: frame.to_parquet(path),
    }
    write[suffix]()
    same = learn(embedded, actions=path).graph
    assert same.digest == learn(embedded).graph.digest


def test_items_that_records_name_are_learned_from_and_what_names_none_is_told(tmp_path: Path) -> None:
    event = {"event_id": "none", "at": DAY, "consumer": "ann", "brand": "acme"}
    store = filled(EmbeddedStore(tmp_path / "brands"))
    named = EmbeddedStore(tmp_path / "items")
    add(named, "ties", *(row for table in store.records("ties") for row in table.to_pylist()))
    add(named, "interactions", event)
    with pytest.raises(InputError, match="none of 1 interaction names an item"):
        learn(named, item="brand+item")
    events = store.interactions().to_pylist()
    add(named, "interactions", *({**row, "item": row["brand"], "brand": "shop"} for row in events))
    told: list[str] = []
    found = run(JOB, named, LearnParameters(item="brand+item"), notify=told.append)
    assert found.graph.digest == learn(store).graph.digest
    assert told == [f"1 of {len(events) + 1} interactions name no item and are left out"]
    assert learn(named).graph.digest != found.graph.digest


def test_held_out_figures_have_their_baselines(embedded: Store) -> None:
    add(
        embedded,
        "interactions",
        *(
            {"event_id": f"{i}-{who}", "at": DAY + timedelta(hours=i, minutes=m), "consumer": who, "brand": f"b{i}",
             "direction": "to_brand", "touchpoint": "engagement"}
            for i in range(12) for m, who in enumerate(["ann", "bob", "cid"][: 1 + i % 3])
        ),
    )  # fmt: skip
    inputs = read(JOB, embedded, LearnParameters())
    frame = evaluate(inputs, LearnParameters(), seed=1)
    assert {"uniform", "weighted_cascade", "bernoulli"} <= set(frame["method"])
    assert estimate_evaluation(inputs, LearnParameters()).seconds > JOB.estimate(inputs, LearnParameters()).seconds


def test_what_was_learned_on_people_who_are_gone_is_refused(embedded: Store, tmp_path: Path) -> None:
    learn(embedded, write=True)
    other = EmbeddedStore(tmp_path / "other")
    add(other, "ties", {"source": "zoe", "target": "yan", "kind": "follows"})
    kept = embedded.results("learn")
    assert kept is not None
    other.write(*kept)
    with pytest.raises(InputError, match="no longer"):
        channels(other, DiffusionParameters())
