"""Edge lists: any list of edges in any layout gives its ties, as networkx would read them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import networkx as nx
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.app.ingest import IngestOptions, import_dataset, ingest
from influence_graph.errors import UnreadableFile
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.graph import Graph
from influence_graph.model.records import TIES
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.ingest.importers.small import rows

ids = st.sampled_from([f"n{i}" for i in range(8)])
lists = st.lists(st.tuples(ids, ids, st.integers(0, 99).map(lambda w: w / 8)), min_size=1, max_size=20)
layouts = st.builds(
    dict,
    separator=st.sampled_from([" ", "  ", "\t", ",", ";"]),
    header=st.sampled_from(["", "source{0}target{0}weight", "From{0}To{0}Weight"]),
    comment=st.sampled_from(["", "# by hand\n", "% of a paper\n"]),
    end=st.sampled_from(["\n", "\r\n"]),
)


def written(edges: list[tuple[str, str, float]], layout: dict[str, str], weighted: bool = True) -> str:
    separator = layout["separator"]
    lines = [separator.join([a, b, str(w)][: 2 + weighted]) for a, b, w in edges]
    if layout["header"]:
        names = layout["header"].format("|").split("|")[: 2 + weighted]
        lines.insert(0, separator.join(names))
    return layout["comment"].replace("\n", layout["end"]) + layout["end"].join(lines) + layout["end"]


def imported(text: str, **options: object) -> tuple[dict[str, list[dict[str, object]]], list[str]]:
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.txt"
        path.write_bytes(text.encode())
        return rows("edges", path, note=notes.append, **options), notes


@settings(deadline=None, max_examples=40)
@given(lists, layouts)
def test_edges_that_repeat_are_summed_and_loops_are_none(edges, layout):
    found, notes = imported(written(edges, layout), header=bool(layout["header"]))
    expected: dict[tuple[str, str], float] = {}
    for a, b, weight in edges:
        if a != b:
            expected[a, b] = expected.get((a, b), 0.0) + weight
    assert {(row["source"], row["target"]): row["weight"] for row in found.get("ties", [])} == expected
    loops = sum(a == b for a, b, _ in edges)
    repeats = len(edges) - loops - len(expected)
    assert len(notes) == bool(loops) + bool(repeats)
    assert {row["id"] for row in found["people"]} == {end for edge in edges for end in edge[:2]}


@settings(deadline=None, max_examples=25)
@given(lists, layouts)
def test_friends_are_the_edges_of_an_undirected_graph(edges, layout):
    found, _ = imported(written(edges, layout, weighted=False), tie_kind="friend", header=bool(layout["header"]))
    theirs = nx.Graph((a, b) for a, b, _ in edges if a != b)
    ours = [(row["source"], row["target"]) for row in found.get("ties", [])]
    assert all(a < b for a, b in ours)
    assert {frozenset(pair) for pair in ours} == {frozenset(edge) for edge in theirs.edges}
    assert len(ours) == theirs.number_of_edges()


@pytest.mark.parametrize("kind", ["follows", "friend"])
def test_the_sum_is_that_of_the_library(kind):
    source, target, weight = ["ann", "ann", "ann", "june"], ["june", "june", "sam", "ann"], [1.0, 2.0, 4.0, 8.0]
    rows = zip(source, target, weight, strict=True)
    found, _ = imported("".join(f"{s},{t},{w}\n" for s, t, w in rows), tie_kind=kind)
    graph = Graph.from_edges(source, target, weight, directed=kind != "friend")
    ids, counted = list(graph.ids), {}
    for row in found["ties"]:
        counted[row["source"], row["target"]] = row["weight"]
    ours = {(ids[s], ids[t]): w for s, t, w in edges_of(graph)}
    for (s, t), w in counted.items():
        assert ours[s, t] == w
    assert len(ours) == len(counted) * (2 if kind == "friend" else 1)


def edges_of(graph: Graph) -> list[tuple[int, int, float]]:
    sources = [node for node in range(graph.number_of_nodes) for _ in range(graph.indptr[node], graph.indptr[node + 1])]
    return list(zip(sources, graph.indices.tolist(), graph.edge_weights().tolist(), strict=True))


@pytest.mark.parametrize("kind", ["follows", "friend"])
@pytest.mark.parametrize(
    "lines", [["a,b,1", "a,b,2", "a,c,4"], ["a,b,", "a,b,2", "a,c,"], ["a,b,", "a,b,", "a,c,1"], ["b,a,2", "a,b,2"]]
)
def test_repeated_ties_are_what_ingest_makes_of_them(tmp_path, lines, kind):
    (tmp_path / "edges.csv").write_text("\n".join(["source,target,weight", *lines]) + "\n")
    rows = [f"{line},{kind}" for line in lines]
    (tmp_path / "ties.csv").write_text("\n".join(["source,target,weight,kind", *rows]) + "\n")
    stores = [EmbeddedStore(tmp_path / name) for name in ("one", "other")]
    for store in stores:
        store.migrate()
    import_dataset(stores[0], IMPORTERS["edges"], tmp_path / "edges.csv", ImportOptions(tie_kind=kind))
    ingest(stores[1], [tmp_path / "ties.csv"], IngestOptions())
    one, other = (pa.concat_tables(store.records(TIES)).to_pylist() for store in stores)
    assert one == other


@pytest.mark.parametrize(
    ("text", "weights", "told"),
    [
        ("a,b,\na,b,2\na,c,\n", {("a", "b"): 3.0, ("a", "c"): None}, ["1 edge repeats", "weights were added"]),
        ("a,b\na,b\na,b\na,c\n", {("a", "b"): 3.0, ("a", "c"): None}, ["2 edges repeat", "weights were added"]),
        ("b,a\na,b\nc,a\n", {("b", "a"): None, ("a", "b"): None, ("c", "a"): None}, []),
    ],
)
def test_weights_of_repeated_edges_are_added(text, weights, told):
    found, notes = imported(text)
    assert {(row["source"], row["target"]): row.get("weight") for row in found["ties"]} == weights
    assert all(part in notes[0] for part in told)
    assert bool(notes) == bool(told)


def test_a_tie_is_as_old_as_its_oldest_edge():
    found, _ = imported("a b 1254192988\na b 1254192900\na b 1254192999\n")
    (tie,) = found["ties"]
    assert (tie["since"].isoformat(), tie.get("weight")) == ("2009-09-29T02:55:00+00:00", 3.0)


def test_the_kind_of_people_is_left_open():
    found, _ = imported("a b\n")
    assert found["people"] == [{"id": "a"}, {"id": "b"}]


def test_a_refused_list_yields_nothing_before_the_refusal(tmp_path):
    path = tmp_path / "graph.txt"
    path.write_text("a b 1\nb c -1\n")
    with pytest.raises(UnreadableFile):
        next(IMPORTERS["edges"].read(path, ImportOptions()))


def test_an_id_of_a_list_is_a_text_with_all_its_zeros():
    found, _ = imported("007,1e5\n1e5,NA\n")
    assert [row["id"] for row in found["people"]] == ["007", "1e5", "NA"]


def test_every_tie_has_the_kind_and_the_prefix_that_were_given():
    found, _ = imported("a b\n", tie_kind="exposed", prefix="g-")
    assert found["ties"] == [{"source": "g-a", "target": "g-b", "kind": "exposed"}]


@pytest.mark.parametrize("text", ["a b c d\n", "a\n", "", "# only words\n"])
def test_what_is_no_edge_list_is_refused_with_the_shape(text):
    with pytest.raises(UnreadableFile, match="source target"):
        imported(text)
