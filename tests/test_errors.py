"""The tree of errors is the documented one, and whatever is wrong is said in one line with a remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import influence_graph as ig
from influence_graph import errors
from influence_graph.errors import InfluenceGraphError, InputError, NotFound
from influence_graph.model.results import kind_of
from influence_graph.stores.embedded.store import EmbeddedStore

HOSTILE = "x\n\x1b[31mred\u202e" * 300
GRAPH = ig.Graph.from_edges(["ann", "bob", "cid"], ["bob", "cid", "ann"], [0.5, 0.25, 0.125])
LOG = pd.DataFrame({"user": ["ann", "bob"], "item": ["x", "x"], "time": [1, 2]})
EVENTS = pd.DataFrame(
    {"event_id": ["e"], "at": pd.to_datetime(["2026-01-01T00:00:00Z"]), "consumer": ["ann"], "brand": ["acme"]}
)


def documented() -> Iterator[tuple[str, int, str]]:
    """Yield name, exit code and parent of every error as the module's docstring draws them."""
    parents: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    (?P<bars>(?:[│ ]   )*(?:[├└]── )?)(?P<name>[A-Z]\w+) +exit (?P<code>\d)", line)
        if found:
            depth = len(found["bars"]) // 4
            parents[depth:] = [found["name"]]
            yield found["name"], int(found["code"]), parents[depth - 1] if depth else "Exception"


def test_the_documented_tree_is_that_of_the_classes() -> None:
    drawn = {name: (code, parent) for name, code, parent in documented()}
    real = {
        name: (getattr(errors, name).exit_code, getattr(errors, name).__bases__[0].__name__) for name in errors.__all__
    }
    assert drawn == real


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_one_printable_line_whatever_it_quotes(name: str) -> None:
    error = getattr(errors, name)(f"no such thing {HOSTILE}", remedy=f"try {HOSTILE}")
    assert str(error).isprintable()
    assert len(str(error)) <= 2 * 600 + 2
    assert isinstance(error, InfluenceGraphError)
    assert str(getattr(errors, name)("bare")) == "bare"


@pytest.mark.parametrize("name", [name for name in errors.__all__ if hasattr(ig, name)])
def test_the_public_errors_are_those_of_the_module(name: str) -> None:
    assert getattr(ig, name) is getattr(errors, name)


