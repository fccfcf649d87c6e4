"""Proven bounds of what a choice of seeds reaches, and of what any choice can."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from influence_graph.kernels.maximize.rr_sets import RRSets

_HALVINGS = 60  # of the interval that contains a bound


@dataclass(frozen=True)
class Certificate:
    """With probability 1 - δ, f(chosen) ≥ lower and f(best choice) ≤ upper.

    Attributes:
        lower: Least f of the chosen.
        upper: Most f of any choice.
        estimate: Unbiased estimate of f of the chosen.
        rr_sets: Reverse-reachable sets drawn, both halves.
        seconds: Time since the start.
        bytes: Bytes of the sets, both halves.
    """

    lower: float
    upper: float
    estimate: float
    rr_sets: int
    seconds: float
    bytes: int

    @property
    def ratio(self) -> float:
        """lower/upper: the share of the best f that is certified; 1 where nothing can be gained."""
        return min(1.0, self.lower / self.upper) if self.upper > 0 else 1.0


class Kept(NamedTuple):
    """The sets behind a certificate: those to choose on, those to judge by, the seed of each, and where sets stop."""

    choose: RRSets
    judge: RRSets
    seeds: tuple[int, int]
    stop: NDArray[np.bool_] | None


@dataclass(frozen=True, eq=False)
class Certified:
    """Chosen nodes with their certificate.

    Attributes:
        chosen: Node indices in the order chosen.
        gains: Unbiased estimate of what each adds to f, from the judging half.
        certificate: The bounds.
        stopped: ``"ratio"``, ``"stable"``, ``"time"``, ``"memory"`` or ``"interrupted"``.
        kept: The sets.
        memory: Most bytes that sets and index took at a time.
    """

    chosen: NDArray[np.int64]
    gains: NDArray[np.float64]
    certificate: Certificate
    stopped: str
    kept: Kept
    memory: int

    @property
    def lower(self) -> float:
        """Least f of the chosen."""
        return self.certificate.lower

    @property
    def upper(self) -> float:
        """Most f of any choice."""
        return self.certificate.upper

    @property
    def ratio(self) -> float:
        """Certified share of the best f."""
        return self.certificate.ratio

    @property
    def rr_sets(self) -> int:
        """Reverse-reachable sets drawn, both halves."""
        return self.certificate.rr_sets


def _divergence(share: float, p: float) -> float:
    """Return the Kullback–Leibler divergence of two coins, p strictly between 0 and 1."""
    ones = share * math.log(share / p) if share > 0 else 0.0
    zeros = (1 - share) * math.log((1 - share) / (1 - p)) if share < 1 else 0.0
    return ones + zeros


def _bound(share: float, limit: float, end: float) -> float:
    """Return the p between *share* and *end* whose divergence from *share* is *limit*, rounded away from *share*."""
    near, far = share, end
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        if not 0 < middle < 1 or _divergence(share, middle) > limit:
            far = middle
        else:
            near = middle
    return far


def lower_bound(hits: float, trials: int, delta: float) -> float:
    """Return p such that a mean share of hits below p gives *hits* or more with probability at most *delta*.

    Chernoff's bound P(hits/trials ≥ s) ≤ exp(-trials·KL(s, p)) for independent trials, identically distributed or
    not (Hoeffding 1963, theorem 1, https://doi.org/10.1080/01621459.1963.10500830). It is tighter than σˡ of OPIM-C
    (Tang, Tang, Xiao, Yuan 2018, https://doi.org/10.1145/3183713.3183749), which is a simpler form of it.
    """
    return 0.0 if hits <= 0 else _bound(min(hits / trials, 1.0), -math.log(delta) / trials, 0.0)


def upper_bound(hits: float, trials: int, delta: float) -> float:
    """Return p such that a mean share of hits above p gives *hits* or fewer with probability at most *delta*."""
    return 1.0 if hits >= trials else _bound(hits / trials, -math.log(delta) / trials, 1.0)
