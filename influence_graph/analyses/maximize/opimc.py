"""Influence maximization with a certificate: OPIM-C (Tang, Tang, Xiao, Yuan, SIGMOD 2018).

Two independent halves of reverse-reachable sets: greedy chooses S on one and bounds what the best choice S° covers
there, Λ₁(S°) ≤ Λᵘ; the other judges S. With W the sum of the target weights and θ the sets of a half,
σ(S)/W is at least the lower bound of a share Λ₂(S)/θ, and σ(S°)/W at most the upper bound of Λᵘ/θ. A root
drawn in proportion to its weight makes the mean share of hits exactly σ/W, so both bounds scale with W.

The halves double for at most 20 rounds, a number fixed beforehand, with two bounds each that fail with probability
δ/40: by the union bound all hold together with probability 1 - δ, so the certificate of the round
in which sampling ended is valid whatever ended it, and so is the least upper bound of all rounds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from influence_graph.analyses.maximize.certificate import Certificate, Certified, Kept, lower_bound, upper_bound
from influence_graph.analyses.maximize.problem import Problem, Stop
from influence_graph.analyses.maximize.sentinels import pilot, sentinels
from influence_graph.errors import InputError
from influence_graph.kernels.interrupts import interruptible
from influence_graph.kernels.maximize import coverage, rr_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIRST = 1024  # sets of a half in the first round
_ROUNDS = 20
STABLE = 0.008  # selection bias of a choice of seeds at which more sets usually add .3 %, at most 1 % where measured
LEAST_CHOSEN = 8  # at least one hit in so many counts as a matter of choice
_SET_BYTES = 12.0  # of the offset and the margin of a set
_MARGIN = 1.2  # by this factor sets still to be drawn may be larger than those seen


class _OutOfTimeError(Exception):
    """The time limit is reached; the result of the last round holds."""


class _Choice(NamedTuple):
    """Nodes chosen on a half, the sets there that sentinels hit and that others hit, and the most that any can hit."""

    nodes: NDArray[np.int64]
    known: int
    gained: int
    upper: float


@dataclass(frozen=True, eq=False)
class Round:
    """What a round found; ``hits`` are the sets of the judging half newly hit by each of the nodes chosen."""

    halves: tuple[rr_sets.RRSets, rr_sets.RRSets]
    choice: _Choice
    hits: NDArray[np.int64]
    certificate: Certificate


def solve(
    problem: Problem,
    stop: Stop,
    seed: int,
    progress: Callable[[Certificate], None] | None = None,
    kept: Kept | None = None,
) -> Certified:
    """Return nodes that maximize f, with bounds that hold together with probability 1 - δ.

    Args:
        problem: What to maximize.
        stop: When to end.
        seed: 0 or more; the answer is a function of problem, stop and seed, but for a limit of time.
        progress: Called with the certificate of each round.
        kept: Sets of an earlier run with this seed, repaired if the graph has changed: they are used instead of
            drawn again where they end at the same nodes. The answer is the same without them.

    Raises:
        InputError: The memory limit is too small for one round.
        KeyboardInterrupt: Ctrl-C before the first certificate; later it ends the sampling.
    """
    run = Run(problem, stop, seed, kept)
    latest: Round | None = None
    reason = "memory"
    try:
        for size in run.sizes():
            latest = run.round(size, latest)
            if progress is not None:
                progress(latest.certificate)
            if run.reached(latest):
                reason = "stable" if stop.ratio is None else "ratio"
                break
    except _OutOfTimeError:
        reason = "time"
    except KeyboardInterrupt:
        if latest is None:
            raise
        reason = "interrupted"
    if latest is None:  # sizes() gives one or raises
        raise InputError("no certificate was reached", remedy="raise memory_limit or time_limit")
    return run.answer(latest, reason)


class Run:
    """One run of OPIM-C: what stays the same in all rounds."""

    def __init__(self, problem: Problem, stop: Stop, seed: int, kept: Kept | None) -> None:
        self._started = time.perf_counter()
        self._problem, self._stop = problem, stop
        choose, judge, early = (int(s) for s in np.random.SeedSequence(seed).generate_state(3, np.uint64))
        self._seeds = choose, judge
        self._held: dict[int, rr_sets.RRSets] = {}  # by seed: sets that need not be drawn
        weights = problem.weights
        self._total = float(weights.sum())
        self._certain = problem.quality if problem.model == "ic-n" else 1.0  # P(a seed is positive)
        self._most = self._certain * (self._total - float(weights[problem.won].sum()))
        sampler = rr_sets.sampler_of(problem.reverse, problem.model, problem.quality, problem.target)
        pilot_sets = pilot(sampler, early)
        self._early = sentinels(problem, sampler, pilot_sets, early)
        self._ends = np.zeros(problem.nodes, np.bool_)
        self._ends[problem.won], self._ends[self._early] = True, True
        self._sampler = sampler._replace(stop=self._ends) if self._ends.any() else sampler
        if kept is not None and kept.seeds == self._seeds and np.array_equal(self._ends, _nodes_of_stop(kept, problem)):
            self._held = {choose: kept.choose, judge: kept.judge}
        if self._ends.any():
            pilot_sets = pilot(self._sampler, early)
        self._bytes = _SET_BYTES + 4.0 * _MARGIN * pilot_sets.members.size / pilot_sets.count

    def sizes(self) -> Iterator[int]:
        """Yield the sets of a half in each round while memory lasts; whole permutations of the roots where they fit."""
        roots = self._sampler.edges.head.shape[0] if self._problem.target is None else self._sampler.roots.nodes.size
        size = min(_FIRST, int(self._stop.memory_limit / (4 * self._bytes)))
        if size < 16 or self.memory(size) > self._stop.memory_limit:
            message = f"memory_limit is {self._stop.memory_limit:,} bytes, one round needs {self.memory(16):,}"
            raise InputError(message, remedy="raise memory_limit")
        for _ in range(_ROUNDS):
            aligned = size if size < roots else roots * math.ceil(size / roots)
            if self.memory(aligned) > self._stop.memory_limit:
                return
            yield aligned
            size *= 2

    def memory(self, size: int) -> int:
        """Return the bytes of both halves of *size* sets, and of a copy or the index of one, and of arrays of nodes."""
        return int(3 * size * self._bytes + 40 * self._problem.nodes)

    def _check(self) -> None:
        limit = self._stop.time_limit
        if limit is not None and time.perf_counter() - self._started > limit:
            raise _OutOfTimeError

    def _grown(self, half: rr_sets.RRSets | None, seed: int, size: int) -> rr_sets.RRSets:
        held = self._held.get(seed)
        if held is not None and (half is None or held.count > half.count):
            end = min(size, held.count)
            margins = None if held.margins is None else held.margins[:end]
            half = rr_sets.RRSets(held.offsets[: end + 1], held.members[: held.offsets[end]], held.first, margins)
        if half is not None and half.count == size:
            return half
        which = np.arange(0 if half is None else half.count, size)
        check = None if half is None else self._check
        more = rr_sets.draw(self._sampler, seed, which, self._stop.threads, check)
        return more if half is None else rr_sets.concatenated(half, more)

    @interruptible()
    def round(self, size: int, latest: Round | None) -> Round:
        """Return what halves of *size* sets find, those of the *latest* round among them."""
        before = (None, None) if latest is None else latest.halves
        choose, judge = [self._grown(*half, size) for half in zip(before, self._seeds, strict=True)]
        sizes = [half.members.size / half.count for half in (choose, judge)]
        self._bytes = max(self._bytes, _SET_BYTES + 4.05 * max(sizes))
        best = self._choice(choose)
        hits = self._judged(judge, best.nodes)
        certificate = self._certificate(best, int(hits.sum()), (choose, judge), latest)
        return Round((choose, judge), best, hits, certificate)

    def _choice(self, sets: rr_sets.RRSets) -> _Choice:
        problem, early = self._problem, self._early
        covered = coverage.hit(sets.offsets, sets.members, self._ends) if self._ends.any() else None
        if problem.costs is not None and problem.budget is not None:
            limits = coverage.Budget(problem.costs, problem.budget)
            coverage_ = coverage.within_budget(sets, problem.k, problem.allowed, limits, covered)
            return _Choice(coverage_.chosen, 0, int(coverage_.gains.sum()), coverage_.upper)
        allowed = problem.allowed.copy()
        allowed[early] = False
        rest = coverage.greedy(sets, problem.nodes, problem.k - early.size, allowed, covered, bound_for=problem.k)
        known = int(np.count_nonzero(covered)) if early.size and covered is not None else 0
        return _Choice(np.concatenate([early, rest.chosen]), known, int(rest.gains.sum()), rest.upper + known)

    def _judged(self, sets: rr_sets.RRSets, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sets newly hit by each of *chosen* and by none of the won."""
        rank = np.full(self._problem.nodes, chosen.size)
        rank[chosen] = np.arange(chosen.size)
        rank[self._problem.won] = -1
        gains: NDArray[np.int64] = coverage.first_hits(sets.offsets, sets.members, rank, chosen.size)
        return gains

    def goal(self) -> float:
        """Return the ratio at which the run may end."""
        return 1.0 - 1.0 / math.e - self._stop.epsilon if self._stop.ratio is None else self._stop.ratio

    def _certificate(
        self,
        best: _Choice,
        hits: int,
        halves: tuple[rr_sets.RRSets, rr_sets.RRSets],
        latest: Round | None,
    ) -> Certificate:
        size = halves[0].count
        delta = self._stop.delta / (2 * _ROUNDS)
        lower = max(self._least(best.nodes), self._total * lower_bound(hits, size, delta))
        most = self._most if latest is None else latest.certificate.upper
        upper = max(lower, min(most, self._total * upper_bound(best.upper, size, delta)))
        seconds = time.perf_counter() - self._started
        held = halves[0].nbytes + halves[1].nbytes
        return Certificate(lower, upper, hits * self._total / size, 2 * size, seconds, held)

    def reached(self, latest: Round) -> bool:
        """Return whether the certificate is good enough, and, if no ratio is requested, the seeds are stable."""
        enough = latest.certificate.ratio >= self.goal()
        return enough and (self._stop.ratio is not None or self.selection_bias(latest) <= STABLE)

    def selection_bias(self, latest: Round) -> float:
        """Return by what share each half favors its own choice over that of the other half.

        Both choices are compared on the same sets, so that the noise of the sets nearly cancels: what is left is how
        far the choice fits the noise of its half, usually more than further sampling would add to f; with few seeds
        it can be less. Hits of the sentinels are not chosen on a half, nor are the sets of which seeds are the root,
        a large part where influence is low: the share is of the other hits, or of 1/8 of all if that is more.
        """
        choose, judge = latest.halves
        one, other = latest.choice, self._choice(judge)
        across = int(latest.hits.sum() + self._judged(choose, other.nodes).sum())  # each choice on the other half
        gained = one.gained + other.gained
        within = one.known + other.known + gained  # each on its own half
        roots = 2.0 * choose.count * self._least(one.nodes) / self._total
        return (within - across) / max(gained - roots, within / LEAST_CHOSEN, 1)

    def _least(self, chosen: NDArray[np.int64]) -> float:
        """Return the target weight of *chosen* themselves, where it is certain that they add it."""
        return 0.0 if self._problem.won.size else self._certain * float(self._problem.weights[chosen].sum())

    def answer(self, latest: Round, reason: str) -> Certified:
        """Return the answer that the *latest* round gives."""
        kept = Kept(*latest.halves, self._seeds, self._ends if self._ends.any() else None)
        memory = self.memory(latest.halves[0].count)
        gains = latest.hits * np.float64(self._total / latest.halves[0].count)
        return Certified(latest.choice.nodes, gains, latest.certificate, reason, kept, memory)


def _nodes_of_stop(kept: Kept, problem: Problem) -> NDArray[np.bool_]:
    """Return whether the kept sets end at each node."""
    return np.zeros(problem.nodes, np.bool_) if kept.stop is None else kept.stop
