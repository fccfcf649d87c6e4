"""What a report shows of a store: one snapshot, nothing where there are no records, the runs it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.views.report import gather
from influence_graph.errors import NotFound
from influence_graph.model.parameters import RankParameters, ReportParameters
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import filled
from tests.app.jobs.test_job import Counted


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "store")


def test_an_empty_store_has_an_empty_report(store: EmbeddedStore) -> None:
    store.migrate()
    data = gather(store, ReportParameters())
    assert (data.influencers, data.convergence, data.bonds, data.touchpoints, data.runs) == (None,) * 5
    assert (data.stories, data.rankings) == ((), ())


def test_a_report_is_one_state_of_the_store(store: EmbeddedStore) -> None:
    counted = Counted(filled(store))
    data = gather(counted, ReportParameters())
    assert counted.snapshots == ["snapshot"]
    assert data.counts is not None
    assert data.counts["interactions"] == 9
    assert data.digest == store.digest()
    assert data.convergence is not None
    assert data.convergence.algorithm == "PageRank on who follows whom"
    assert data.touchpoints is not None
    assert data.touchpoints["count"].sum() == 9
    assert len(data.stories) == 1
    assert store.runs() == []


def test_a_report_that_writes_shows_the_runs_it_wrote(store: EmbeddedStore) -> None:
    data = gather(filled(store), ReportParameters(bonds=(("ann", "acme"),)), write=True)
    assert data.runs is not None
    assert set(data.runs["kind"]) == {"rank", "score"}
    assert [ranking.kind for ranking in data.rankings] == ["rank"]
    assert data.stories[0].score == 1.0
    kept = store.results("score")
    assert kept is not None
    assert data.bonds is not None
    assert kept[1].num_rows == len(data.bonds)


def test_every_kept_ranking_is_shown(store: EmbeddedStore) -> None:
    for by in ("in-degree", "psi"):
        run(RankJob(), filled(store), RankParameters(by=by), write=True)
    assert [ranking.kind for ranking in gather(store, ReportParameters()).rankings] == ["psi", "in-degree"]


def test_a_bond_that_is_not_there_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(NotFound, match="'acme'"):
        gather(filled(store), ReportParameters(bonds=(("ann", "acne"),)))


def test_a_report_draws_the_network_of_its_bonds_as_far_as_asked(store: EmbeddedStore) -> None:
    filled(store)
    data = gather(store, ReportParameters())
    assert data.network is not None
    assert data.bonds is not None
    assert data.network.caption == "6 people, 4 brands, 4 ties, 9 bonds"
    signed = data.network.edges.query("kind == 'bond'")
    assert sorted(signed["weight"]) == pytest.approx(sorted(data.bonds["fusion_score"]))
    assert set(signed["sign"]) == {1}
    fewer = gather(store, ReportParameters(most_nodes=5, most_edges=3)).network
    assert fewer is not None
    assert (len(fewer.nodes), len(fewer.edges)) == (4, 3)  # nobody joins the fifth with these
    assert fewer.note.startswith("Of 6 people, 4 brands, 4 ties, 9 bonds those with the most links")
