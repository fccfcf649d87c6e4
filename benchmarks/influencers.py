"""Trials of the search for influencers: ``python -m benchmarks.influencers --seeds 20``.

Per world: who is found, by what they are in truth; caused adoptions against the truth; styles; with ``--beside`` whom
followers, PageRank, Ψ, the count of those who came after, and the shuffle tests pick. ``--without`` leaves a part of
the method out. ``--real FOLDER`` looks at public sets, as they are, with ties reversed and dealt anew. ``--scale``: CPU
seconds and peak memory of one search on one thread, in a process of its own, records included; ``--people 100000
--adoptions 9`` makes 10⁶ actions.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np

from benchmarks.influencer_sets import looked_at
from influence_graph.analyses.communities import communities
from influence_graph.analyses.influencers import world as worlds
from influence_graph.analyses.influencers.evidence import q_values
from influence_graph.analyses.influencers.find import find_influencers
from influence_graph.analyses.influencers.inputs import read
from influence_graph.analyses.influencers.permutation import WINDOW_DAYS, permutation_p
from influence_graph.analyses.influencers.world import world_of
from influence_graph.analyses.ranking.activity import activity
from influence_graph.analyses.ranking.pagerank import pagerank
from influence_graph.analyses.ranking.psi import psi_of
from influence_graph.ingest.worlds import WorldParameters, generate_world
from influence_graph.model.graph import Graph

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.analyses.influencers.inputs import Inputs
    from influence_graph.analyses.influencers.result import Influencers
    from influence_graph.ingest.worlds.generate import World

SPOKEN = ("mention", "recommend", "review", "share")
WITHOUT = ("weights", "strata")


def unweighted(inputs: Inputs, stratum: np.ndarray) -> tuple[np.ndarray, worlds.People]:
    """Return everybody as active as anybody else at any time."""
    ones = np.ones((inputs.graph.number_of_nodes, 1))
    return np.zeros(inputs.log.times.size, dtype=np.int64), worlds.People(stratum, ones, 0.0, 0.0)


def told(world: World) -> dict[str, pd.DataFrame]:
    """Return what the search is told besides ties and adoptions."""
    kind = world.activity["kind"].astype(str)
    spoken = world.activity.loc[kind.isin(SPOKEN), ["user", "item", "time"]]
    return {"activity": world.activity.loc[kind == "visit", ["user", "time"]], "spoken": spoken}


def search(world: World, without: str | None, **options: object) -> tuple[Influencers, float]:
    """Return who is found, and the seconds of CPU that it took."""
    if without == "strata":
        people = read(world.ties, world.adoptions, None, None).graph.number_of_nodes
        options["strata"] = np.zeros(people, dtype=np.int64)
    with ExitStack() as stack:
        if without == "weights":
            stack.enter_context(patch.object(worlds, "_people", unweighted))
        start = time.process_time()
        result = find_influencers(world.ties, world.adoptions, **told(world), **options)
        return result, time.process_time() - start


def scale(parameters: WorldParameters) -> dict[str, object]:
    """Return what one search on one thread costs, compiled before."""
    small = generate_world(replace(parameters, people=1_000))
    world = generate_world(parameters)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(_cost, small.ties, small.adoptions, told(small)).result()
        records = world.ties, world.adoptions, told(world)
        del world
        return pool.submit(_cost, *records).result()


def _cost(ties: pd.DataFrame, adoptions: pd.DataFrame, more: dict[str, pd.DataFrame]) -> dict[str, object]:
    start = time.process_time()
    result = find_influencers(ties, adoptions, **more, threads=1)
    return {
        "people": len(result.table),
        "ties": len(ties),
        "actions": len(adoptions),
        "activity": len(more["activity"]),
        "found": len(result.found),
        "cpu seconds": round(time.process_time() - start, 1),
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def roles_of(world: World) -> dict[str, str]:
    """Return what each planted person is."""
    truth = world.truth
    roles = {one["id"]: one["style"] for one in truth["influencers"]}
    roles |= {one["id"]: "shadow" for one in truth["shadows"]}
    return roles | {one["id"]: "spotter" for one in truth["trend_spotters"]}


def trial(parameters: WorldParameters, without: str | None, beside: bool) -> dict[str, object]:
    """Return the figures of one world."""
    world = generate_world(parameters)
    roles = roles_of(world)
    result, seconds = search(world, without)
    found = result.found
    counts = Counter(roles.get(each, "nobody") for each in found["id"])
    caused = {one["id"]: one["caused_adoptions"] for one in world.truth["influencers"]}
    delay = {one["id"]: one["mean_delay_days"] for one in world.truth["influencers"]}
    true = found[found["id"].isin(caused)]
    number, half = (true["id"].map(each).astype(float) for each in (caused, delay))
    half *= np.log(2)
    style = true["style"].map({"active": "active", "passive": "silent"})
    p = result.table["p"].dropna()
    figures: dict[str, object] = {
        "seed": parameters.seed,
        "found": dict(counts),
        "fdr": _part(len(found) - len(true), len(found)),
        "mirrored": result.mirrored,
        "size": [round(float((p <= level).mean() / level), 2) for level in (0.05, 0.01, 0.001)],
        "caused / truth": round(float(true["caused"].sum() / number.sum()), 3) if len(true) else None,
        "covered": _mean((true["caused_low"] <= number) & (number <= true["caused_high"])),
        "half-life covered": _mean((true["half_life_low"] <= half) & (half <= true["half_life_high"])),
        "style": _mean(style == true["id"].map(roles)),
        "cpu seconds": round(seconds, 1),
    }
    if beside:
        figures |= picks(world, result, roles)
    return figures


def picks(world: World, result: Influencers, roles: dict[str, str]) -> dict[str, object]:
    """Return whom others pick: as many as were found by a measure, and by shuffle tests all with q up to 0.1."""
    spoken = told(world)["spoken"]
    watchers = Graph.from_edges(world.ties["source"].astype(str), world.ties["target"].astype(str))
    frame = result.to_frame()
    measures: dict[str, pd.Series] = {
        "followers": frame.set_index("id")["audience"],
        "PageRank": pagerank(watchers).to_frame().set_index("id").iloc[:, -1],
        "Ψ": psi_of(activity(watchers, spoken)).to_frame().set_index("id").iloc[:, -1],
        "count after": frame.set_index("id")["after"],
    }
    chosen = {name: scores.nlargest(len(result.found)).index for name, scores in measures.items()}
    inputs = read(world.ties, world.adoptions, None, None)
    stratum = communities(inputs.graph, result.parameters["resolution"], result.parameters["seed"]).community - 1
    dealt = world_of(inputs, stratum, (30.0,))
    for name, days in ((f"shuffled, {WINDOW_DAYS:g} days", WINDOW_DAYS), ("shuffled, any time", np.inf)):
        p = permutation_p(dealt, 100, 0, days)
        chosen[name] = inputs.graph.ids[np.flatnonzero(q_values(p) <= 0.1)]
    return {name: dict(Counter(roles.get(str(each), "nobody") for each in who)) for name, who in chosen.items()}


def _mean(values: pd.Series) -> float | None:
    return round(float(values.mean()), 3) if len(values) else None


def _part(part: int, whole: int) -> float:
    return round(part / max(whole, 1), 3)


def main() -> None:
    """Print a line per world or set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--adoptions", type=float, default=16.8, help="per person, on average")
    parser.add_argument("--probability", type=float, default=0.15)
    parser.add_argument("--influencers", type=int, help="of each style; 0: a world without influence or spotters")
    parser.add_argument("--years", type=int, default=10, help="35: mean delays up to 20 years")
    parser.add_argument("--without", choices=WITHOUT)
    parser.add_argument("--beside", action="store_true")
    parser.add_argument("--scale", action="store_true", help="seconds and memory of one search")
    parser.add_argument("--real", metavar="FOLDER", help="the folder of the public sets")
    parser.add_argument("--shuffles", type=int, default=50)
    given = parser.parse_args()
    if given.real:
        for line in looked_at(given.real, given.shuffles):
            print(line, flush=True)
        return
    parameters = WorldParameters(
        people=given.people,
        adoptions_per_person=given.adoptions,
        probability=given.probability,
        influencers=given.influencers,
        days=round(365.25 * given.years),
    )
    if given.years > 10:
        parameters = replace(parameters, longest_delay=7305.0)
    if given.influencers == 0:
        parameters = replace(parameters, trend_spotters=0, shadows=0)
    if given.scale:
        print(scale(replace(parameters, seed=given.first)))
        return
    for seed in range(given.first, given.first + given.seeds):
        print(trial(replace(parameters, seed=seed), given.without, given.beside), flush=True)


if __name__ == "__main__":
    main()