WRONG: dict[str, Callable[[], Any]] = {
    "graph kind": lambda: ig.GraphKind("tiess"),
    "result kind": lambda: kind_of("rnak"),
    "node": lambda: GRAPH.index_of("anne"),
    "damping factor": lambda: ig.pagerank(GRAPH, 1.0),
    "damping factor that is no number": lambda: ig.pagerank(GRAPH, float("nan")),
    "tolerance": lambda: ig.pagerank(GRAPH, tolerance=0),
    "iterations": lambda: ig.pagerank(GRAPH, max_iterations=0),
    "teleport to a stranger": lambda: ig.pagerank(GRAPH, personalization={"zoe": 1.0}),
    "teleport below 0": lambda: ig.pagerank(GRAPH, personalization={"ann": -1.0}),
    "negative weight": lambda: ig.pagerank(ig.Graph.from_edges(["a"], ["b"], [-1.0])),
    "direction of a degree": lambda: ig.degree(GRAPH, "sideways"),
    "rates": lambda: ig.psi_score(GRAPH, np.ones(2), np.ones(3)),
    "seed of a spread": lambda: ig.spread(GRAPH, ["zoe"]),
    "model of a spread": lambda: ig.spread(GRAPH, ["ann"], "sir"),
    "quality without opinions": lambda: ig.spread(GRAPH, ["ann"], quality=0.5),
    "one simulation": lambda: ig.spread(GRAPH, ["ann"], simulations=1),
    "deadline": lambda: ig.spread(GRAPH, ["ann"], deadline=-1),
    "probability above 1": lambda: ig.spread(ig.Graph.from_edges(["a"], ["b"], [1.5]), ["a"]),
    "weights of thresholds above 1": lambda: ig.spread(
        ig.Graph.from_edges(["a", "b"], ["c", "c"], [0.9, 0.9]), ["a"], "lt"
    ),
    "exact spread of nobody": lambda: ig.exact_spread(GRAPH, ["zoe"]),
    "heat of another size": lambda: ig.heat(GRAPH, np.ones(2), 1.0),
    "heat before the start": lambda: ig.heat(GRAPH, np.ones(3), -1.0),
    "k": lambda: ig.maximize(GRAPH, 9),
    "k of 0": lambda: ig.maximize(GRAPH, 0),
    "epsilon": lambda: ig.maximize(GRAPH, 1, epsilon=1.0),
    "excluded stranger": lambda: ig.maximize(GRAPH, 1, exclude=["zoe"]),
    "neither k nor a budget": lambda: ig.maximize(GRAPH, None),
    "method": lambda: ig.learn(GRAPH, LOG, "guess"),
    "prior": lambda: ig.learn(GRAPH, LOG, prior="flat"),
    "log without a column": lambda: ig.learn(GRAPH, LOG.drop(columns="time")),
    "credit": lambda: ig.credit(GRAPH, LOG, "unequal"),
    "level of influencers": lambda: ig.find_influencers(GRAPH, LOG, options=ig.InfluencerParameters(fdr=0)),
    "share of training": lambda: ig.evaluate_learning(GRAPH, LOG, train=1.5),
    "half-life": lambda: ig.FusionPolicy(half_life_days=0),
    "spillover": lambda: ig.FusionPolicy(spillover=2.0),
    "outcome": lambda: ig.FusionPolicy(outcome="fame"),
    "time of a score": lambda: ig.fusion_scores(EVENTS, "yesterday"),
    "time without a zone": lambda: ig.fusion_scores(EVENTS, "2026-01-01T10:00"),
    "bond of a stranger": lambda: ig.explain(EVENTS, "zoe", "acme"),
    "event to leave out": lambda: ig.explain(EVENTS, "ann", "acme", without=["f"]),
    "interactions without a column": lambda: ig.fusion_scores(EVENTS.drop(columns="brand")),
    "brand": lambda: ig.brand_view(EVENTS, "acmee"),
    "neighbor": lambda: ig.neighbors(GRAPH, "zoe"),
    "path": lambda: ig.shortest_path(GRAPH, "ann", "zoe"),
    "touchpoint table": lambda: ig.TouchpointTable.load(Path("nowhere.toml")),
    "address": lambda: ig.open_store("ftp://host"),
    "lengths of an edge list": lambda: ig.Graph.from_edges(["a"], ["b", "c"]),
}


@pytest.mark.parametrize("call", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_reported_in_one_line_with_a_remedy(call: Callable[[], Any]) -> None:
    with pytest.raises(InfluenceGraphError) as error:
        call()
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 400
    assert error.value.remedy


@pytest.mark.parametrize(
    ("call", "near"),
    [
        (lambda store: store.records("peopel"), "'people'"),
        (lambda store: store.graph("tie"), "'ties'"),
        (lambda store: store.results("ranks"), "'rank'"),
        (lambda store: store.append("brand", []), "'brands'"),
    ],
)
@pytest.mark.parametrize("of", ["store", "snapshot"])
def test_a_wrong_kind_names_the_nearest_one_on_a_store_and_its_snapshot(
    tmp_path: Path, call: Callable[[Any], Any], near: str, of: str
) -> None:
    store = EmbeddedStore(tmp_path / "store")
    store.migrate()
    if of == "store":
        with pytest.raises(NotFound, match=near) as error:
            call(store)
    else:
        with store.snapshot() as view, pytest.raises(InfluenceGraphError) as error:  # a snapshot refuses to append
            call(view)
    assert str(error.value).isprintable()


def test_values_in_messages_come_from_files_and_cannot_reach_the_terminal() -> None:
    graph = ig.Graph.from_edges(["ann"], ["bob"])
    for call in (lambda: graph.index_of("\x1b]0;gone\x07"), lambda: ig.GraphKind("\n\nties\x1b[2J")):
        with pytest.raises(NotFound) as error:
            call()
        assert "\x1b" not in str(error.value)


def test_an_unreadable_file_is_an_input_error_with_the_exit_code_of_a_failure(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError) as error:
        ig.TouchpointTable.load(tmp_path / "bad.toml")
    assert error.value.exit_code == 1


def test_an_arrow_table_is_as_good_as_a_frame() -> None:
    pd.testing.assert_frame_equal(ig.fusion_scores(pa.Table.from_pandas(EVENTS)), ig.fusion_scores(EVENTS))
