"""Public networks as they were published, against networkx, scipy, and published values."""

from __future__ import annotations

import gzip
import io
import zipfile

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.io

from influence_graph import Graph, pagerank
from influence_graph.errors import UnreadableFile
from tests.ingest.networks.small import Imported, imported, imported_file
from tests.public_data import public_data


def scores(found: Imported) -> dict[str, float]:
    source, target = [s for s, _, _ in found.ties], [t for _, t, _ in found.ties]
    graph = Graph.from_edges(source, target, list(found.weights.values()))
    return dict(zip(graph.ids, pagerank(graph).scores, strict=True))


@pytest.mark.parametrize(
    ("file", "matrix"), [("karate", "karate"), ("ldbc-directed-example", "ldbc-directed-example-unweighted")]
)
def test_published_pagerank_of_matrix_market(file, matrix):
    found = imported_file(public_data(f"classic_graphs/lagraph_{matrix}.mtx"))
    expected = pd.read_csv(public_data(f"classic_graphs/expected_pagerank_matlab_{file}.csv"), dtype={"node": str})
    assert scores(found) == pytest.approx(dict(zip(expected["node"], expected["pagerank"], strict=True)), abs=1e-4)


def test_every_sparse_matrix_of_lagraph_as_scipy_reads_it():
    for path in sorted(public_data("classic_graphs").glob("*.mtx")):
        matrix = scipy.io.mmread(path)
        entries = zip(matrix.row, matrix.col, matrix.data, strict=True)
        expected = {(str(i + 1), str(j + 1)): float(w) for i, j, w in entries if i != j}
        assert imported_file(path).weights == expected, path.name


@pytest.mark.parametrize("name", ["karate", "dolphins", "polbooks"])
def test_gml_of_newman_as_networkx_reads_it(name):
    path = public_data(f"classic_graphs/{name}.gml")
    theirs = nx.read_gml(path, label="id")
    found = imported_file(path)
    assert set(found.pairs) == {(str(s), str(t)) for s, t in nx.DiGraph(theirs).edges if s != t}
    labels = {str(node): held["label"] for node, held in theirs.nodes(data=True) if "label" in held}
    assert found.names == labels
    assert scores(found) == pytest.approx({str(n): v for n, v in nx.pagerank(theirs, tol=1e-12).items()}, abs=1e-6)


def test_football_repeats_edges_and_is_read_all_the_same():
    content = zipfile.ZipFile(public_data("classic_graphs/football.zip")).read("football.gml")
    found = imported(content, "football.gml")
    assert (len(found.people), len(found.ties)) == (115, 2 * 613)


def test_lesmis_has_spaces_in_its_names():
    path = public_data("classic_graphs/lesmis.tsv")
    found = imported_file(path)
    rows = [tuple(line.split("\t")) for line in path.read_text().splitlines()]
    assert found.pairs == list(dict.fromkeys(rows))
    assert "Mlle Baptistine" in found.people


@pytest.mark.parametrize(
    ("name", "people", "ties"),
    [
        ("twitch_engb/ENGB_edges.csv", 7126, 35_324),
        ("brand_pages/facebook_edges.csv", 22_470, 170_823),
        ("ciao_tang/ciao_trust_57544.csv", 2342, 57_544),
        ("classic_graphs/gds_pagerank_example_edges.csv", 8, None),
        ("classic_graphs/gds_got-s1-edges.csv", 127, 550),
        ("im_graphs/wiki-Vote.txt", 7115, 103_689),
    ],
)
def test_no_name_of_a_column_is_a_person(name, people, ties):
    found = imported_file(public_data(name))
    assert len(found.people) == people
    assert ties is None or len(found.ties) == ties


def test_digg_replies_are_dated_by_the_first_of_each_pair():
    path = public_data("digg_reply/digg_reply_ordered_fdu.txt")
    found = imported_file(path)
    table = pd.read_csv(path, sep=" ", names=["s", "t", "at"], dtype={"s": str, "t": str})
    table = table[table["s"] != table["t"]]
    grouped = table.groupby(["s", "t"])["at"]
    assert set(found.pairs) == set(grouped.groups)
    assert {(s, t): w or 1.0 for s, t, w in found.ties} == grouped.size().astype(float).to_dict()
    oldest = pd.to_datetime(grouped.min(), unit="s", utc=True)
    assert found.since == {pair: at.isoformat() for pair, at in oldest.items()}


def test_distrust_in_bitcoin_is_refused_with_its_line():
    with pytest.raises(UnreadableFile, match=r"csv, line \d+: weight '-\d+' is less than 0"):
        imported_file(public_data("bitcoin_trust/soc-sign-bitcoinotc.csv"))


def test_a_snap_list_is_the_same_gzipped():
    path = public_data("im_graphs/wiki-Vote.txt")
    assert imported(gzip.compress(path.read_bytes()), "wiki-Vote.txt.gz").ties == imported_file(path).ties


def test_metis_is_refused():
    for path in sorted(public_data("classic_graphs").glob("*.metis.graph")):
        with pytest.raises(UnreadableFile, match="no list of edges"):
            imported_file(path)


def test_a_large_matrix_keeps_every_entry():
    rng = np.random.default_rng(1)
    matrix = scipy.sparse.random_array((300, 300), density=0.1, rng=rng, format="coo")
    file = io.BytesIO()
    scipy.io.mmwrite(file, matrix, precision=17)
    found = imported(file.getvalue(), "m.mtx.gz")
    entries = zip(matrix.row, matrix.col, matrix.data, strict=True)
    assert found.weights == {(str(i + 1), str(j + 1)): w for i, j, w in entries if i != j}
