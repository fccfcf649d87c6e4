"""Plain edge lists: what the first line, the columns and the comments are, by what the file shows; else it is asked."""

from __future__ import annotations

import gzip

import networkx as nx
import numpy as np
import pytest

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.networks.delimiter import delimiter_of
from tests.ingest.networks.small import imported

EPOCH = "1254192988"
ISO = "2009-09-29T02:56:28+00:00"


@pytest.mark.parametrize(
    ("header", "row", "tie"),
    [
        ("x1,x2", "0,2145", ("0", "2145")),
        ("node_1,node_2", "0,1", ("0", "1")),
        ('"source","target"', '"a","b"', ("a", "b")),
        ("follower,followee", "ann,june", ("ann", "june")),
        ("from_id\tto_id", "1\t2", ("1", "2")),
        ("FromNodeId\tToNodeId", "1\t2", ("1", "2")),
        ("user1 user2", "ann june", ("ann", "june")),
        ("page;visitor", "12;13", ("12", "13")),
        ('"x","y"', "a,b", ("a", "b")),
        ("#source target", "a b", ("a", "b")),
        ("# source target", "a b", ("a", "b")),
        ("% from to", "1 2", ("1", "2")),
        ("Id,Source,Target", "0,a,b", ("a", "b")),
        (",source,target", "0,a,b", ("a", "b")),
        ("truster|trustee", "1|2", ("1", "2")),
        ("node a,node b", "x,y", ("x", "y")),
    ],
)
def test_names_of_columns_are_no_edge(header, row, tie):
    assert imported(f"{header}\n{row}\n").pairs == [tie]


@pytest.mark.parametrize("header", ["user,follower", "followee,follower", "to,from", "influencer,follower_id"])
def test_the_names_tell_the_direction_and_that_is_said(header):
    found = imported(f"{header}\nann,june\n")
    assert found.pairs == [("june", "ann")]
    assert "edges go from the column" in found.notes[0]


@pytest.mark.parametrize(
    "text",
    ["1 2\n2 3\n3 4\n", "3 1\n1 2\n2 3\n", "ann june\njune sam\nsam ann\n", "n1 n2\nn2 n3\nn3 n1\n"],
)
def test_a_real_first_edge_is_kept_without_a_word(text):
    found = imported(text)
    assert found.pairs == [tuple(line.split()) for line in text.splitlines()]
    assert found.notes == []


@pytest.mark.parametrize("text", ["ann june\nbob sam\n", "name,city\nann,paris\nbob,rome\n"])
def test_where_nothing_tells_names_from_an_edge_it_is_said(text):
    found = imported(text)
    assert len(found.ties) == len(text.splitlines())
    assert "was read as an edge; if these are column names pass --header" in found.notes[0]
    assert len(imported(text, header=True).ties) == len(found.ties) - 1
    assert imported(text, header=False).notes == []


@pytest.mark.parametrize("text", ["from to\na from\n", "user1,user2\nuser3,user4\n", "source,target\nx,source\n"])
def test_names_that_are_ids_too_are_asked_for(text):
    with pytest.raises(UnreadableFile, match="--header or --no-header"):
        imported(text)
    assert len(imported(text, header=False).ties) == 2
    assert len(imported(text, header=True).ties) == 1


def test_a_size_line_is_an_edge_unless_it_is_said():
    small = "3 2\n1 2\n2 3\n"
    found = imported(small)
    assert found.pairs[0] == ("3", "2")
    assert found.notes == [
        "graph.txt: line 1 ('3 2') was read as an edge; if it is the size of the graph pass --size-line"
    ]
    assert imported(small, size_line=True).pairs == [("1", "2"), ("2", "3")]
    path = [f"{i} {i + 1}" for i in range(20)]
    for size in ("21 20", "20 21"):
        large = "\n".join([size, *path])
        with pytest.raises(UnreadableFile, match="--size-line or --no-size-line"):
            imported(large)
        assert len(imported(large, size_line=True).ties) == 20
        assert len(imported(large, size_line=False).ties) == 21
    assert len(imported("\n".join(["22 20", *path])).ties) == 21
    with pytest.raises(UnreadableFile, match=r"line 2 has 3 columns where line 1 has 2.*--size-line"):
        imported("3 2\n1 2 0.5\n2 3 0.5\n")
    assert imported("3 2\n1 2 0.5\n2 3 0.5\n", size_line=True).ties == [("1", "2", 0.5), ("2", "3", 0.5)]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (f"# SrcID DstID UNIXTS\n1 2 {EPOCH}\n", ["column 'UNIXTS' was read as times (since)"]),
        (f"1 2 {EPOCH}\n", ["column 3 was read as times (since), not as weights"]),
        (f"1 2 {EPOCH}000\n", ["column 3 was read as times (since), not as weights"]),
        (f"1 2 {EPOCH}.0\n", ["column 3 was read as times (since), not as weights"]),
        ("1,2,2009-09-29T02:56:28Z\n", ["column 3 was read as times (since), not as weights"]),
        (f"source,target,timestamp\n1,2,{EPOCH}\n", ["column 'timestamp' was read as times (since)"]),
    ],
)
def test_a_third_column_of_times_is_since_and_no_weight(text, notes):
    found = imported(text)
    assert found.ties == [("1", "2", None)]
    assert found.since == {("1", "2"): ISO}
    assert found.notes == [f"graph.txt: {note}" for note in notes]


