"""How long a run of `maximize` will take and how much memory, from a short one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.maximize import opimc
from influence_graph.analyses.maximize.limits import Nodes, Options, Values, listed, problem_of, stop_of

if TYPE_CHECKING:
    from influence_graph.analyses.maximize.certificate import Certified
    from influence_graph.analyses.maximize.problem import Problem, Stop
    from influence_graph.model.graph import Graph

_PILOT_SECONDS = 0.2
_CALM = 20_000  # hits of the judging half, but those of sentinels, with which the seeds have usually come to rest


@dataclass(frozen=True)
class RunEstimate:
    """What a run of :func:`~influence_graph.analyses.maximize.maximize.maximize` is expected to need.

    The number of sets, and with it time and memory, is right within a factor of 10: sets double from round to
    round, and how soon the seeds come to rest differs between graphs.

    Attributes:
        rr_sets: Reverse-reachable sets.
        seconds: Time.
        memory: Bytes of sets and index, at most the limit.
        within_memory: Whether the memory limit leaves room for the ratio asked for.
        pilot_sets: Sets of the short run from which this was told.
        pilot_ratio: Ratio that the short run certified.
    """

    rr_sets: int
    seconds: float
    memory: int
    within_memory: bool
    pilot_sets: int
    pilot_ratio: float

    def __str__(self) -> str:
        memory = f"{self.memory / 1e6:,.3g} MB"
        short = "" if self.within_memory else ", the memory limit, which ends it before its ratio is certified"
        return f"about {self.rr_sets:,} reverse-reachable sets, {self.seconds:,.2g} s and {memory}{short}"


def estimate_maximize(  # noqa: PLR0913 - the arguments of `maximize`
    graph: Graph,
    k: int | None,
    model: str = "ic",
    epsilon: float = 0.1,
    delta: float | None = None,
    quality: float | None = None,
    costs: Values | None = None,
    budget: float | None = None,
    exclude: Nodes = (),
    *,
    won: Nodes = (),
    target: Values | None = None,
    ratio: float | None = None,
    memory_limit: int = 2 << 30,
    threads: int | None = None,
) -> RunEstimate:
    """Return what ``ig.maximize`` with the same arguments is expected to need, from a run of .2 seconds.

    See :func:`~influence_graph.analyses.maximize.maximize.maximize` for arguments and errors.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> estimate_maximize(Graph.from_edges(["june"], ["annie"], [0.5]), 1).within_memory
        True
    """
    options = Options(k, model, quality, costs, budget, listed(exclude, "exclude"), listed(won, "won"), target)
    problem = problem_of(graph, options)
    stop = stop_of(epsilon, delta, ratio, None, memory_limit, threads, graph.number_of_nodes)
    opimc.solve(problem, replace(stop, time_limit=1e-9), 0)  # one round, so that all is compiled
    pilot = opimc.solve(problem, replace(stop, time_limit=_PILOT_SECONDS), 0)
    if pilot.stopped == "interrupted":
        raise KeyboardInterrupt  # Ctrl-C in the short run means that no long one is wanted
    done = pilot.stopped != "time"
    sets = pilot.rr_sets if done else max(pilot.rr_sets, 2 * _sets_of_a_half(problem, stop, pilot))
    scale = sets / pilot.rr_sets
    fits = pilot.memory * scale <= stop.memory_limit and pilot.stopped != "memory"
    if not fits:
        scale = min(scale, stop.memory_limit / pilot.memory)
    return RunEstimate(
        int(pilot.rr_sets * scale),
        pilot.certificate.seconds * scale,
        int(pilot.memory * scale),
        fits,
        pilot.rr_sets,
        pilot.ratio,
    )


def _sets_of_a_half(problem: Problem, stop: Stop, pilot: Certified) -> int:
    """Return the sets that certify the ratio if both bounds close in on the estimate as 1/√sets."""
    found, size = pilot.certificate, pilot.rr_sets / 2
    total = float(problem.weights.sum())
    estimate = max(found.estimate, found.lower, total / size)
    goal = stop.ratio if stop.ratio is not None else 1.0 - 1.0 / math.e - stop.epsilon
    below, above = 1.0 - found.lower / estimate, max(found.upper / estimate - 1.0, 0.0)
    shrink = min(1.0, (1.0 - goal) / max(below + goal * above, 1e-12))
    needed = size / shrink**2
    return int(needed if stop.ratio is not None else max(needed, _calm_sets(pilot, total, estimate)))


def _calm_sets(pilot: Certified, total: float, estimate: float) -> float:
    """Return the sets of a half with which the seeds that are no sentinels have come to rest."""
    stop = pilot.kept.stop
    early = 0 if stop is None else int(np.count_nonzero(stop[pilot.chosen]))
    if early == pilot.chosen.size:
        return 0.0
    return _CALM * total / max(float(pilot.gains[early:].sum()), estimate / opimc.LEAST_CHOSEN)
