"""How long a run of `maximize` will take and how much memory, from a short one."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from influence_graph.analyses.maximize import opimc
from influence_graph.analyses.maximize.limits import NamedOptions, Options, problem_of, recorded, stop_of
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.kernels.interrupts import interruptible

if TYPE_CHECKING:
    from influence_graph.analyses.maximize.problem import Problem, Stop
    from influence_graph.model.graph import Graph

_PILOT_SECONDS = 1.0
_LEAST_ROUNDS, _LONGEST_SECONDS = 3, 5.0  # of a pilot whose rounds are slow
_SLOPE = 0.9  # the odds of the selection bias fall about as sets^-.9: measured on ten graphs of 200 to 31,000 nodes


@dataclass(frozen=True)
class _Seen:
    """Rounds of the pilot: what the last one found, its bias, the seconds of each, and whether the run has ended."""

    latest: opimc.Round
    bias: float
    seconds: tuple[float, ...]
    done: bool


@dataclass(frozen=True, repr=False)
class RunEstimate(Displayed):
    """What a run of :func:`~influence_graph.analyses.maximize.maximize.maximize` is expected to need.

    Time is usually right within a factor of 3. Sets double from round to round, and how soon the seeds are stable
    differs between graphs and random seeds: two runs on one graph may differ by a factor of 2 or 4.

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


@interruptible()
def estimate_maximize(graph: Graph, k: int | None, **options: Unpack[NamedOptions]) -> RunEstimate:
    """Return what ``ig.maximize`` with the same arguments is expected to need, from a run of a second.

    Args:
        graph: Edge weight = probability that the source, once active, passes on to the target; a graph that sums
            parallel edges is refused.
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
    start = time.perf_counter()
    run = opimc.Run(problem, stop, 0, None)
    chosen_early = time.perf_counter() - start
    seen = _pilot(run, stop)
    size = seen.latest.halves[0].count
    wanted = size if seen.done else max(size, _sets_of_a_half(run, problem, stop, seen))
    rounds = math.ceil(math.log2(wanted / size))  # still to come; each has twice the sets and takes twice as long
    most = int(math.log2(max(stop.memory_limit / run.memory(size), 1.0)))
    last = sum(seen.seconds[-2:]) / (1.5 if len(seen.seconds) > 1 else 1.0)  # of two rounds, as one is easily disturbed
    fits = seen.done or rounds <= most
    rounds = min(rounds, most)
    return RunEstimate(
        2 * size * 2**rounds,
        chosen_early + sum(seen.seconds) + last * (2.0 ** (rounds + 1) - 2.0),
        run.memory(size) * 2**rounds,
        fits,
        2 * size,
        seen.latest.certificate.ratio,
        recorded(graph, chosen, problem, stop),
        graph.digest,
    )


def _pilot(run: opimc.Run, stop: Stop) -> _Seen:
    """Return what the first rounds of *run* find, until it ends or the time for them is over."""
    seen: _Seen | None = None
    began = start = time.perf_counter()
    for size in run.sizes():
        latest = run.round(size, None if seen is None else seen.latest)
        end = time.perf_counter()
        bias = run.selection_bias(latest) if stop.ratio is None else 0.0
        if latest.certificate.ratio >= run.goal():
            end = time.perf_counter()  # a run compares its choices from here on
        earlier = () if seen is None else seen.seconds
        seen = _Seen(latest, bias, (*earlier, end - start), run.reached(latest))
        start = time.perf_counter()
        late = start - began > (_PILOT_SECONDS if len(seen.seconds) >= _LEAST_ROUNDS else _LONGEST_SECONDS)
        if seen.done or late:
            break
    if seen is None:  # sizes() gives one or raises
        raise InputError("no round was run", remedy="raise memory_limit")
    return seen


def _sets_of_a_half(run: opimc.Run, problem: Problem, stop: Stop, seen: _Seen) -> float:
    """Return the sets that certify the ratio if both bounds close in as 1/√sets, and settle the choice."""
    certificate, size = seen.latest.certificate, seen.latest.halves[0].count
    estimate = max(certificate.estimate, certificate.lower, float(problem.weights.sum()) / size)
    below, above = 1.0 - certificate.lower / estimate, max(certificate.upper / estimate - 1.0, 0.0)
    shrink = min(1.0, (1.0 - run.goal()) / max(below + run.goal() * above, 1e-12))
    needed = size / shrink**2
    alone = seen.latest.choice.nodes.size <= 1  # both halves soon agree on one seed, though others come close
    if stop.ratio is not None or alone or seen.bias <= opimc.STABLE:
        return needed
    odds = [bias / (1.0 - bias) for bias in (min(seen.bias, 0.9), opimc.STABLE)]
    return max(needed, float(size * (odds[0] / odds[1]) ** (1.0 / _SLOPE)))