@pytest.mark.parametrize(
    "column", [("2004", "2005"), ("20100131", "20110228"), (EPOCH, "1"), ("1990.0", "2000")], ids=str
)
def test_a_third_column_that_may_be_either_is_asked_for(column):
    text = "".join(f"a {chr(98 + i)} {value}\n" for i, value in enumerate(column))
    with pytest.raises(UnreadableFile, match="--third weight"):
        imported(text)
    assert [w for _, _, w in imported(text, third="weight").ties] == [float(value) for value in column]
    with pytest.raises(UnreadableFile, match="does not hold times"):
        imported(text, third="time")


def test_what_was_said_of_the_third_column_holds():
    assert imported(f"a b {EPOCH}\n", third="weight").ties == [("a", "b", float(EPOCH))]
    with pytest.raises(InputError, match="weight, time"):
        imported("a b 1\n", third="since")
    with pytest.raises(UnreadableFile, match="leave --third out"):
        imported("source,target,weight\na,b,1\n", third="weight")


def test_times_without_a_zone_are_asked_for():
    with pytest.raises(UnreadableFile, match=r"line 1: since '2024-05-01' has no time zone.*--timezone"):
        imported("a b 2024-05-01\n")
    assert imported("a b 2024-05-01\n", timezone="UTC").since == {("a", "b"): "2024-05-01T00:00:00+00:00"}


def test_weight_and_time_together_as_bitcoin_trust_has_them():
    found = imported("6,2,4,1289241911.72836\n6,5,2,1289241941.53378\n")
    assert found.ties == [("6", "2", 4.0), ("6", "5", 2.0)]
    assert found.since["6", "2"] == "2010-11-08T18:45:11.728360+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "maya #ootd 1\n#ootd #fashion 3\n#zara #fashion 2\n",
        "#ootd #fashion 3\n#zara #fashion 2\nmaya #ootd 1\n",
        "#ootd,#fashion,3\n#zara,#fashion,2\nmaya,#ootd,1\n",
        "# tags and their weights\n#ootd #fashion 3\n# in between\n#zara #fashion 2\n\nmaya #ootd 1\n",
    ],
)
def test_hashtags_are_nodes(text):
    expected = [("#ootd", "#fashion", 3.0), ("#zara", "#fashion", 2.0), ("maya", "#ootd", 1.0)]
    assert sorted(imported(text).ties) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# made by hand\n1 2\n", 0),
        ("#nodes 3\n#edges 2\n1 2\n", 1),
        ("#generated by me\n1 2 0.5\n", 1),
        ("% of a paper\n1 2\n", 0),
        ("a b\n# a note\nb c\n", 1),
    ],
)
def test_comments_are_no_edges_and_what_could_be_one_is_said(text, told):
    found = imported(text)
    assert found.pairs == [tuple(line.split()[:2]) for line in text.splitlines() if line[0] not in "#%"]
    assert len(found.notes) == told


