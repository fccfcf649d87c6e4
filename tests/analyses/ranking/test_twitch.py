"""Rankings of the streamers of Twitch ENGB against the views of their channels, which no ranking has seen."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from influence_graph.analyses.ranking.degree import degree
from influence_graph.analyses.ranking.hits import hits
from influence_graph.analyses.ranking.influence_passivity import influence_passivity
from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.analyses.ranking.psi import psi_score
from influence_graph.model.graph import Graph
from tests.public_data import public_data


@pytest.fixture(scope="module")
def friendships():
    return pd.read_csv(public_data("twitch_engb/ENGB_edges.csv"))


@pytest.fixture(scope="module")
def friends(friendships):
    return Graph.from_edges(friendships["from"], friendships["to"], directed=False)


@pytest.fixture(scope="module")
def views(friends):
    people = pd.read_csv(public_data("twitch_engb/ENGB_target.csv"))
    return people.set_index(people["new_id"].astype(str))["views"][friends.ids].to_numpy()


def unit(graph):
    return np.ones(graph.number_of_nodes)


def influence(graph):
    """Take w_ij as 1/degree of j: everyone gives each friend the same part of their attention."""
    return influence_passivity(graph, 1.0 / degree(graph).scores[graph.indices]).influence


# That of the degree is pandas' own; each other one agrees with an independent implementation in the tests beside this.
@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        (degree, 0.4848),
        (pagerank, 0.4992),
        (lambda graph: hits(graph).authorities, 0.2684),
        (lambda graph: psi_score(graph, unit(graph), unit(graph)), 0.5063),
        (influence, 0.4617),
    ],
    ids=["degree", "PageRank", "HITS authority", "Ψ-score of unit rates", "influence"],
)
def test_rank_correlation_with_views(friends, views, rank, expected):
    scores = [float(f"{score:.9g}") for score in rank(friends).scores]  # equal but for rounding is equal
    assert spearmanr(scores, views).statistic == pytest.approx(expected, abs=0.001)


def test_the_degree_of_each_streamer_is_the_number_of_rows_that_name_it(friendships, friends, views):
    named = pd.concat([friendships["from"], friendships["to"]]).astype(str).value_counts()
    assert degree(friends).scores.tolist() == named[friends.ids].tolist()
    assert named[friends.ids].corr(pd.Series(views, index=friends.ids), method="spearman") == pytest.approx(
        0.4848, abs=1e-4
    )
