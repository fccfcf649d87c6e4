import csv
import json
import re

import networkx as nx
import numpy as np
import pytest

from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.errors import InputError, NotConverged, NotFound
from influence_graph.model.graph import Graph
from tests.public_data import public_data

PAGES = [
    ("Home", "About", 0.2),
    ("Home", "Links", 0.2),
    ("Home", "Product", 0.6),
    ("About", "Home", 1.0),
    ("Product", "Home", 1.0),
    ("Site A", "Home", 1.0),
    ("Site B", "Home", 1.0),
    ("Site C", "Home", 1.0),
    ("Site D", "Home", 1.0),
    ("Links", "Home", 0.8),
    ("Links", "Site A", 0.05),
    ("Links", "Site B", 0.05),
    ("Links", "Site C", 0.05),
    ("Links", "Site D", 0.05),
]


def pages(weighted):
    source, target, weight = zip(*PAGES, strict=True)
    return Graph.from_edges(source, target, weight if weighted else None)


# Neo4j's scale: teleport .15 per node that is teleported to, so Σ = their number (there are no sinks).
@pytest.mark.parametrize(
    ("weighted", "personalization", "scale", "expected"),
    [
        (False, None, 8, [3.3524804, 1.0998695, 1.0998695, 1.0998695, 0.3369778]),
        (True, None, 8, [3.685401, 2.0295545, 0.7765182, 0.7765182, 0.183002]),
        (False, ["Site A"], 1, [0.4161227, 0.1179014, 0.1179014, 0.1179014, 0.1700432]),
    ],
    ids=["unweighted", "weighted", "personalized on Site A"],
)
def test_eight_pages_have_their_exact_scores(weighted, personalization, scale, expected):
    ranks = pagerank(pages(weighted), personalization=personalization)
    score = dict(zip(ranks.ids, scale * ranks.scores, strict=True))
    found = [score[page] for page in ("Home", "Product", "About", "Links", "Site A")]
    assert found == pytest.approx(expected, abs=1e-7)


def read_matrix(path):
    """Return a Matrix Market file as (rows, columns, values or None, symmetric), 0-based."""
    lines = path.read_text().splitlines()
    body = [line.split() for line in lines if not line.startswith("%")][1:]
    values = [float(row[2]) for row in body] if len(body[0]) > 2 else None
    return [int(row[0]) - 1 for row in body], [int(row[1]) - 1 for row in body], values, "symmetric" in lines[0]


@pytest.mark.parametrize(
    ("matrix", "published"),
    [
        ("lagraph_karate.mtx", "expected_pagerank_matlab_karate.csv"),
        ("lagraph_ldbc-directed-example-unweighted.mtx", "expected_pagerank_matlab_ldbc-directed-example.csv"),
    ],
)
def test_matlab_gives_the_same_to_its_tolerance(matrix, published):
    rows, columns, _, symmetric = read_matrix(public_data(f"classic_graphs/{matrix}"))
    with public_data(f"classic_graphs/{published}").open() as file:
        expected = [float(row["pagerank"]) for row in csv.DictReader(file)]
    ids = [str(i) for i in range(len(expected))]
    ranks = pagerank(Graph.from_arrays(ids, rows, columns, directed=not symmetric))
    assert np.abs(ranks.scores - expected).max() < 1e-4


