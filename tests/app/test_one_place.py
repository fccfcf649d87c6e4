"""A new measure is one row of the table of results: it is then found everywhere."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from influence_graph.analyses.ranking.result import RankResult
from influence_graph.app.views.report import gather
from influence_graph.cli.main import main
from influence_graph.model import results
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import ReportParameters
from influence_graph.model.results import EITHER, Measure
from influence_graph.stores.base import Store
from tests.app.jobs.conftest import store  # noqa: F401 - the fixture


def squared_in_degree(graph: Graph, tolerance: float) -> RankResult:
    """Return the squared number of in-edges of each node."""
    scores = np.bincount(graph.indices, minlength=graph.number_of_nodes).astype(np.float64) ** 2
    parameters = {"tolerance": tolerance}
    return RankResult(scores, graph.ids, graph.labels, 1, 0.0, 0.0, True, parameters, graph)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a measure, in the one place where measures are declared."""
    measure = Measure("squares", f"{__name__}:squared_in_degree", options=("tolerance",))
    row = results.of_nodes("squared", "Squared in-degree", "squaredInDegree", (EITHER,), measure)
    monkeypatch.setitem(results.RESULTS, row.kind, row)


@pytest.mark.usefixtures("toy")
def test_a_measure_added_in_one_place_is_ranked_kept_listed_and_reported(store: Store) -> None:  # noqa: F811
    arguments = ["rank", "--by", "squares", "--write", "--format", "jsonl"]
    done = CliRunner().invoke(main, arguments, obj=store, default_map={"rank": {"store": store}})
    assert done.exit_code == 0, done.output
    rows = {row["id"]: row["score"] for row in map(json.loads, done.stdout.splitlines())}
    assert rows == {"ann": 1.0, "bob": 1.0, "cid": 1.0, "dan": 0.0, "eve": 1.0, "fay": 1.0}
    assert "Squared in-degree of 6 nodes" in done.stderr

    kept = store.results("squared")
    assert kept is not None
    assert dict(zip(kept[1]["id"].to_pylist(), kept[1]["score"].to_pylist(), strict=True)) == rows
    assert [run.kind for run in store.runs()] == ["squared"]

    data = gather(store, ReportParameters())
    assert [ranking.kind for ranking in data.rankings] == ["squared"]
    from influence_graph.reports.pages.report import render_report

    assert "Squared in-degree" in render_report(data)


@pytest.mark.usefixtures("toy")
def test_an_option_that_it_does_not_use_is_refused_without_being_told_twice(store: Store) -> None:  # noqa: F811
    done = CliRunner().invoke(
        main, ["rank", "--by", "squares", "--damping-factor", "0.5"], default_map={"rank": {"store": store}}
    )
    assert done.exit_code == 2
    assert "--damping-factor is for --by pagerank" in done.stderr
