"""What a choice of seeds is certified to reach, as a share of what any choice can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.rr_sets import RRSets


@dataclass(frozen=True)
class Certificate:
    """With probability 1 - δ, f(chosen) ≥ lower and f(best choice) ≤ upper.

    Attributes:
        lower: Least f of the chosen.
        upper: Most f of any choice.
        estimate: Unbiased estimate of f of the chosen.
        rr_sets: Reverse-reachable sets drawn, both halves.
        seconds: Time since the start.
    """

    lower: float
    upper: float
    estimate: float
    rr_sets: int
    seconds: float

    @property
    def ratio(self) -> float:
        """lower/upper: the share of the best f that is certified; 1 where nothing can be gained."""
        return self.lower / self.upper if self.upper > 0 else 1.0


class Kept(NamedTuple):
    """The sets behind a certificate: those that chose and those that judged, the seed of each, and where sets stop."""

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
        certificate: Bounds.
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


def binomial_lower(hits: float, trials: int, delta: float) -> float:
    """Return p such that a share above it is missed with probability at most *delta* (Clopper, Pearson 1934)."""
    from scipy.special import betaincinv

    return 0.0 if hits <= 0 else float(betaincinv(hits, trials - hits + 1, delta))


def binomial_upper(hits: float, trials: int, delta: float) -> float:
    """Return p such that a share below it is missed with probability at most *delta* (Clopper, Pearson 1934)."""
    from scipy.special import betaincinv

    return 1.0 if hits >= trials else float(betaincinv(hits + 1, trials - hits, 1.0 - delta))
