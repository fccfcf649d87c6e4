"""The seeds with the largest spread, with a certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses import checks
from influence_graph.analyses.frames import texts_of
from influence_graph.analyses.maximize import opimc
from influence_graph.analyses.maximize.limits import Nodes, Options, Values, problem_of, recorded, stop_of
from influence_graph.analyses.maximize.repair import KeptSets, repair, require_kept
from influence_graph.analyses.maximize.result import Seeds
from influence_graph.errors import InputError
from influence_graph.kernels.interrupts import interruptible
from influence_graph.model.parameters import SeedsParameters

if TYPE_CHECKING:
    from influence_graph.analyses.maximize.certificate import Certificate, Certified
    from influence_graph.analyses.maximize.problem import Problem
    from influence_graph.model.graph import Graph


@interruptible()
def maximize(  # noqa: PLR0913 - the contract of the library; the rest by name
    graph: Graph,
    k: int | None,
    model: str = SeedsParameters.model,
    epsilon: float = SeedsParameters.epsilon,
    delta: float | None = SeedsParameters.delta,
    quality: float | None = SeedsParameters.quality,
    costs: Values | None = None,
    budget: float | None = SeedsParameters.budget,
    exclude: Nodes = SeedsParameters.exclude,
    seed: int | np.random.Generator | None = SeedsParameters.seed,
    *,
    won: Nodes = SeedsParameters.won,
    target: Values | None = None,
    ratio: float | None = SeedsParameters.ratio,
    time_limit: float | None = None,
    memory_limit: int = SeedsParameters.memory_limit,
    threads: int | None = None,
    progress: Callable[[Certificate], None] | None = None,
    kept: KeptSets | None = None,
) -> Seeds:
    """Return the seeds whose spread is largest, with a certificate of how close to the best they are.

    OPIM-C: Tang, Tang, Xiao, Yuan 2018, https://doi.org/10.1145/3183713.3183749, on reverse-reachable sets
    (Borgs et al. 2014, https://doi.org/10.1137/1.9781611973402.70) drawn by counts (SUBSIM: Guo et al. 2020,
    https://doi.org/10.1145/3318464.3389740). With probability 1 - δ, the seeds' spread is at least
    ``lower`` and the spread of every choice is at most ``upper``. Sampling continues until 1 - 1/e - ε is certified
    *and* more sets hardly improve the seeds, or until *ratio* is certified, or time or memory end.
    Ctrl-C gives the seeds so far with their certificate (``stopped`` is ``"interrupted"``).

    Args:
        graph: Edge weight = probability that the source, once active, passes on to the target; a graph that sums
            parallel edges is refused.
        k: Seeds to choose, from 1 to the nodes allowed; None with a budget: as many as it buys.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``, as in ``ig.spread``.
        epsilon: ε in (0, 1): the ratio 1 - 1/e - ε is certified unless time or memory end first.
        delta: δ in (0, 1), most probability that the certificate is wrong; default 1/nodes, at most 1/2.
        quality: In (0, 1], for ``"ic-n"`` only.
        costs: Cost > 0 of each node, needs a budget: array in the order of ``graph.ids``, or mapping or Series from id
            (1 for the rest).
        budget: Most that the seeds may cost together, > 0; without costs each costs 1.
        exclude: Ids that are never chosen.
        seed: Seed or generator; the result is a function of it, not of the threads, unless a time limit ends it.
        won: Ids active already, never chosen: bounds and gains are then of what the seeds add.
        target: What reaching each node counts, ≥ 0: array, mapping or Series from id (0 for the rest). Default 1 each.
        ratio: Certified share of the best spread in (0, 1) at which to stop.
        time_limit: Seconds, > 0; the first certificate is always completed.
        memory_limit: Bytes that sets and index may take, default 2 GiB.
        threads: Threads to draw sets with, default one per processor.
        progress: Called with the ``Certificate`` of each round: its bounds, ratio, sets, seconds and bytes.
        kept: ``Seeds.kept`` of an earlier run with the same model, quality and target, on this graph or on one
            that differs in some edges: the answer is that of a run with its seed, in less time.

    Raises:
        InputError: The graph is empty, a weight is no probability, or an argument is out of its limits.
        NotFound: An id is not in the graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> star = Graph.from_edges(["june", "june", "june"], ["annie", "sam", "zoe"], [0.9, 0.9, 0.9])
        >>> best = maximize(star, 1, seed=1)
        >>> best.seeds, best.lower <= 3.7 <= best.upper
        (('june',), True)
    """
    choice = k, model, epsilon, delta, quality, costs, budget, exclude, won, target
    options = Options(*choice, ratio, time_limit, memory_limit, threads)
    problem, stop = problem_of(graph, options), stop_of(options, graph.number_of_nodes)
    if kept is None:
        start, sets = checks.seed_of(seed), None
    else:
        require_kept(kept)
        _require_reusable(kept, problem, model, seed)
        kept = repair(kept, graph, threads)
        start, sets = kept.seed, kept.sets
    certified = opimc.solve(problem, stop, start, progress, sets)
    parameters = {**recorded(graph, options, problem, stop), "seed": start}
    redrawn = 0 if kept is None else kept.redrawn
    hold = KeptSets(
        graph, model, parameters["quality"], problem.target, tuple(options.won), start, certified.kept, redrawn
    )
    return _result(certified, problem, hold, parameters)


def _require_reusable(kept: KeptSets, problem: Problem, model: str, seed: int | np.random.Generator | None) -> None:
    """Refuse sets that were drawn for something else."""
    if seed is not None and seed != kept.seed:
        message = f"seed is {seed}, the kept sets have the seed {kept.seed}"
        raise InputError(message, remedy="leave the seed out, or leave kept out")
    if (kept.model, kept.quality or 1.0) != (model, problem.quality):
        drawn = kept.model if kept.quality is None else f"{kept.model} with quality {kept.quality:g}"
        raise InputError(f"the sets were kept for the model {drawn}", remedy="use that model, or leave kept out")
    same = (kept.target is None) == (problem.target is None)
    if kept.target is not None and problem.target is not None:
        same = np.array_equal(kept.target, problem.target)
    if not same:
        raise InputError("the sets were kept for another target", remedy="give that target, or leave kept out")


def _result(certified: Certified, problem: Problem, kept: KeptSets, parameters: dict[str, Any]) -> Seeds:
    graph, certificate = kept.graph, certified.certificate
    total = float(problem.weights.sum())
    share = np.clip(certified.gains / total, 0.0, 1.0)
    errors = total * np.sqrt(share * (1 - share) / max(kept.sets.judge.count, 1))
    chosen = certified.chosen
    return Seeds(
        *texts_of(graph.ids, graph.labels, chosen),
        certified.gains,
        errors,
        np.ones(chosen.size) if problem.costs is None else problem.costs[chosen],
        certificate.lower,
        certificate.upper,
        certificate.ratio,
        certificate.rr_sets,
        certified.stopped,
        certificate.seconds,
        certified.memory,
        kept,
        parameters,
        graph.digest,
    )
