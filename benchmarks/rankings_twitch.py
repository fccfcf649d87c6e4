"""How well each ranking orders the streamers of Twitch ENGB by their views: Spearman's rank correlation.

Run ``python -m benchmarks.rankings_twitch [FOLDER]``, FOLDER with ENGB_edges.csv and ENGB_target.csv
(MUSAE, Rozemberczki, Allen, Sarkar 2021). The graph says who is friends with whom, not who re-posts whom: so
the rates of the Ψ-score are 1, and j is assumed to adopt the share 1/degree of j of what i shows.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.graphs import public_data
from influence_graph.analyses.ranking.degree import degree
from influence_graph.analyses.ranking.hits import hits
from influence_graph.analyses.ranking.influence_passivity import influence_passivity
from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.analyses.ranking.psi import psi_score
from influence_graph.model.graph import Graph


def read(folder):
    """Return the friendships as a graph, and the views of its nodes in the order of its ids."""
    edges, people = pd.read_csv(folder / "ENGB_edges.csv"), pd.read_csv(folder / "ENGB_target.csv")
    graph = Graph.from_edges(edges["from"], edges["to"], directed=False)
    return graph, people.assign(id=people["new_id"].astype(str)).set_index("id")["views"][graph.ids].to_numpy()


def rankings(graph):
    """Return name -> function that gives the result, for each ranking that needs no log of actions."""
    ones = np.ones(graph.number_of_nodes)
    return {
        "degree": lambda: degree(graph),
        "PageRank": lambda: pagerank(graph),
        "HITS authority": lambda: hits(graph).authorities,
        "Ψ-score, unit rates": lambda: psi_score(graph, ones, ones),
        "influence (IP)": lambda: influence_passivity(graph, 1.0 / degree(graph).scores[graph.indices]).influence,
        "passivity (IP)": lambda: influence_passivity(graph, 1.0 / degree(graph).scores[graph.indices]).passivity,
    }


def correlation(scores, views):
    """Return Spearman's rank correlation, equal values sharing their mean rank.

    Scores are rounded to 9 digits first: what is equal but for rounding is equal.
    """
    from scipy.stats import spearmanr

    return float(spearmanr([float(f"{score:.9g}") for score in scores], views).statistic)


def main():
    graph, views = read(Path(sys.argv[1]) if len(sys.argv) > 1 else public_data("twitch_engb"))
    print(f"{graph.number_of_nodes:,} streamers, {graph.number_of_edges:,} friendships")
    print(f"{'ranking':<20} {'Spearman':>8} {'passes':>7} {'residual':>9} {'seconds':>8}")
    for name, rank in rankings(graph).items():
        started = time.perf_counter()
        result = rank()
        seconds = time.perf_counter() - started
        rho = correlation(result.scores, views)
        print(f"{name:<20} {rho:8.4f} {result.iterations:7} {result.residual:9.1e} {seconds:8.3f}")


if __name__ == "__main__":
    main()