def random_graph(seed):
    """Return a networkx graph with weights, sinks, self loops and isolates."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(2, 60))
    g = nx.DiGraph() if seed % 4 else nx.Graph()
    g.add_nodes_from(range(nodes))
    for _ in range(int(rng.integers(0, 5 * nodes))):
        source, target = (int(i) for i in rng.integers(0, max(nodes - 2, 1), 2))  # the last two stay isolated
        if source % 5 or not g.is_directed():  # every fifth node is a sink
            g.add_edge(source, target, weight=float(rng.choice([0.0, 0.1, 1.0, 30.0])))
    if seed % 3 == 0 and nodes > 3:
        g.add_edge(1, 1, weight=2.0)
    return g, rng


@pytest.mark.parametrize("block", range(20))
def test_two_hundred_random_graphs_agree_with_networkx(block):
    for seed in range(10 * block, 10 * block + 10):
        g, rng = random_graph(seed)
        v = {node: float(x) for node, x in zip(g, rng.random(len(g)), strict=True)} if seed % 2 else None
        expected = nx.pagerank(g, personalization=v, tol=1e-15, max_iter=100_000)
        given = None if v is None else {str(node): x for node, x in v.items()}
        ranks = pagerank(Graph.from_networkx(g), personalization=given)
        assert np.abs(ranks.scores - [expected[node] for node in g]).sum() <= 1e-9
        assert ranks.residual <= 1e-10


def test_every_way_to_personalize_gives_the_same():
    graph = pages(True)
    array = np.zeros(8)
    array[[graph.index_of("Home"), graph.index_of("Links")]] = 3.0
    results = [
        pagerank(graph, personalization=given)
        for given in (array, {"Home": 0.5, "Links": 0.5}, ["Links", "Home"], {"Home": 1e308, "Links": 1e308})
    ]
    assert all(r.scores.tolist() == results[0].scores.tolist() for r in results)
    assert results[0].parameters == results[1].parameters
    assert results[0].parameters["personalization"]["nodes"] == 2


def test_personalization_can_name_the_label_where_two_labels_share_an_id():
    graph = Graph.from_arrays(["nova", "nova"], [0], [1], labels=["Brand", "Consumer"])
    ranks = pagerank(graph, personalization={("Consumer", "nova"): 1.0})
    assert ranks.scores == pytest.approx([0.0, 1.0])


@pytest.mark.parametrize("factor", [1e-300, 3.0, 1e300])
def test_scaling_all_weights_changes_nothing(factor):
    source, target, weight = zip(*PAGES, strict=True)
    scaled = Graph.from_edges(source, target, [factor * w for w in weight])
    assert pagerank(scaled).scores == pytest.approx(pagerank(pages(True)).scores, abs=1e-10)


def test_relabeling_permutes_the_scores():
    source, target, weight = zip(*PAGES, strict=True)
    names = {page: str(9 - i) for i, page in enumerate(pages(True).ids)}
    renamed = pagerank(Graph.from_edges([names[p] for p in source], [names[p] for p in target], weight))
    score = dict(zip(renamed.ids, renamed.scores, strict=True))
    plain = pagerank(pages(True))
    assert [score[names[page]] for page in plain.ids] == pytest.approx(plain.scores, abs=1e-9)


def test_all_zero_weights_teleport_everywhere():
    assert pagerank(Graph.from_edges(["a", "b"], ["b", "c"], [0.0, 0.0])).scores == pytest.approx([1 / 3] * 3)


def test_one_node_has_all_the_rank():
    assert pagerank(Graph.from_arrays(["only"], [], [])).scores.tolist() == [1.0]


def test_damping_zero_is_the_personalization():
    ranks = pagerank(pages(True), damping_factor=0, personalization={"Home": 3.0, "About": 1.0})
    assert sorted(ranks.scores)[-2:] == pytest.approx([0.25, 0.75])


def test_the_result_reports_how_it_was_calculated():
    graph = pages(True)
    ranks = pagerank(graph, damping_factor=0.5, tolerance=1e-6)
    assert ranks.converged
    assert 0 < ranks.iterations < 50
    assert ranks.residual <= 1e-6
    assert ranks.error_bound == pytest.approx(2 * ranks.residual)
    assert ranks.digest == graph.digest
    assert ranks.parameters["damping_factor"] == 0.5
    exact = pagerank(graph, damping_factor=0.5, tolerance=1e-14)
    assert np.abs(ranks.scores - exact.scores).sum() <= ranks.error_bound


def test_frame_is_ordered_by_score_and_then_by_id():
    graph = Graph.from_arrays(["b", "c", "a"], [0, 2], [1, 1], labels=["x", "y", "x"])
    frame = pagerank(graph).to_frame()
    assert frame.columns.tolist() == ["id", "label", "score", "rank"]
    assert frame["id"].tolist() == ["c", "a", "b"]
    assert frame["rank"].tolist() == [1, 2, 3]


def test_a_number_that_has_not_converged_is_never_returned():
    with pytest.raises(NotConverged, match=r"residual .* above the tolerance 1e-10.*raise max_iterations"):
        pagerank(pages(True), max_iterations=3)


def test_a_negative_weight_is_refused_with_its_edge():
    graph = Graph.from_edges(["a", "singer", "b"], ["b", "restaurant", "a"], [1.0, -8.0, 2.0])
    with pytest.raises(InputError, match=r"'singer' -> 'restaurant' has weight -8.*positive and a negative"):
        pagerank(graph)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"damping_factor": 1.0}, "damping_factor is 1.0, must be at least 0 and below 1"),
        ({"damping_factor": -0.1}, "damping_factor is -0.1"),
        ({"damping_factor": float("nan")}, "damping_factor is nan"),
        ({"tolerance": 0.0}, "tolerance is 0.0, must be above 0"),
        ({"tolerance": float("nan")}, "tolerance is nan"),
        ({"max_iterations": 0}, "max_iterations is 0"),
        ({"personalization": {"Home": 0.0}}, "sums to 0"),
        ({"personalization": {"Home": -1.0, "About": 2.0}}, "of 'Home' is -1.0"),
        ({"personalization": {"Home": float("nan")}}, "of 'Home' is nan"),
        ({"personalization": np.ones(3)}, "3 values of personalization for 8 nodes"),
        ({"personalization": "Home"}, "the text 'Home'"),
    ],
)
def test_parameters_outside_their_limits_are_refused(arguments, message):
    with pytest.raises(InputError, match=re.escape(message)):
        pagerank(pages(True), **arguments)


def test_an_unknown_id_is_not_found():
    with pytest.raises(NotFound, match="did you mean 'Home'"):
        pagerank(pages(True), personalization=["Hom"])


def test_an_empty_graph_has_nothing_to_rank():
    with pytest.raises(InputError, match="nothing to rank"):
        pagerank(Graph.from_edges([], []))


def test_a_number_of_low_precision_is_used_in_full_precision():
    low = pagerank(pages(True), np.float32(0.5), max_iterations=np.int16(100))
    assert low.scores.tolist() == pagerank(pages(True), 0.5).scores.tolist()
    assert json.loads(json.dumps(low.parameters))["damping_factor"] == 0.5
