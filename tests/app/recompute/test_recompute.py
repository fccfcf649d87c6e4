"""All results become current together, only what has changed is calculated, and it equals a full calculation."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.recompute import grown, interactions_of
from influence_graph.app.ingest import import_dataset
from influence_graph.app.jobs import kept_scores
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.learn import LearnJob
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.jobs.reach import ReachJob
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.jobs.seeds import SeedsJob
from influence_graph.app.recompute import kept, work
from influence_graph.app.recompute.comparing import distance
from influence_graph.app.recompute.kinds import DEFAULT
from influence_graph.app.recompute.recompute import recompute
from influence_graph.errors import InputError, LockHeld, NotFound, NotVerified
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.parameters import (
    LearnParameters,
    RankParameters,
    ReachParameters,
    RecomputeParameters,
    ScoreParameters,
    SeedsParameters,
)
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.recalculations import Recalculation
from influence_graph.model.results import RESULTS
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import RECALCULATION, Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.analyses.fusion.events import corrected_ledgers, quick
from tests.app.jobs.small import DAY, add
from tests.app.jobs.test_kept_scores import batches
from tests.app.jobs.test_kept_scores_in_stores import rows_of
from tests.app.jobs.test_seeds import declare, keep_found

TWO = RecomputeParameters(k=2)
ROUNDS = int(os.environ.get("RECOMPUTE_ROUNDS", "12"))


def event(id_: str, who: str, brand: str, day: int, **more: Any) -> dict[str, Any]:
    plain = {"event_id": id_, "at": DAY.replace(day=day), "consumer": who, "brand": brand, "direction": "to_brand"}
    return {**plain, "touchpoint": "engagement", "points": 2.0, **more}


def done(store: Store, parameters: RecomputeParameters = TWO, **options: Any) -> Recalculation:
    found = recompute(store, parameters, **options)
    assert found is not None
    return found


def outcomes(of: Recalculation) -> dict[str, str]:
    """Return what was done about each kind of result: its method where it was calculated."""
    return {step.kind: step.method or step.outcome.value for step in of.steps}


def why(of: Recalculation, kind: str) -> str:
    return next(step.why for step in of.steps if step.kind == kind)


def assert_as_a_full_calculation(store: Store) -> None:
    """Compare every current result with what the job of its own gives, and no state is kept for."""
    with store.snapshot() as view, tempfile.TemporaryDirectory() as empty:
        at, table = view.latest(), view.touchpoints()
        view.cache = Path(empty)
        jobs = {
            "score": (ScoreJob(), ScoreParameters(FusionPolicy(table=table), as_of=at)),
            "rank": (RankJob(), RankParameters()),
            "learn": (LearnJob(), LearnParameters()),
            "reach": (RankJob(), RankParameters(by="reach", seed=1)),
            "seeds": (SeedsJob(), SeedsParameters(k=2, seed=1)),
        }
        for kind, (job, parameters) in jobs.items():
            inputs = job.read(view, parameters)
            full = job.record(inputs, parameters, job.calculate(inputs, parameters))
            apart = distance(RESULTS[kind], store.results(kind)[1], full.table.cast(RESULTS[kind].schema))
            assert apart.largest <= (0.0 if kind in ("seeds", "reach") else 1e-8), kind


def test_what_is_new_is_taken_in_and_the_rest_left(store: Store) -> None:
    first = done(store)
    assert outcomes(first) == dict.fromkeys(DEFAULT, "full")
    assert first.position == 9
    assert_as_a_full_calculation(store)
    second = done(store)
    assert outcomes(second) == dict.fromkeys(DEFAULT, "unchanged")
    assert second.current == first.current == {run.kind: run.id for run in store.runs()}
    add(store, "interactions", event("new", "dan", "acme", 20))
    third = done(store)
    assert {kind: how for kind, how in outcomes(third).items() if kind in ("score", "rank", "learn")} == {
        "score": "incremental",
        "rank": "unchanged",
        "learn": "incremental",
    }
    assert why(third, "score") == "1 new interaction"
    assert why(third, "seeds") == "the learn run"
    assert third.current["rank"] == first.current["rank"]
    assert third.current["score"] == store.results("score")[0].id != first.current["score"]
    assert_as_a_full_calculation(store)
    add(store, "ties", {"source": "fay", "target": "dan", "kind": "follows"})
    fourth = done(store)
    assert (outcomes(fourth)["score"], outcomes(fourth)["rank"]) == ("unchanged", "incremental")
    assert why(fourth, "rank") == "ties or people"
    assert_as_a_full_calculation(store)


def test_sets_that_no_changed_edge_can_affect_are_kept(embedded: Store) -> None:
    """With equal probabilities a new tie changes the edges into one person alone."""
    run(RankJob(), embedded, RankParameters(by="reach", probabilities="0.3", seed=5), write=True)
    run(SeedsJob(), embedded, SeedsParameters(k=2, probabilities="0.3", seed=5), write=True)
    only = RecomputeParameters(only=("reach", "seeds"))
    done(embedded, only)
    add(embedded, "ties", {"source": "fay", "target": "dan", "kind": "follows"})
    assert outcomes(done(embedded, replace(only, verify=True)))["reach"] == "incremental"
    assert [step.difference for step in embedded.recalculations()[0].steps if step.run and step.inputs] == [0.0, 0.0]
    reached, seeds = embedded.results("reach")[1], embedded.results("seeds")[1]
    done(embedded, replace(only, full=True))
    assert (embedded.results("reach")[1], embedded.results("seeds")[1]) == (reached, seeds)


def test_few_sets_are_drawn_again_where_every_probability_has_changed_a_little(embedded: Store) -> None:
    done(embedded)
    add(embedded, "interactions", event("new", "dan", "acme", 20))
    found = done(embedded, replace(TWO, verify=True))
    assert [outcomes(found)[kind] for kind in ("learn", "reach", "seeds")] == ["incremental"] * 3
    assert [step.difference for step in found.steps if step.kind in ("learn", "reach", "seeds")] == [0.0] * 3


def test_a_run_is_calculated_again_as_it_was_asked_for(embedded: Store) -> None:
    policy = FusionPolicy(half_life_days={"engagement": 9.0}, table=embedded.touchpoints())
    run(ScoreJob(), embedded, ScoreParameters(policy, as_of=DAY.replace(day=3)), write=True)
    run(RankJob(), embedded, RankParameters(damping_factor=0.5, personalization={"ann": 2.0}), write=True)
    run(RankJob(), embedded, RankParameters(by="psi", window=timedelta(days=3)), write=True)
    run(LearnJob(), embedded, LearnParameters(method="bernoulli", prior=None), write=True)
    run(SeedsJob(), embedded, SeedsParameters(k=3, exclude=("bob",)), write=True)
    run(ReachJob(), embedded, ReachParameters(ids=("ann",), simulations=200), write=True)
    before = {each.kind: each for each in embedded.runs()}
    found = done(embedded)
    assert outcomes(found) == dict.fromkeys([*DEFAULT, "psi", "activation"], "full")
    after = {each.kind: each for each in embedded.runs() if each.status == "finished"}
    for kind, names in {
        "rank": ["damping_factor", "personalization"],
        "learn": ["method", "prior"],
        "seeds": ["k", "exclude", "seed"],
        "activation": ["seed", "simulations"],
    }.items():
        assert all(after[kind].parameters[name] == before[kind].parameters[name] for name in names), kind
    assert after["psi"].parameters["asked"] == {"by": "psi", "window": 3 * 86_400.0}
    assert after["score"].parameters["policy"] == before["score"].parameters["policy"]
    assert after["score"].parameters["as_of"] == embedded.latest().isoformat()  # as of now
    assert embedded.results("seeds")[1].num_rows == 3


def test_seeds_are_chosen_again_where_others_are_passive_and_after_influencers(store: Store) -> None:
    asked = RecomputeParameters(k=1, only=("seeds",))

    def step() -> tuple[str, str, str]:
        found = done(store, asked)
        return outcomes(found)["seeds"], why(found, "seeds"), store.results("seeds")[1]["id"].to_pylist()[0]

    run(SeedsJob(), store, SeedsParameters(k=1, probabilities="1", seed=1), write=True)
    assert step()[::2] == ("full", "ann")
    keep_found(store, ann="passive")
    assert step() == ("incremental", "who is passive", "bob")
    keep_found(store, "influencers-2", ann="passive", cid="active")
    assert step()[::2] == ("unchanged", "bob")
    declare(store, bob="passive")
    assert step() == ("incremental", "who is passive", "cid")
    everything = done(store, RecomputeParameters())  # in so few records the search finds nobody: bob is declared only
    assert (outcomes(everything)["influencers"], why(everything, "seeds")) == ("full", "the learn run, who is passive")
    assert store.results("seeds")[1]["id"].to_pylist() == ["ann"]
    run(SeedsJob(), store, SeedsParameters(k=1, probabilities="1", seed=1, passive_ok=True), write=True)
    assert step()[::2] == ("incremental", "ann")
    assert store.results("seeds")[0].parameters["passive_ok"] is True
    declare(store, cid="passive")
    assert step()[::2] == ("unchanged", "ann")  # whoever is passive may be chosen


def test_a_new_touchpoint_table_changes_what_is_read_by_it(embedded: Store) -> None:
    done(embedded)
    embedded.set_touchpoints(TouchpointTable.load().with_lines({"unheard of": {"valence": -1.0}}))
    again = done(embedded)
    assert {why(again, kind) for kind in ("score", "learn")} == {"the touchpoint table"}
    assert outcomes(again)["rank"] == "unchanged"


def test_a_store_without_ties_skips_what_needs_them_and_says_why(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    add(store, "interactions", event("a", "ann", "acme", 1), event("b", "bob", "acme", 2))
    found = done(store)
    assert outcomes(found) == {
        "score": "full",
        "rank": "full",
        **dict.fromkeys(("learn", "reach", "seeds"), "skipped"),
    }
    assert why(found, "learn") == "the store holds no ties between people"
    assert set(found.current) == {"score", "rank"}
    assert outcomes(done(store))["rank"] == "unchanged"


def test_what_was_calculated_from_a_file_is_skipped(embedded: Store, tmp_path: Path) -> None:
    costs = tmp_path / "costs.csv"
    costs.write_text("id,cost\nann,2\nbob,1\n")
    run(SeedsJob(), embedded, SeedsParameters(k=1, budget=3, costs=costs), write=True)
    found = done(embedded)
    assert outcomes(found)["seeds"] == "skipped"
    assert "the file costs.csv" in why(found, "seeds")
    assert embedded.results("seeds")[0].id == found.current["seeds"]


def test_only_the_named_steps_are_taken_by_any_of_their_names(embedded: Store) -> None:
    found = done(embedded, RecomputeParameters(only=("fusion", "pagerank")))
    assert outcomes(found) == {**dict.fromkeys(("score", "rank"), "full"), **dict.fromkeys(DEFAULT[2:], "skipped")}
    assert {each.kind for each in embedded.runs()} == {"score", "rank"}
    with pytest.raises(NotFound, match="no step 'rnak'; did you mean 'rank'"):
        recompute(embedded, RecomputeParameters(only=("rnak",)))
    with pytest.raises(InputError, match="keep_runs is 0"):
        recompute(embedded, RecomputeParameters(keep_runs=0))


def test_a_tick_takes_effect_once(store: Store) -> None:
    tick = "nightly@2026-11-29T02:00:00+00:00"
    assert done(store, TWO, tick=tick, covers=("nightly@2026-11-28T02:00:00+00:00",)).tick == tick
    assert recompute(store, TWO, tick=tick) is None
    assert recompute(store, TWO, tick="nightly@2026-11-28T02:00:00+00:00") is None
    assert [each.tick for each in store.recalculations()] == [tick]
    assert recompute(store, TWO, tick="nightly@2026-11-30T02:00:00+00:00") is not None  # nothing new is recorded, too
    assert len(store.recalculations()) == 2


def test_one_recalculates_at_a_time(store: Store) -> None:
    with store.lease(RECALCULATION), pytest.raises(LockHeld, match="recalculation"):
        recompute(store, TWO)
    with store.lease(RECALCULATION) as lease:
        assert recompute(store, TWO, lease=lease) is not None


def test_a_lost_lease_leaves_all_as_it_was(embedded: Store) -> None:
    before = done(embedded)
    add(embedded, "interactions", event("new", "dan", "acme", 20))
    with embedded.lease(RECALCULATION) as late:
        pass
    with pytest.raises(LockHeld, match="expired"):
        recompute(embedded, TWO, lease=late)
    assert {each.kind: each.id for each in embedded.runs() if each.status == "finished"} == before.current


def test_since_widens_what_is_calculated(embedded: Store) -> None:
    first = done(embedded)
    add(embedded, "interactions", event("new", "dan", "acme", 20))
    second = done(embedded)
    for since in (first.id, first.current["score"], first.finished_at):
        again = done(embedded, replace(TWO, since=since, only=("score", "rank")))
        assert (outcomes(again)["score"], outcomes(again)["rank"]) == ("incremental", "unchanged")
        assert why(again, "score") == "1 new interaction"
    assert outcomes(done(embedded, replace(TWO, since=second.current["score"])))["score"] == "unchanged"
    assert why(done(embedded, replace(TWO, since="2020-01-01")), "rank") == "nothing was recalculated by the time named"
    with pytest.raises(NotFound, match="'score-0' is no time, and no run"):
        recompute(embedded, replace(TWO, since="score-0"))


def test_a_wrong_state_is_found_by_verify_and_writes_nothing(embedded: Store) -> None:
    before = done(embedded)
    add(embedded, "interactions", event("new", "dan", "acme", 20))
    damaged = mock.patch.object(kept_scores, "_load", side_effect=_doubled(kept_scores._load))
    with damaged, pytest.raises(NotVerified, match=r"score differs .* by 1 at most .*nothing was written; .*--full"):
        recompute(embedded, replace(TWO, verify=True))
    assert {each.kind: each.id for each in embedded.runs()} == before.current
    found = done(embedded, replace(TWO, verify=True))
    assert all(step.difference <= 1e-8 and step.total_difference <= 1e-8 for step in found.steps)
    assert outcomes(found)["score"] == "full"  # what was kept is gone


def _doubled(load: Any) -> Any:
    """Return what loads sums that are twice as large, in the cache of the store alone."""

    def loaded(path: Path, policy: FusionPolicy) -> Any:
        found = load(path, policy)
        if found is None:
            return None
        return found[0], replace(found[1], bonds=found[1].bonds.scaled([2.0, 2.0]))

    return loaded


def test_whoever_is_stopped_leaves_the_former_results(embedded: Store) -> None:
    before = done(embedded)
    add(embedded, "interactions", event("new", "dan", "acme", 20))
    with (
        mock.patch.object(SeedsJob, "calculate", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        recompute(embedded, TWO)
    assert {each.kind: each.id for each in embedded.runs()} == before.current
    assert outcomes(done(embedded))["seeds"] in ("incremental", "full")
    assert_as_a_full_calculation(embedded)


@pytest.mark.parametrize("kind", sorted(kept.FILES))
def test_a_torn_state_is_no_error(embedded: Store, kind: str) -> None:
    done(embedded)
    with embedded.snapshot() as view:
        path = view.cache / kept.FILES[kind]
    content = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    add(embedded, "ties", {"source": "fay", "target": "dan", "kind": "follows"})
    add(embedded, "interactions", event("new", "dan", "acme", 20))
    path.write_bytes(content[: len(content) // 2] + b"x" + content[len(content) // 2 + 1 :])
    assert outcomes(done(embedded))[kind] == "full"
    assert_as_a_full_calculation(embedded)


def test_a_state_of_another_version_is_not_used(embedded: Store) -> None:
    done(embedded)
    add(embedded, "ties", {"source": "fay", "target": "dan", "kind": "follows"})
    with mock.patch.object(kept, "__version__", "999"):
        assert outcomes(done(embedded, replace(TWO, only=("rank", "reach"))))["rank"] == "full"


def test_steps_are_told_as_they_are_done(embedded: Store) -> None:
    lines: list[str] = []
    steps: list[str] = []
    done(embedded, TWO, notify=lines.append, progress=lambda step: steps.append(step.kind))
    assert steps == list(DEFAULT)
    assert lines == [f"{kind}: there was no such result" for kind in DEFAULT]


PEOPLE = ("june", "annie", "sam", "zoe", "c0", "c1", "c2", "c3")
ties = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=6)


@settings(quick, max_examples=max(quick.max_examples // 12, 5))
@given(corrected_ledgers(max_size=10), st.lists(st.integers(0, 10), max_size=2), st.lists(ties, min_size=3, max_size=3))
def test_batches_with_recalculations_between_give_what_all_at_once_gives(
    events: list[dict[str, Any]], places: list[int], linked: list[list[tuple[str, str]]]
) -> None:
    parameters = RecomputeParameters(k=1)
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(kept_scores, "MOST_REPLAYED", 1.0):
        pieces, whole = (EmbeddedStore(Path(folder, name)) for name in ("pieces", "whole"))
        everyone = sorted({event["consumer"] for event in events} | set(PEOPLE))
        for store in (pieces, whole):
            add(store, "people", *({"id": who} for who in everyone))
        for batch, pairs in zip(batches(events, places), linked, strict=False):
            for store in (pieces, whole):
                add(store, "ties", *({"source": a, "target": b, "kind": "follows"} for a, b in pairs if a != b))
                add(store, "interactions", *rows_of(batch))
            by_pieces = done(pieces, parameters)
        at_once = done(whole, parameters)
        taken = [
            {step.kind for step in each.steps if step.outcome != work.Outcome.SKIPPED} for each in (by_pieces, at_once)
        ]
        assert taken[0] == taken[1]
        kinds = taken[0] if "learn" in taken[0] else taken[0] - {"reach", "seeds"}  # an earlier learn run may be left
        for kind in kinds:
            apart = distance(RESULTS[kind], pieces.results(kind)[1], whole.results(kind)[1])
            assert apart.largest <= (0.0 if kind in ("seeds", "reach") else 1e-8), kind


@pytest.mark.timeout(300 + 10 * ROUNDS)
def test_memory_does_not_grow_with_recalculations(tmp_path: Path) -> None:
    """``RECOMPUTE_ROUNDS=200`` is the longer run."""
    rounds = ROUNDS
    store = EmbeddedStore(tmp_path)
    import_dataset(store, IMPORTERS["town"], None, ImportOptions(people=100))
    table = interactions_of(store).slice(0, 5 * rounds)
    renamed = table.set_column(
        table.column_names.index("event_id"), "event_id", pd.Series([f"again-{n}" for n in range(table.num_rows)])
    )
    sizes = grown(store, renamed, rounds)
    settled = max(sizes[: rounds // 3])
    assert sizes[-1] <= settled * 1.05 + 16, sizes
