"""What is maximized, and when to stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.kernels.maximize.rr_sets import Reverse


@dataclass(frozen=True, eq=False)
class Problem:
    """Choose S to maximize f(S) = σ(won ∪ S) - σ(won), σ(S) = Σ target·P(active [positive, for ic-n] from S).

    Attributes:
        reverse: In-edges of each node with their probabilities.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``.
        quality: Probability that an opinion stays positive at a step; 1 unless *model* is ``"ic-n"``.
        target: Weight ≥ 0 of each node, not all 0; None: 1 each.
        allowed: Whether a node may be chosen; no node of *won*.
        won: Indices of nodes that are active already and cost nothing.
        k: Most nodes to choose, at most as many as are allowed.
        costs: Cost > 0 of each node; None: no budget.
        budget: Most that the chosen may cost together; at least one allowed node is within it.
    """

    reverse: Reverse
    model: str
    quality: float
    target: NDArray[np.float64] | None
    allowed: NDArray[np.bool_]
    won: NDArray[np.int64]
    k: int
    costs: NDArray[np.float64] | None = None
    budget: float | None = None

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return self.reverse.indptr.size - 1

    @property
    def weights(self) -> NDArray[np.float64]:
        """Target weight of each node."""
        return np.ones(self.nodes) if self.target is None else self.target


@dataclass(frozen=True)
class Stop:
    """When sampling ends.

    Attributes:
        epsilon: From 0 to 1, exclusive: the ratio 1 - 1/e - ε is certified unless time or memory end first.
        delta: From 0 to 1, exclusive: most probability that the certificate is wrong.
        ratio: Ratio to certify; None: 1 - 1/e - ε, and until more sets hardly improve the seeds.
        time_limit: Seconds; the first certificate is always completed. None: no limit.
        memory_limit: Bytes that the sets and their index may take.
        threads: Threads to draw with; they change nothing but the time.
    """

    epsilon: float
    delta: float
    ratio: float | None
    time_limit: float | None
    memory_limit: int
    threads: int