@pytest.mark.parametrize(
    ("text", "ties"),
    [
        ("ann;june;0,5\nsam;june;1,5\n", [("ann", "june", 0.5), ("sam", "june", 1.5)]),
        ("ann\tjune\t0,5\n", [("ann", "june", 0.5)]),
        ("ann june 0,5\nsam june 10,25\n", [("ann", "june", 0.5), ("sam", "june", 10.25)]),
        ("source;target;weight\nann;june;1,25\n", [("ann", "june", 1.25)]),
        ('"Lee, Ann",june,2\n"Ray ""B""",june,3\n', [("Lee, Ann", "june", 2.0), ('Ray "B"', "june", 3.0)]),
        ("Mlle Baptistine\tMyriel\t1\n", [("Mlle Baptistine", "Myriel", 1.0)]),
        ('"Ann Lee"  june 2\n', [("Ann Lee", "june", 2.0)]),
        ("a, b, 2\n", [("a", "b", 2.0)]),
        ('"a", "b", 2\n', [("a", "b", 2.0)]),
        ("a|b|2\n", [("a", "b", 2.0)]),
        ("1\t2\n3 4\n1  5\n", [("1", "2", None), ("3", "4", None), ("1", "5", None)]),
        ("  a  b  2\n b  c  3  \n", [("a", "b", 2.0), ("b", "c", 3.0)]),
        ("a,b,\nb,c,\n", [("a", "b", None), ("b", "c", None)]),
        ("u,v\n1,2,\n2,3,\n", [("1", "2", None), ("2", "3", None)]),
        ("a,b,2\nb,c,\n", [("a", "b", 2.0), ("b", "c", None)]),
        ("sep=;\na;b;1\n", [("a", "b", 1.0)]),
        ("a,b\r\n\r\n ,\r\nb,c", [("a", "b", None), ("b", "c", None)]),
        ("0 1\n1 0\n", [("0", "1", None), ("1", "0", None)]),
        ("9007199254740993 18446744073709551617\n", [("9007199254740993", "18446744073709551617", None)]),
    ],
)
def test_dialects(text, ties):
    assert imported(text).ties == ties


@pytest.mark.parametrize(
    "encode", [str.encode, lambda text: text.encode("utf-16"), lambda text: gzip.compress(text.encode())]
)
def test_encodings_and_gzip(encode):
    text = "\ufeff" * (encode is str.encode) + "café,zoë,2\r\nzoë,café,3\r\n"
    assert imported(encode(text)).ties == [("café", "zoë", 2.0), ("zoë", "café", 3.0)]


def test_line_numbers_count_blank_lines_and_comments():
    with pytest.raises(UnreadableFile, match=r"graph.txt, line 6: weight '-1' is less than 0"):
        imported("# one\n\na b 1\n# four\n\nb c -1\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a b 1\nb c -1\n", "line 2: weight '-1'"),
        ("a b 1\nb c nan\n", "line 2: weight 'nan'"),
        ("a b 1\nb c inf\n", "line 2: weight 'inf'"),
        ("a,b,1\na,b,x\nc,d,y\n", r"line 2: weight 'x'.*and 1 more"),
        ("a,b,1\n,b,2\n", "line 2: source is empty"),
        ("a;b;1,234\n", "may have a decimal comma or a group of thousands"),
        ("a b\nb c 2\n", "line 2 has 3 columns where line 1 has 2"),
        ("a b c d\n", "column 4 does not hold times"),
        ("a\n", "1 columns"),
        ("", "contains no edge"),
        ("# only words\n", "contains no edge"),
        ("source,target\n", "contains no edge"),
        ("name,age,city\nann,34,Paris\n", "are the ends of an edge.*--map source"),
        ("source,source,weight\na,b,1\n", "are the ends of an edge"),
        (";A;B\nA;0;1\nB;1;0\n", "are the ends of an edge"),
        ('"Ann" Lee,june\n', "quotation marks"),
        ('a,"june\n', "quotation marks"),
        ("a\0,b\n", "NUL"),
        ("1.23457E+17,2\n", "rounded number"),
        ("ann,2.0\n2,3.0\n", "would be two people"),
        ("9007199254740993.0,1\n", r"beyond 2\^53"),
        ("a,b,1e308\na,b,1e308\n", "sum to more"),
        ('{"a": 1}', "is JSON"),
        ("digraph { a -> b }", "no list of edges"),
        ("1 2 3\n2 3\n3\n", "adjacency list"),
        ("1::2::5\n", "1 columns"),
    ],
)
def test_what_is_refused_with_its_place(text, reason):
    with pytest.raises(UnreadableFile, match=reason) as refused:
        imported(text)
    assert refused.value.remedy
    assert "\n" not in str(refused.value)


def test_text_in_another_encoding_is_refused_with_its_line():
    with pytest.raises(UnreadableFile, match="line 2 is not UTF-8"):
        imported("a,b\ncafé,b\n".encode("latin-1"))


@pytest.mark.parametrize(("text", "ids"), [("1,2.0\n2,3.0\n3.0,1\n", ["1", "2", "3"]), ("1.0,2.0\n", ["1", "2"])])
def test_whole_numbers_with_a_fraction_of_zero_meet_the_others(text, ids):
    found = imported(text)
    assert sorted(found.people) == ids
    assert "1.0 is read as 1" in found.notes[0]


