"""One question has one answer: each command against the library's call, on the story and on the town."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner

import influence_graph as ig
from influence_graph.cli.main import main
from influence_graph.stores.base import Store

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module", params=["story", "town"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp(request.param) / request.param
    CliRunner().invoke(main, ["import", request.param, "--store", str(folder)], catch_exceptions=False)
    return ig.open_store(folder)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("alone") / "story"
    CliRunner().invoke(main, ["import", "story", "--store", str(folder)], catch_exceptions=False)
    return ig.open_store(folder)


def rows(store: Store, *arguments: str) -> Rows:
    """Return what the command prints, one object per line."""
    done = CliRunner().invoke(main, [*arguments, "--store", store.url, "--format", "jsonl"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def agree(found: Rows, frame: pd.DataFrame, keys: list[str], exact: bool = True) -> None:
    """Check that *found* has the rows of *frame* in any order and its columns, beside those of names and links."""
    printed = pd.DataFrame(found)
    added = [c for c in printed if c in ("name", "linked_by", "mutual") or c.endswith("_name")]
    printed = printed.drop(columns=[c for c in added if c not in frame])
    assert list(printed.columns) == list(frame.columns)
    one, other = (table.sort_values(keys).reset_index(drop=True) for table in (printed, frame))
    for name in frame.columns:
        if pd.api.types.is_float_dtype(other[name]):
            values = one[name].astype(float).to_numpy()
            np.testing.assert_allclose(values, other[name].to_numpy(), rtol=0 if exact else 1e-9, atol=0, err_msg=name)
        elif not pd.api.types.is_datetime64_any_dtype(other[name]):
            assert one[name].tolist() == other[name].tolist()


def log(store: Store) -> pd.DataFrame:
    """Return what consumers did as a log; what brands did to them is no adoption, unless they give something back."""
    table, records = store.touchpoints(), store.interactions()

    def acted(direction: str | None, kind: str | None) -> bool:
        rule = table.rule(kind)
        return (direction or rule.direction) == "to_brand" or (direction is None and rule.returned > 0)

    kept = map(acted, records["direction"].to_pylist(), records["kind"].to_pylist())
    events = records.filter(pa.array(kept)).to_pandas()
    return pd.DataFrame(
        {"user": events["consumer"].astype(str), "item": events["brand"].astype(str), "time": events["at"]}
    )


@pytest.mark.parametrize("kind", ig.GraphKind)
def test_a_graph_of_a_text_is_that_of_its_kind(store: Store, kind: ig.GraphKind) -> None:
    by_text, by_kind = store.graph(kind.value), store.graph(kind)
    assert by_text.digest == by_kind.digest
    assert by_text.ids.tolist() == by_kind.ids.tolist()
    with store.snapshot() as view:
        assert view.graph(kind.value).digest == by_kind.digest


def test_ties_are_people_alone_and_all_holds_both_other_kinds(store: Store) -> None:
    ties, acts, everything = (store.graph(kind) for kind in ("ties", "interactions", "all"))
    counts = store.counts()
    assert ties.labels is not None
    assert everything.labels is not None
    assert set(ties.labels) == {"Consumer"}
    assert ties.number_of_nodes == counts["people"]
    assert everything.number_of_nodes == counts["people"] + counts["brands"]
    assert everything.number_of_edges == ties.number_of_edges + acts.number_of_edges
    assert everything.edge_weights().sum() == pytest.approx(ties.edge_weights().sum() + acts.edge_weights().sum())


def test_rank_is_pagerank_of_the_ties(store: Store) -> None:
    expected = ig.pagerank(store.graph("ties")).to_frame()
    found = rows(store, "rank")
    agree(found, expected, ["label", "id"])
    assert len(found) == store.counts()["people"]
    assert sum(row["score"] for row in found) == pytest.approx(1, abs=1e-9)


def test_the_published_figures_of_both_stores(store: Store) -> None:
    found = rows(store, "rank")
    if len(found) == 20:
        assert (found[0]["id"], found[0]["score"]) == ("singer", pytest.approx(0.1474, abs=5e-5))
        learned = rows(store, "learn")[0]
        assert (learned["source"], learned["target"]) == ("annie", "bea")
        assert learned["probability"] == pytest.approx(0.413, abs=5e-4)
    else:
        assert len(found) == 1020


@pytest.mark.parametrize("graph", ig.GraphKind)
def test_rank_follows_the_graph_that_is_named(store: Store, graph: ig.GraphKind) -> None:
    agree(rows(store, "rank", "--graph", graph.value), ig.pagerank(store.graph(graph)).to_frame(), ["label", "id"])


def test_rank_with_its_options_is_pagerank_with_its_parameters(story: Store) -> None:
    some, other = story.graph("ties").ids[[0, 5]]
    expected = ig.pagerank(story.graph("ties"), 0.5, {some: 1.0, other: 2.5}, tolerance=1e-6)
    options = ("--damping-factor", ".5", "--tolerance", "1e-6", "--personalize", some, "--personalize", f"{other}=2.5")
    agree(rows(story, "rank", *options), expected.to_frame(), ["label", "id"])


@pytest.mark.parametrize(
    ("by", "measure"),
    [
        ("hits-authority", lambda graph: ig.hits(graph).authorities.scores),
        ("hits-hub", lambda graph: ig.hits(graph).hubs.scores),
        ("degree", lambda graph: ig.degree(graph, "both").scores),
        ("in-degree", lambda graph: ig.degree(graph, "in").scores),
        ("out-degree", lambda graph: ig.degree(graph, "out").scores),
    ],
)
def test_rank_by_another_measure_is_the_function_of_that_name(story: Store, by: str, measure: Any) -> None:
    graph = story.graph("ties")
    found = {row["id"]: row["score"] for row in rows(story, "rank", "--by", by)}
    np.testing.assert_array_equal([found[id_] for id_ in graph.ids], measure(graph))


def test_learn_is_the_function_of_that_name_by_default(store: Store) -> None:
    learned = ig.learn(store.graph("ties").reverse(), log(store))
    agree(rows(store, "learn"), learned.to_frame(), ["source", "target"])


@pytest.mark.parametrize("method", ["bernoulli", "jaccard", "time_decay"])
def test_learn_with_its_options_is_learn_with_its_parameters(story: Store, method: str) -> None:
    prior = None if method == "jaccard" else "target"
    learned = ig.learn(story.graph("ties").reverse(), log(story), method, window=timedelta(days=30), prior=prior)
    options = ("--method", method, "--window", "30d", "--prior", prior or "none")
    agree(rows(story, "learn", *options), learned.to_frame(), ["source", "target"])


def test_learn_from_a_file_is_learn_from_its_frame(story: Store, tmp_path: Path) -> None:
    actions = log(story)
    actions.to_csv(tmp_path / "log.csv", index=False)
    assert rows(story, "learn", "--actions", str(tmp_path / "log.csv")) == rows(story, "learn")


def test_score_is_fusion_scores_of_all_interactions(store: Store) -> None:
    expected = ig.fusion_scores(store.interactions())
    agree(rows(store, "score"), expected, ["consumer", "brand"], exact=False)


def test_score_takes_its_policy_from_the_options(story: Store) -> None:
    policy = ig.FusionPolicy(half_life_days=90.0, spillover=0.5, outcome="loyalty")
    time = datetime(2026, 6, 10, tzinfo=UTC)
    expected = ig.fusion_scores(story.interactions(ig.InteractionFilter(as_of=time)), time, policy)
    options = ("--half-life", "90d", "--spillover", ".5", "--outcome", "loyalty", "--as-of", "2026-06-10")
    agree(rows(story, "score", *options), expected, ["consumer", "brand"], exact=False)


def test_explain_prints_the_contributions_of_explain(store: Store) -> None:
    expected = ig.explain(store.interactions(ig.InteractionFilter(history=True)), "singer", "sweater")
    found = rows(store, "explain", "singer", "sweater")
    agree(found, expected.contributions, ["event_id", "term"], exact=False)
    scored = rows(store, "score", "--consumer", "singer", "--brand", "sweater")[0]["fusion_score"]
    assert sum(row["contribution"] for row in found) == pytest.approx(scored, abs=1e-9)


def test_explain_between_two_times_prints_the_terms_of_the_change(story: Store) -> None:
    start, end = "2026-06-07T00:00Z", "2026-06-14T00:00Z"
    events = story.interactions(ig.InteractionFilter(history=True))
    expected = ig.explain_change(events, "singer", "sweater", start, end)
    found = rows(story, "explain", "singer", "sweater", "--between", start, end)
    agree(found, expected.terms, ["event_id", "term"], exact=False)
    assert sum(row["change"] for row in found) == pytest.approx(expected.end - expected.start, abs=1e-9)


def test_graph_questions_are_those_of_the_library(store: Store) -> None:
    graph = store.graph("all")
    names = {"Consumer": store.names("people"), "Brand": store.names("brands")}
    for arguments, expected in (
        (("neighbors", "singer"), ig.neighbors(graph, "singer")),
        (("path", "singer", "annie"), ig.shortest_path(graph, "singer", "annie")),
        (("shared", "singer", "annie"), ig.shared(graph, "singer", "annie")),
    ):
        found = rows(store, *arguments)
        assert [row.pop("name") for row in found] == [names[row["label"]].get(row["id"]) for row in found]
        assert found == _plain(expected)


def _plain(frame: pd.DataFrame) -> Rows:
    return [json.loads(line) for line in frame.to_json(orient="records", lines=True, double_precision=15).splitlines()]


@pytest.mark.parametrize("model", ["ic", "lt"])
def test_reach_with_a_seed_is_spread_with_that_seed(story: Store, model: str) -> None:
    graph = ig.weighted_cascade(story.graph("ties").reverse())
    options = ("--simulations", "500", "--seed", "3", "--model", model, "--probabilities", "weighted-cascade")
    found = rows(story, "reach", "singer", *options)
    expected = ig.spread(graph, ["singer"], model, simulations=500, seed=3)
    assert (found[0]["reach"], found[0]["std_error"]) == (expected.mean, expected.std_error)


def test_reach_of_all_with_a_seed_is_the_measure_of_that_name(story: Store) -> None:
    graph = ig.uniform_probabilities(story.graph("ties").reverse(), 0.2)
    expected = ig.reach_of_all(graph, rr_sets=2000, seed=5)
    found = rows(story, "rank", "--by", "reach", "--rr-sets", "2000", "--seed", "5", "--probabilities", ".2")
    agree(found, expected.to_frame(), ["id"])


def test_seeds_with_a_seed_are_those_of_maximize(store: Store) -> None:
    graph = ig.weighted_cascade(store.graph("ties").reverse())
    expected = ig.maximize(graph, 3, seed=1)
    found = rows(store, "seeds", "-k", "3", "--seed", "1", "--probabilities", "weighted-cascade")
    assert [row["id"] for row in found] == list(expected.seeds)
    (row,) = rows(store, "seeds", "-k", "3", "--seed", "1", "--probabilities", "weighted-cascade", "--stats")
    assert (row["lower"], row["upper"], row["rr_sets"]) == (expected.lower, expected.upper, expected.rr_sets)
    assert row["lower"] <= expected.spread.mean + 4 * expected.spread.std_error


def test_brand_is_brand_view_of_the_records(story: Store) -> None:
    (found,) = rows(story, "brand", "sweater")
    view = ig.brand_view(story.interactions(ig.InteractionFilter(history=True)), "sweater")
    expected = json.loads(json.dumps(view.to_dict()))
    assert found["brand"] == "sweater"
    for section in ("health", "judgment"):
        assert found[section] == expected[section], section
