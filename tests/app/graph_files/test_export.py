"""The whole graph in other programs' files: what they read back is what the store holds."""

from __future__ import annotations

import os
import shlex
import subprocess
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import influence_graph as ig
from influence_graph.app.graph_files.xml import escaped
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.ingest.importers.base import ImportOptions
from influence_graph.ingest.importers.edges import read as read_edges
from influence_graph.model.parameters import RankParameters, ScoreParameters
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.app.jobs.small import add

DAY = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
EVIL = 'A <b> & "c"'
PEOPLE = [
    {"id": "ann", "name": EVIL, "kind": "influencer", "style": "passive", "followers": 2**40, "joined": DAY},
    {"id": "bob", "name": "Bob, the 2nd"},
    {"id": "acme"},  # a person with the id of a brand
]
TIES = [
    {"source": "ann", "target": "bob", "kind": "follows", "weight": 0.1 + 0.2, "since": DAY},
    {"source": "bob", "target": "cid", "kind": "friend"},
    {"source": "acme", "target": "ann", "kind": "exposed", "weight": 2.0},
]
EVENTS = [
    {"event_id": "e1", "at": DAY, "consumer": "ann", "brand": "acme", "points": 3.0, "with_brands": "acme|zig"},
    {"event_id": "e2", "at": DAY, "consumer": "bob", "brand": "acme", "kind": "complaint", "paid": False, "item": EVIL},
    {"event_id": "e3", "at": DAY, "consumer": "bob", "brand": "acme", "kind": "giveaway"},
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = EmbeddedStore(tmp_path_factory.mktemp("graph") / "store")
    add(store, "people", *PEOPLE)
    add(store, "brands", {"id": "acme", "name": "Acme", "category": "tools"})
    add(store, "ties", *TIES)
    add(store, "interactions", *EVENTS)
    run(RankJob(), store, RankParameters(), write=True)
    run(ScoreJob(), store, ScoreParameters(), write=True)
    return store


def read(store: Store, path: Path, edges: list[str] | None = None) -> nx.MultiDiGraph:
    ig.export_graph(store, path, edges=edges)
    reader = nx.read_gexf if path.suffix == ".gexf" else nx.read_graphml
    return reader(path, node_type=str)


@pytest.mark.parametrize("suffix", ["gexf", "graphml"])
def test_networkx_reads_the_same_nodes_edges_and_attributes(store: Store, tmp_path: Path, suffix: str) -> None:
    graph = read(store, tmp_path / f"graph.{suffix}")
    assert set(graph) == {"ann", "bob", "cid", "acme", "Brand:acme", "zig"}
    rank = dict(store.results("rank")[1].select(["id", "score"]).to_pandas().itertuples(index=False))
    ann, brand = dict(graph.nodes["ann"]), dict(graph.nodes["Brand:acme"])
    ann.pop("viz", None)
    brand.pop("viz", None)
    assert ann == {
        "label": EVIL,
        "labels": "Consumer",
        "name": EVIL,
        "kind": "influencer",
        "style": "passive",
        "followers": 2**40,
        "joined": "2026-01-01T12:30:00Z",
        "pageRank": rank["ann"],
    }
    assert brand == {"label": "Acme", "labels": "Brand", "name": "Acme", "category": "tools"}
    assert graph.nodes["cid"]["label"] == "cid"
    follows = graph["ann"]["bob"]
    assert (follows["type"], follows["weight"], follows["since"]) == ("FOLLOWS", 0.1 + 0.2, "2026-01-01T12:30:00Z")
    assert graph["bob"]["cid"]["type"] == graph["cid"]["bob"]["type"] == "KNOWS"
    bonds = {row["consumer"]: row for row in store.results("score")[1].to_pylist() if row["brand"] == "acme"}
    for consumer, row in bonds.items():
        bond = graph[consumer]["Brand:acme"]
        assert bond["type"] == "BOND"
        assert bond["fusionScore"] == row["fusion_score"]
        assert bond["weight"] == abs(row["fusion_score"])
        assert bond["sign"] == (row["fusion_score"] > 0) - (row["fusion_score"] < 0)
        assert bond.get("reciprocity") == row["reciprocity"]
    assert graph["ann"]["zig"]["sign"] == 1
    assert graph.number_of_edges() == 1 + 2 + 1 + store.results("score")[1].num_rows


@pytest.mark.parametrize("suffix", ["gexf", "graphml"])
def test_interactions_keep_what_the_store_resolves_their_meaning_to(store: Store, tmp_path: Path, suffix: str) -> None:
    graph = read(store, tmp_path / f"graph.{suffix}", ["interactions"])
    events = {each["eventId"]: (source, target, each) for source, target, each in graph.edges(data=True)}
    assert set(events) == {"e1", "e2", "e3"}
    assert events["e1"][:2] == ("ann", "Brand:acme")
    assert events["e1"][2]["withBrands"] == "acme|zig"
    assert events["e2"][2]["paid"] is False
    assert [events[id_][2].get("item") for id_ in ("e1", "e2")] == [None, EVIL]
    assert events["e2"][2]["valence"] == -1.0
    assert events["e2"][2]["touchpoint"] == "problem_recovery"
    assert events["e3"][:2] == ("Brand:acme", "bob")
    assert events["e3"][2]["type"] == "RESPONDED"


def test_gephi_finds_sizes_colors_and_weights_from_0(store: Store, tmp_path: Path) -> None:
    graph = read(store, tmp_path / "graph.gexf", ["ties", "bonds", "interactions"])
    sizes = {node: held["viz"].get("size") for node, held in graph.nodes(data=True)}
    ranks = {node: held["pageRank"] for node, held in graph.nodes(data=True) if "pageRank" in held}
    assert sizes[max(ranks, key=ranks.get)] == 40.0
    assert all(4 <= sizes[node] <= 40 for node in ranks)
    assert sizes["Brand:acme"] is None
    assert all(held["weight"] >= 0 for _, _, held in graph.edges(data=True))
    root = ET.parse(tmp_path / "graph.gexf").getroot()
    names = {"": "http://www.gexf.net/1.2draft", "viz": "http://www.gexf.net/1.2draft/viz"}
    assert root.get("version") == "1.2"
    edges = root.findall("graph/edges/edge", names)
    assert [edge.get("id") for edge in edges] == [str(place) for place in range(len(edges))]
    declared = {each.get("id") for each in root.findall("graph/attributes/attribute", names)}
    assert {each.get("for") for each in root.iter(f"{{{names['']}}}attvalue")} <= declared
    colored = [edge for edge in edges if edge.find("viz:color", names) is not None]
    assert len(colored) == store.results("score")[1].num_rows


def test_ties_alone_come_back_as_the_same_graph(store: Store, tmp_path: Path) -> None:
    for name in ("ties.gexf", "ties.graphml"):
        read_back = ig.Graph.from_networkx(read(store, tmp_path / name, ["ties"]))
        known = store.graph("ties")
        assert set(read_back.labels) == {"Consumer"}
        frames = [
            pd.DataFrame(nx.to_pandas_edgelist(each.to_networkx())).sort_values(["source", "target"], ignore_index=True)
            for each in (read_back, known)
        ]
        pd.testing.assert_frame_equal(*frames)


@pytest.mark.parametrize("name", ["ties.gexf", "ties.graphml", "neo4j/follows.csv"])
def test_import_edges_reads_what_was_written(store: Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if path.suffix == ".csv":
        ig.export_graph(store, path.parent, "neo4j-admin")
    else:
        ig.export_graph(store, path, edges=["ties"])
    again = EmbeddedStore(tmp_path / "again")
    again.migrate()
    for batch in read_edges([path], ImportOptions()):
        again.append(batch.kind, [batch])
    expected = {("ann", "bob", 0.1 + 0.2)}
    if path.suffix != ".csv":
        expected |= {("bob", "cid", 1.0), ("cid", "bob", 1.0), ("acme", "ann", 2.0)}
    rows = [row for each in again.records("ties") for row in each.to_pylist()]
    found = {(row["source"], row["target"], row["weight"]) for row in rows}
    assert found == expected


def test_pandas_reads_nodes_and_edges(store: Store, tmp_path: Path) -> None:
    written = ig.export_graph(store, tmp_path / "graph", "parquet", ["ties", "bonds", "interactions"])
    nodes, edges = (pd.read_parquet(tmp_path / "graph" / f"{name}.parquet") for name in ("nodes", "edges"))
    assert len(nodes) == sum(written.nodes.values()) == 6
    assert len(edges) == sum(written.edges.values())
    assert edges["type"].value_counts().to_dict() == written.edges
    assert sorted(nodes.loc[nodes["id"] == "acme", "label"]) == ["Brand", "Consumer"]
    assert edges.loc[edges["type"] == "BOND", "fusionScore"].notna().all()
    assert str(edges["since"].dtype).startswith("datetime64")
    assert set(written.runs) == {"pageRank", "bonds"}


def test_the_files_of_neo4j_admin_have_typed_headers(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    written = ig.export_graph(store, folder, "neo4j-admin", ["ties", "bonds", "interactions"])
    people = (folder / "consumers.csv").read_text().splitlines()
    assert people[0] == (
        "id:ID(Consumer),name:string,kind:string,style:string,followers:long,platform:string,city:string,"
        "joined:datetime,pageRank:double,:LABEL"
    )
    assert people[2].startswith('"ann","A <b> & ""c""","influencer","passive",1099511627776,,,"2026-01-01T12:30:00Z",')
    assert people[2].endswith('"Consumer|Influencer|PassiveInfluencer"')
    assert people[3].startswith('"bob","Bob, the 2nd",,,,')
    bond = (folder / "bond.csv").read_text().splitlines()
    assert bond[0].startswith(":START_ID(Consumer),:END_ID(Brand),weight:double,sign:long,fusionScore:double,")
    assert set(written.files) == set(folder.iterdir())
    words = shlex.split(written.command)
    assert words[:4] == ["neo4j-admin", "database", "import", "full"]
    assert [word.partition("=")[2] for word in words if word.startswith(("--nodes", "--rel"))] == [
        str(folder / name)
        for name in (
            *("consumers.csv", "brands.csv", "follows.csv", "knows.csv", "exposed_to.csv", "bond.csv"),
            *("interacted.csv", "responded.csv"),
        )
    ]


@pytest.mark.neo4j
def test_the_importer_of_neo4j_takes_all_of_it(store: Store, tmp_path: Path) -> None:
    from influence_graph.errors import MissingExtra
    from influence_graph.stores.neo4j.server.artifacts import class_path, java

    try:
        program, jars = java(), class_path(lambda *_: None)
    except MissingExtra as error:
        pytest.skip(str(error))
    written = ig.export_graph(store, tmp_path / "files", "neo4j-admin", ["ties", "bonds", "interactions"])
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "neo4j.conf").write_text(f"server.directories.data={tmp_path / 'data'}\n")
    opened = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.nio", "java.io", "sun.nio.ch")]
    command = [str(program), "-cp", str(jars), *opened, "org.neo4j.cli.AdminTool", *shlex.split(written.command)[1:]]
    home = {"NEO4J_HOME": str(tmp_path), "NEO4J_CONF": str(tmp_path / "conf")}
    done = subprocess.run(command, env=os.environ | home, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"  {sum(written.nodes.values())} nodes" in done.stdout
    assert f"  {sum(written.edges.values())} relationships" in done.stdout


def test_without_scores_the_default_is_interactions(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    add(store, "interactions", *EVENTS)
    written = ig.export_graph(store, tmp_path / "graph.gexf")
    assert written.edges == {"INTERACTED": 2, "RESPONDED": 1}
    assert written.runs == {}
    with pytest.raises(ig.InputError, match="keeps no bonds; calculate them"):
        ig.export_graph(store, tmp_path / "graph.gexf", edges=["bonds"])


def test_people_without_edges_are_nodes(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    add(store, "people", {"id": "ann"})
    for name, format_ in (("g.gexf", None), ("g.graphml", None), ("p", "parquet"), ("n", "neo4j-admin")):
        assert ig.export_graph(store, tmp_path / name, format_).edges == {}
    assert list(nx.read_gexf(tmp_path / "g.gexf")) == list(nx.read_graphml(tmp_path / "g.graphml")) == ["ann"]
    assert pd.read_parquet(tmp_path / "p" / "edges.parquet").empty


def test_keys_of_brands_never_meet_those_of_people(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    add(store, "people", {"id": "a"}, {"id": "Brand:a"})
    add(store, "brands", {"id": "a"}, {"id": "b"})
    assert set(read(store, tmp_path / "g.graphml", ["interactions"])) == {"a", "Brand:a", "Brand:Brand:a", "b"}


@pytest.mark.parametrize(
    ("path", "arguments", "message"),
    [
        ("g.xyz", {}, "g.xyz does not tell the format of the graph; use --format gexf"),
        ("g.parquet", {}, "does not tell the format"),
        ("g", {"format_": "xml"}, "no format of graphs 'xml'"),
        ("g.gexf", {"edges": ["bond"]}, "no kind of edges 'bond'; use ties, bonds, interactions"),
        ("no/folder/g.gexf", {}, "cannot be written"),
        ("file/g", {"format_": "parquet"}, "cannot be written"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(store: Store, tmp_path: Path, path, arguments, message) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ig.InputError) as refused:
        ig.export_graph(store, tmp_path / path, **arguments)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_an_empty_store_has_nothing_to_export(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    store.migrate()
    with pytest.raises(ig.InputError, match="holds nobody; ingest"):
        ig.export_graph(store, tmp_path / "g.gexf")
    assert not (tmp_path / "g.gexf").exists()


def test_a_failure_while_writing_leaves_the_former_files(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, format_ in (("g.gexf", None), ("n", "neo4j-admin")):
        ig.export_graph(store, tmp_path / name, format_)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("influence_graph.app.graph_files.gexf._edges", fails)
    monkeypatch.setattr("influence_graph.app.graph_files.neo4j_admin._labels", fails)
    for name, format_ in (("g.gexf", None), ("n", "neo4j-admin")):
        with pytest.raises(ig.InputError, match="No space left"):
            ig.export_graph(store, tmp_path / name, format_)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not list(tmp_path.rglob(".export.*"))


def is_legal(c: str) -> bool:
    """Return whether XML 1.0 allows the character (https://www.w3.org/TR/xml/#charsets)."""
    return c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"


@given(st.text())
def test_any_text_is_read_back_from_xml_but_for_what_xml_forbids(text: str) -> None:
    element = ET.fromstring(f'<a b="{escaped(text)}">{escaped(text)}</a>')
    legal = "".join(c if is_legal(c) else "\ufffd" for c in text)
    assert element.get("b") == legal
    assert (element.text or "") == legal
