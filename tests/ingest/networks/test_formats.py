"""Formats of graphs: nodes, edges, weights and directions as networkx and scipy read the same file."""

from __future__ import annotations

import io
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.io
import scipy.sparse

from influence_graph import Graph, pagerank
from influence_graph.errors import InputError, UnreadableFile
from tests.ingest.networks.small import Imported, imported


def arcs(graph: Any) -> dict[tuple[str, str], float]:
    """Return the weight of each direction of a networkx *graph*, parallel edges summed, without loops."""
    found: dict[tuple[str, str], float] = {}
    for source, target, weight in graph.edges(data="weight", default=1.0):
        for pair in [(source, target)] if graph.is_directed() else [(source, target), (target, source)]:
            if source != target:
                key = (str(pair[0]), str(pair[1]))
                found[key] = found.get(key, 0.0) + float(weight)
    return found


def random_graph(kind: type, *, labels: bool = True) -> Any:
    rng = np.random.default_rng(7)
    graph = kind()
    for node in range(9):
        graph.add_node(node, **({"label": f"Person {node}"} if labels else {}))
    for source, target in rng.integers(0, 8, (25, 2)).tolist():
        graph.add_edge(source, target, weight=int(rng.integers(1, 8)) / 4)
    return graph


KINDS = [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    ("suffix", "write"), [("graphml", nx.write_graphml), ("gexf", nx.write_gexf), ("gml", nx.write_gml)]
)
def test_what_networkx_writes_gives_its_edges(tmp_path, kind, suffix, write):
    graph = random_graph(kind, labels=suffix != "gml")
    write(graph, tmp_path / f"g.{suffix}")
    content = (tmp_path / f"g.{suffix}").read_bytes()
    found = imported(content, f"g.{suffix}")
    assert found.weights == pytest.approx(arcs(graph))
    assert sorted(found.people) == [str(node) for node in range(9)]
    if suffix != "gml":
        assert found.names == {str(node): f"Person {node}" for node in range(9)}
    assert imported(content, "without_suffix").weights == found.weights
    assert any("undirected" in note for note in found.notes) == (not graph.is_directed())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_friends_are_the_edges_of_the_undirected_graph(tmp_path, kind):
    graph = random_graph(kind)
    nx.write_graphml(graph, tmp_path / "g.graphml")
    found = imported((tmp_path / "g.graphml").read_bytes(), tie_kind="friend")
    pairs = {frozenset(map(str, edge)) for edge in nx.Graph(graph).edges if edge[0] != edge[1]}
    assert {frozenset(pair) for pair in found.pairs} == pairs
    assert len(found.ties) == len(pairs)
    total = sum(w for s, t, w in graph.edges(data="weight") if s != t)
    assert sum(found.weights.values()) == pytest.approx(total)


def scores(found: Imported) -> dict[str, float]:
    source, target = [s for s, _, _ in found.ties], [t for _, t, _ in found.ties]
    graph = Graph.from_edges(source, target, list(found.weights.values()))
    return dict(zip(graph.ids, pagerank(graph).scores, strict=True))


def directed() -> Any:
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([("1", "2", 0.5), ("2", "3", 2.0), ("3", "1", 1.0), ("1", "3", 4.0), ("4", "1", 1.0)])
    return graph


