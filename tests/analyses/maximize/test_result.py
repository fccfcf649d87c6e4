"""What a choice of seeds reports: its certificate in a sentence, its frame, and a simulation of its own."""

import numpy as np
import pytest

from influence_graph.analyses.diffusion.spread import spread
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.analyses.maximize.result import Seeds
from influence_graph.model.graph import Graph

STAR = Graph.from_edges(["june"] * 3 + ["bob"], ["annie", "sam", "zoe", "kim"], [1.0, 1.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"k": 1}, "the seed reaches at least"),
        ({"k": 2}, "the 2 seeds reach at least"),
        ({"k": 1, "won": ["june"]}, "the seed adds at least"),
        ({"k": 2, "won": ["june"]}, "the 2 seeds add at least"),
    ],
)
def test_the_certificate_is_a_sentence(arguments, words):
    found = maximize(STAR, seed=1, delta=0.01, **arguments)
    assert isinstance(found, Seeds)
    assert found.certificate.startswith("with probability 0.99 ")
    assert words in found.certificate
    assert found.certificate.endswith(f"{found.ratio:.1%} of the best, or better")


def test_the_simulation_uses_other_random_numbers_than_the_choice_and_repeats():
    graph = Graph.from_edges(["june"] * 3, ["annie", "sam", "zoe"], [0.5, 0.5, 0.5])
    found = maximize(graph, 1, seed=4)
    own = spread(graph, ["june"], seed=np.random.default_rng([1, 4]))
    assert found.spread.mean == own.mean
    assert found.spread is found.spread, "it is simulated once"
    assert found.spread.simulations == 10_000


def test_a_large_spread_is_simulated_less_often():
    large = Graph.from_arrays(
        [str(i) for i in range(20_001)], np.zeros(20_000, int), np.arange(1, 20_001), np.full(20_000, 0.999)
    )
    found = maximize(large, 1, seed=1)
    assert found.seeds == ("0",)
    assert 1000 <= found.spread.simulations < 10_000


def test_won_seeds_and_the_target_count_in_the_simulation():
    found = maximize(STAR, 1, seed=1, won=["june"], target={"kim": 5.0, "annie": 1.0})
    assert found.seeds[0] in ("bob", "kim")
    assert found.spread.mean == 6.0
    assert found.upper >= 5.0


def test_the_frame_adds_up_the_gains_and_shows_costs():
    found = maximize(STAR, None, seed=1, budget=3.0, costs={"june": 2.0})
    frame = found.to_frame()
    assert frame["spread"].tolist() == np.cumsum(found.gains).tolist()
    assert frame["cost"].sum() <= 3.0
    assert frame["rank"].tolist() == [*range(1, len(frame) + 1)]
    assert dict(zip(frame["id"], frame["cost"], strict=True)).get("june", 2.0) == 2.0
