"""Every job: one snapshot for all that it reads, one place that writes, the same results on both stores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from influence_graph.app.jobs.influencers import InfluencersJob
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.learn import LearnJob
from influence_graph.app.jobs.lift import LiftJob
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.jobs.reach import ReachJob
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.jobs.seeds import SeedsJob
from influence_graph.errors import InputError
from influence_graph.model import results
from influence_graph.model.parameters import (
    CampaignLiftParameters,
    InfluencerJobParameters,
    LearnParameters,
    RankParameters,
    ReachParameters,
    ScoreParameters,
    SeedsParameters,
)
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.results import RESULTS, measures
from influence_graph.model.touchpoints import KindRule, TouchpointTable
from influence_graph.stores.base import Snapshot, Store
from tests.app.jobs.small import seeded


def every_job() -> list[tuple[Any, Any]]:
    """Return each job with parameters, in the order of their needs."""
    return [
        (LearnJob(), LearnParameters()),
        *((RankJob(), seeded(by)) for by in measures()),
        (ReachJob(), ReachParameters(ids=("ann", "eve"), simulations=500, seed=1)),
        (SeedsJob(), SeedsParameters(k=2, seed=1, target="brand:acme")),
        (ScoreJob(), ScoreParameters()),
        (InfluencersJob(), InfluencerJobParameters()),
        (LiftJob(), CampaignLiftParameters()),
    ]


def test_every_kind_of_the_table_has_a_job() -> None:
    assert {job.kind(parameters).kind for job, parameters in every_job()} == set(RESULTS)


def test_what_a_kind_needs_are_records_or_other_kinds() -> None:
    known = {*RESULTS, *results.RECORDS}
    assert all(need in known for kind in RESULTS.values() for need in kind.needs)


@pytest.mark.neo4j
def test_both_stores_give_the_same_of_everything(embedded: Store, neo4j_store: Store) -> None:
    from tests.app.jobs.small import filled

    server = filled(neo4j_store)
    for each in (embedded, server):
        for job, parameters in every_job():
            run(job, each, parameters, write=True)
    for kind in RESULTS:
        mine, theirs = embedded.results(kind), server.results(kind)
        assert mine is not None
        assert theirs is not None
        order = [(name, "ascending") for name in mine[1].column_names]
        assert mine[1].sort_by(order).equals(theirs[1].sort_by(order)), kind
        assert mine[0].input_digest == theirs[0].input_digest
        varying = {"seconds", "probabilities"}
        strip = [{k: v for k, v in run.parameters.items() if k not in varying} for run in (mine[0], theirs[0])]
        assert strip[0] == strip[1]


@dataclass
class Counted:
    """A store that counts its snapshots; every other verb of it would be an error."""

    inner: Store
    snapshots: list[str] = field(default_factory=list)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        self.snapshots.append("snapshot")
        with self.inner.snapshot() as view:
            yield view


@pytest.mark.parametrize(("job", "parameters"), every_job(), ids=lambda each: getattr(each, "by", ""))
def test_a_job_reads_all_from_one_snapshot(embedded: Store, job: Any, parameters: Any) -> None:
    counted = Counted(embedded)
    run(job, counted, parameters)
    assert counted.snapshots == ["snapshot"]


@pytest.mark.parametrize(("job", "parameters"), every_job(), ids=lambda each: getattr(each, "by", ""))
def test_the_record_of_a_run_is_json_and_its_table_has_the_columns_of_its_kind(
    embedded: Store, job: Any, parameters: Any
) -> None:
    with embedded.snapshot() as view:
        inputs = job.read(view, parameters)
    record = job.record(inputs, parameters, job.calculate(inputs, parameters))
    assert json.loads(json.dumps(record.parameters)) == record.parameters
    assert record.table.column_names == job.kind(parameters).schema.names
    assert record.digest


def test_only_all_scores_as_they_were_known_are_written(embedded: Store) -> None:
    for parameters in (ScoreParameters(brands=("acme",)), ScoreParameters(valid_at=embedded.latest())):
        with pytest.raises(InputError, match="written"):
            run(ScoreJob(), embedded, parameters, write=True)
    assert embedded.runs() == []


def test_every_run_records_the_touchpoint_table(embedded: Store) -> None:
    table = embedded.touchpoints()
    other = TouchpointTable({**table.kinds, "yodelling": KindRule()}, table.default)
    for used in (table, other):
        embedded.set_touchpoints(used)
        run(RankJob(), embedded, RankParameters(), write=True)
        run(ScoreJob(), embedded, ScoreParameters(FusionPolicy(table=used)), write=True)
        kept = {each: embedded.results(each)[0].parameters for each in ("rank", "score")}  # type: ignore[index]
        assert kept["rank"]["touchpoints"] == kept["score"]["policy"]["table"] == used.digest