LISTED = [(s, t, w) for s, t, w in directed().edges(data="weight")]
SAME = {
    "list.txt": "".join(f"{s} {t} {w}\n" for s, t, w in LISTED),
    "gephi.csv": "Source,Target,Type,Weight\n" + "".join(f"{s},{t},Directed,{w}\n" for s, t, w in LISTED),
    "out.konect": "% asym weighted\n% 5 4 4\n" + "".join(f"{s}\t{t}\t{w}\n" for s, t, w in LISTED),
    "m.mtx": "%%MatrixMarket matrix coordinate real general\n4 4 5\n" + "".join(f"{s} {t} {w}\n" for s, t, w in LISTED),
    "p.net": '*Vertices 4\n1 "A"\n2 "B"\n3 "C"\n4 "D"\n*Arcs\n' + "".join(f"{s} {t} {w}\n" for s, t, w in LISTED),
    "rels.csv": ":START_ID(P),:END_ID(P),:TYPE,weight:double\n"
    + "".join(f"{s},{t},FOLLOWS,{w}\n" for s, t, w in LISTED),
    "dicts.txt": "".join(f"{s} {t} {{'weight': {w}}}\n" for s, t, w in LISTED),
    "g.graphml": "\n".join(nx.generate_graphml(directed())),
    "g.gexf": "\n".join(nx.generate_gexf(directed())),
    "g.gml": "graph [ directed 1 "
    + "".join(f"node [ id {n} ] " for n in range(1, 5))
    + "".join(f"edge [ source {s} target {t} weight {w} ] " for s, t, w in LISTED)
    + "]",
}


@pytest.mark.parametrize("name", SAME)
def test_one_network_in_any_format_has_the_pagerank_of_networkx(name):
    found = imported(SAME[name], name)
    assert found.weights == {(s, t): w for s, t, w in LISTED}
    assert scores(found) == pytest.approx(nx.pagerank(directed(), tol=1e-12), abs=1e-6)


@pytest.mark.parametrize("form", ["general", "symmetric"])
@pytest.mark.parametrize("values", ["real", "integer", "pattern"])
def test_matrix_market_as_scipy_reads_it(form, values):
    rng = np.random.default_rng(5)
    dense = rng.integers(1, 5, (6, 6)) * (rng.random((6, 6)) < 0.5)
    matrix = scipy.sparse.coo_array(np.tril(dense) + np.tril(dense, -1).T if form == "symmetric" else dense)
    file = io.BytesIO()
    scipy.io.mmwrite(file, matrix, field=values, symmetry=form)
    expected = scipy.io.mmread(io.BytesIO(file.getvalue()))
    found = imported(file.getvalue(), "m.mtx")
    entries = zip(expected.row, expected.col, expected.data, strict=True)
    assert found.weights == {(str(i + 1), str(j + 1)): w for i, j, w in entries if i != j}
    assert sorted(found.people) == [str(node) for node in range(1, 7)]
    assert any("undirected" in note for note in found.notes) == (form == "symmetric")


def test_pajek_as_networkx_reads_it(tmp_path):
    for kind in (nx.MultiGraph, nx.MultiDiGraph):
        graph = random_graph(kind, labels=False)
        nx.write_pajek(graph, tmp_path / "p.net")
        theirs = nx.read_pajek(tmp_path / "p.net")
        number = {node: held["id"] for node, held in theirs.nodes(data=True)}
        found = imported((tmp_path / "p.net").read_bytes(), "p.net")
        assert found.weights == pytest.approx(arcs(nx.relabel_nodes(theirs, number)))


def test_pajek_where_networkx_reads_another_graph():
    text = '%c\n*Vertices 4\r\n1 "Ann O\'Lee" 0.1 0.2 box\n2 June\n*Arcs\n1 2 3\n*Edges\n2 3\n*Arcslist\n4 1 2\n'
    found = imported(text, "p.net")
    assert found.weights == {("1", "2"): 3, ("2", "3"): 1, ("3", "2"): 1, ("4", "1"): 1, ("4", "2"): 1}
    assert found.names == {"1": "Ann O'Lee", "2": "June"}
    same_label = imported('*Vertices 2\n1 "Ann"\n2 "Ann"\n*Arcs\n1 2\n', "p.net")
    assert (same_label.pairs, same_label.names) == ([("1", "2")], {"1": "Ann", "2": "Ann"})