def test_ids_that_differ_in_form_only_are_one_person():
    found = imported("cafe\u0301,b\ncafé,c\n")
    assert found.people == ["café", "b", "c"]
    assert "joined 1 id" in " ".join(found.notes)


def test_weights_by_name():
    text = "source,target,value,Weight\na,b,3,5\n"
    found = imported(text)
    assert found.ties == [("a", "b", 5.0)]
    assert found.notes == ["graph.txt: the column 'value' was not read; --weight NAME takes one as weight"]
    assert imported(text, weight="value").ties == [("a", "b", 3.0)]
    with pytest.raises(UnreadableFile, match=r"no column 'wieght'; did you mean 'Weight'\?"):
        imported(text, weight="wieght")
    with pytest.raises(UnreadableFile, match="choose one with --weight"):
        imported("source,target,weight,Weight\na,b,3,5\n")
    with pytest.raises(UnreadableFile, match="it names none"):
        imported("a,b,3\n", weight="value")


def test_edges_of_gephi_go_the_ways_that_their_type_says():
    text = "Source,Target,Type,Id,Label,Weight\na,b,Directed,0,,2\nb,c,Undirected,1,,3\nc,d,Mutual,2,x,1\n"
    found = imported(text, "edges.csv")
    assert found.weights == {("a", "b"): 2, ("b", "c"): 3, ("c", "b"): 3, ("c", "d"): 1, ("d", "c"): 1}
    assert found.notes == ["edges.csv: read 2 undirected edges in both directions"]


def test_nodes_of_gephi_are_people_without_ties():
    found = imported("Id,Label,Degree\n1,Ann,3\n2,June,4\n", "nodes.csv")
    assert (found.names, found.ties) == ({"1": "Ann", "2": "June"}, [])


def test_an_undirected_list_of_snap_gives_both_directions_once():
    head = "# Undirected graph: x.txt\n# FromNodeId\tToNodeId\n"
    both = {("1", "2"), ("2", "1"), ("2", "3"), ("3", "2")}
    once, twice = imported(f"{head}1\t2\n2\t3\n"), imported(f"{head}1\t2\n2\t1\n2\t3\n3\t2\n")
    assert set(once.pairs) == set(twice.pairs) == both
    assert {weight for _, _, weight in once.ties} == {None}
    assert {weight for _, _, weight in twice.ties} == {2.0}
    assert "read 2 undirected edges in both directions" in once.notes[0]


def test_networkx_writes_what_is_read_back(tmp_path):
    graph = nx.gnp_random_graph(12, 0.3, seed=3, directed=True)
    rng = np.random.default_rng(1)
    for source, target in graph.edges:
        graph.edges[source, target]["weight"] = float(rng.integers(1, 9)) / 4
    expected = {(str(s), str(t)): w for s, t, w in graph.edges(data="weight")}
    for name, write in {
        "dicts.txt": nx.write_edgelist,
        "columns.txt": lambda g, path: nx.write_edgelist(g, path, data=["weight"]),
        "commas.csv": lambda g, path: nx.write_edgelist(g, path, delimiter=",", data=["weight"]),
        "weighted.txt.gz": nx.write_weighted_edgelist,
    }.items():
        write(graph, tmp_path / name)
        content = (tmp_path / name).read_bytes()
        assert imported(content, name).weights == expected, name
    for write in (nx.write_adjlist, nx.write_multiline_adjlist):
        write(graph, tmp_path / "adjacency.txt")
        with pytest.raises(UnreadableFile):
            imported((tmp_path / "adjacency.txt").read_bytes())


def test_attributes_of_networkx_by_name():
    text = "a b {'weight': 3, 'kind': 'x'}\nb c {}\n"
    found = imported(text)
    assert found.ties == [("a", "b", 3.0), ("b", "c", None)]
    assert "'kind' was not read" in found.notes[0]
    with pytest.raises(UnreadableFile, match="does not end with a dict"):
        imported("a b {'weight': 3}\nb c {'weight': open('x')}\n")
    with pytest.raises(UnreadableFile, match="line 2: weight '-3'"):
        imported("a b {'weight': 3}\nb c {'weight': -3}\n")


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a b"], ""),
        (["a,b c"], ","),
        (["a b\tc d"], "\t"),
        (["x;y;1,5", "z;y;2,5"], ";"),
        (["a b 1,5"], ""),
        (["a"], ""),
    ],
)
def test_the_delimiter_gives_most_lines_one_width(lines, delimiter):
    assert delimiter_of(lines) == delimiter
