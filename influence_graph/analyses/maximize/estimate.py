"""How long a run of `maximize` will take and how much memory, from a short one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from influence_graph.analyses.maximize import opimc
from influence_graph.analyses.maximize.limits import NamedOptions, Options, problem_of, recorded, stop_of
from influence_graph.analyses.result import Displayed

if TYPE_CHECKING:
    from influence_graph.analyses.maximize.certificate import Certified
    from influence_graph.analyses.maximize.problem import Problem, Stop
    from influence_graph.model.graph import Graph

_PILOT_SECONDS = 0.2
_STABLE_HITS = 20_000  # hits of the judging half, without those of sentinels, at which seeds are usually stable


@dataclass(frozen=True, repr=False)
class RunEstimate(Displayed):
    """What a run of :func:`~influence_graph.analyses.maximize.maximize.maximize` is expected to need.

    The number of sets, and with it time and memory, is right within a factor of 10: sets double from round to
    round, and how soon the seeds are stable differs between graphs.

    Attributes:
        rr_sets: Reverse-reachable sets.
        seconds: Time.
        memory: Bytes of sets and index, at most the limit.
        within_memory: Whether the memory limit leaves room for the requested ratio.
        pilot_sets: Sets of the short run that this is predicted from.
        pilot_ratio: Ratio that the short run certified.
        parameters: The parameters, as JSON values.
        digest: Digest of the graph.
    """

    rr_sets: int
    seconds: float
    memory: int
    within_memory: bool
    pilot_sets: int
    pilot_ratio: float
    parameters: Mapping[str, Any]
    digest: str

    def __str__(self) -> str:
        memory = f"{self.memory / 1e6:,.3g} MB"
        short = "" if self.within_memory else ", the memory limit, which ends it before its ratio is certified"
        return f"about {self.rr_sets:,} reverse-reachable sets, {self.seconds:,.2g} s and {memory}{short}"

    def to_frame(self) -> pd.DataFrame:
        """Return one row: rr_sets, seconds, memory, within_memory, pilot_sets and pilot_ratio."""
        pilot = {"pilot_sets": self.pilot_sets, "pilot_ratio": self.pilot_ratio}
        return pd.DataFrame([{**self._figures(), **pilot}])

    def _figures(self) -> Mapping[str, object]:
        need = {"rr_sets": self.rr_sets, "seconds": self.seconds, "memory": self.memory}
        return {**need, "within_memory": self.within_memory}


def estimate_maximize(graph: Graph, k: int | None, **options: Unpack[NamedOptions]) -> RunEstimate:
    """Return what ``ig.maximize`` with the same arguments is expected to need, from a run of .2 seconds.

    Args:
        graph: Edge weight = probability that the source, once active, passes on to the target.
        k: Seeds to choose; None with a budget: as many as it buys.
        options: Keyword arguments of :func:`~influence_graph.analyses.maximize.maximize.maximize`; all but seed,
            time_limit, progress and kept, on which the estimate does not depend.

    Raises:
        InputError: The graph is empty, a weight is no probability, or an argument is out of its limits.
        NotFound: An id is not in the graph.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> estimate_maximize(Graph.from_edges(["june"], ["annie"], [0.5]), 1).within_memory
        True
    """
    chosen = Options(k, **options)
    problem, stop = problem_of(graph, chosen), stop_of(chosen, graph.number_of_nodes)
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
        recorded(graph, chosen, problem, stop),
        graph.digest,
    )


def _sets_of_a_half(problem: Problem, stop: Stop, pilot: Certified) -> int:
    """Return the sets that certify the ratio if both bounds close in on the estimate as 1/√sets."""
    certificate, size = pilot.certificate, pilot.rr_sets / 2
    total = float(problem.weights.sum())
    estimate = max(certificate.estimate, certificate.lower, total / size)
    goal = stop.ratio if stop.ratio is not None else 1.0 - 1.0 / math.e - stop.epsilon
    below, above = 1.0 - certificate.lower / estimate, max(certificate.upper / estimate - 1.0, 0.0)
    shrink = min(1.0, (1.0 - goal) / max(below + goal * above, 1e-12))
    needed = size / shrink**2
    return int(needed if stop.ratio is not None else max(needed, _stable_sets(pilot, total, estimate)))


def _stable_sets(pilot: Certified, total: float, estimate: float) -> float:
    """Return the sets of a half at which the seeds that are no sentinels are usually stable."""
    stop = pilot.kept.stop
    early = 0 if stop is None else int(np.count_nonzero(stop[pilot.chosen]))
    if early == pilot.chosen.size:
        return 0.0
    return _STABLE_HITS * total / max(float(pilot.gains[early:].sum()), estimate / opimc.LEAST_CHOSEN)