def test_konect_goes_by_its_header():
    edges = "1 2\n2 3\n3 1\n3 4\n4 5\n"
    assert len(imported(f"% sym unweighted\n{edges}", "out.s").ties) == 10
    assert imported(f"% sym unweighted\n{edges}", "out.s").notes == [
        "out.s: the graph is undirected: read 5 undirected edges in both directions"
    ]
    assert len(imported(f"% sym unweighted\n{edges}", "out.s", tie_kind="friend").ties) == 5
    assert imported(f"% asym unweighted\n% 5 5 5\n{edges}", "out.s").pairs[0] == ("1", "2")
    timed = imported("% asym positive\n1 2 1 1254192988\n1 2 2 1254192900\n2 3\t1 1254192988 \n", "out.t")
    assert timed.weights == {("1", "2"): 3, ("2", "3"): 1}
    assert timed.since["1", "2"] == "2009-09-29T02:55:00+00:00"
    unweighted = imported("% asym unweighted\n1 2 1 1254192988\n", "out.t")
    assert unweighted.ties == [("1", "2", None)]
    undated = imported("% asym weighted\n1 2 5 1\n2 3 6 2\n", "out.t")
    assert undated.weights == {("1", "2"): 5, ("2", "3"): 6}
    assert undated.notes == ["out.t: column 4 holds no times and was not read"]


def test_gml_labels_are_names_and_edges_repeat():
    nodes = 'node\n [\n id 1\n label "Ann"\n ]\n node [ id 2 ]'
    edges = "edge [ source 1 target 2 value 3 ]\n edge [ source 2 target 1 ]"
    text = f'Creator "x"\ngraph\n[\n {nodes}\n {edges}\n]\n'
    found = imported(text, "g.gml")
    assert found.names == {"1": "Ann"}
    assert sorted(found.ties) == [("1", "2", 2.0), ("2", "1", 2.0)]
    assert imported(text, "g.gml", weight="value").weights == {("1", "2"): 4, ("2", "1"): 4}
    with pytest.raises(UnreadableFile, match=r"no edge attribute 'valeu'; did you mean 'value'\?"):
        imported(text, "g.gml", weight="valeu")


def test_graphml_of_other_encodings_and_defaults():
    text = (
        '<?xml version="1.0" encoding="{}"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<key id="w" for="edge" attr.name="weight" attr.type="double"><default>2</default></key>'
        '<key id="n" for="node" attr.name="name" attr.type="string"/><graph edgedefault="directed">'
        '<node id="a"><data key="n">Zoë</data></node><node id="b"/>'
        '<edge source="a" target="b"/><edge source="b" target="a"><data key="w">3</data></edge></graph></graphml>'
    )
    for encoding in ("utf-8", "utf-16", "iso-8859-1"):
        found = imported(text.format(encoding).encode(encoding), "g.graphml")
        assert found.weights == {("a", "b"): 2, ("b", "a"): 3}
        assert found.names == {"a": "Zoë"}


def test_gexf_mutual_edges():
    text = (
        '<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph defaultedgetype="directed"><nodes>'
        '<node id="a" label="Ann"/><node id="b" label="b"/><node id="c"/></nodes><edges>'
        '<edge id="0" source="a" target="b" type="mutual" weight="2"/><edge id="1" source="b" target="c"/></edges>'
        "</graph></gexf>"
    )
    found = imported(text, "g.gexf")
    assert found.weights == {("a", "b"): 2, ("b", "a"): 2, ("b", "c"): 1}
    assert found.names == {"a": "Ann"}


def test_neo4j_admin_relationships_and_nodes():
    header = ":START_ID(Person);:END_ID(Person);:TYPE;weight:double;since:datetime;note"
    found = imported(f"{header}\na;b;FOLLOWS;2;2024-05-01T00:00:00Z;x\n", "rels.csv")
    assert found.ties == [("a", "b", 2.0)]
    assert found.since == {("a", "b"): "2024-05-01T00:00:00+00:00"}
    assert any("'note' was not read" in note for note in found.notes)
    nodes = imported("personId:ID(Person),name:string,:LABEL\n7,Ann,Person\n", "people.csv")
    assert (nodes.names, nodes.ties) == ({"7": "Ann"}, [])


XML = "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'><graph edgedefault='directed'>{}</graph></graphml>"
BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><graphml>&b;</graphml>'
REFUSED = [
    ("% bip weighted\n1 1 5\n", "two kinds"),
    ("% asym dynamic\n1 2 -1 3\n", "dynamic"),
    ("% asym signed\n1 2 -1\n", "line 2: weight '-1'"),
    ("% sym unweighted\n1 2 3 4 5\n", "5 columns"),
    ("%%MatrixMarket matrix array real general\n1 1\n2\n", "array real general"),
    ("%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 2 3\n", "complex"),
    ("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 2\n", "skew"),
    ("%%MatrixMarket matrix coordinate real general\n2 3 1\n1 3 1\n", "2 rows and 3 columns"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 2\n1 2 1\n", "1 entries of 3 numbers"),
    ("%%MatrixMarket matrix coordinate real general\n% c\n2 2 2\n1 2 1\n2 1 -1\n", "line 5: weight"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 999999999999\n1 2 1\n", "1 entries of 3 numbers.*999,999"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 1,5x", "line 3: weight '1,5x'"),
    ("%%MatrixMarket matrix coordinate real general\n2 2 1\n3 2 1", "line 3: '3' is not a whole number from 1 to 2"),
    ("%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 2 7", "1 entries of 3 numbers"),
    ("%%MatrixMarket matrix coordinate real general\n2 x 1\n1 2 7", "line 2 is not `rows columns entries`"),
    ("%%MatrixMarket matrix coordinate real general\n99999999 99999999 1\n1 2 1\n", "size of 99,999,999"),
    ("*Vertices 99999999\n*Arcs\n1 3\n", "size of 99,999,999"),
    ("*Vertices 2\n1 a\n*Arcs\n1 3\n", "line 4: '3' is not the number of a vertex from 1 to 2"),
    ("*Vertices 4 2\n1 a\n", "two modes"),
    ("*Vertices 2\n*Matrix\n0 1\n1 0\n", r"'\*Matrix' is not read"),
    ("*Vertices 2\n*Arcs\n1 2 -3\n", "line 3: weight '-3'"),
    ("graph [ node [ id 1 ] edge [ source 1 target 2 ] ]", "networkx cannot read it"),
    ("graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 weight -2 ] ]", "the edge 1 – 2: weight '-2'"),
    ("graph [", "networkx cannot read it"),
    (BOMB, "document type"),
    ("<svg/>", "neither GraphML nor GEXF"),
    (XML.format("<node id='a'/>") + "x", "networkx cannot read it"),
    (XML.format("<edge source='a' target='b' directed='false'/>"), "networkx cannot read it"),
    (
        XML.format("<edge id='1' source='a' target='b'/><edge id='1' source='a' target='b'/>"),
        "2 edges, of which networkx",
    ),
    (XML.format("<node id='a'><graph edgedefault='directed'><edge source='a' target='b'/></graph></node>"), "1 edges"),
    (":START_ID(Person),:END_ID(Movie)\na,b\n", "Person and Movie"),
    (":START_ID,:END_ID,:TYPE\na,b,FOLLOWS\na,c,BLOCKS\n", "2 types: FOLLOWS, BLOCKS"),
    (":START_ID,weight\na,1\n", "lacks :START_ID or :END_ID"),
    ("PAR1xxxx", "Parquet"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_is_refused(text, reason):
    with pytest.raises(UnreadableFile, match=reason) as refused:
        imported(text, "graph.x")
    assert refused.value.remedy
    assert "\n" not in str(refused.value)


def test_damaged_formats_are_refused_by_their_suffix():
    for name in ("a.mtx", "a.gml", "a.graphml", "a.gexf", "a.net", "a.graph", "a.dot"):
        with pytest.raises(UnreadableFile):
            imported("1 2\n2 3\n", name)


@pytest.mark.parametrize("option", [{"header": True}, {"size_line": True}, {"third": "time"}])
def test_options_of_lists_do_not_fit_other_formats(option):
    with pytest.raises(InputError, match="plain edge lists"):
        imported(SAME["g.gml"], **option)
