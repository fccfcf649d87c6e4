"""What seed selection returns: seeds in order, their certificate, and an independent simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses import frames
from influence_graph.analyses.diffusion.spread import spread
from influence_graph.analyses.result import Displayed

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from influence_graph.analyses.diffusion.spread import Spread
    from influence_graph.analyses.maximize.repair import KeptSets

_SIMULATIONS = (1000, 10_000)  # least and most of the independent simulation
_ACTIVATIONS = 50_000_000  # it aims at no more than these


@dataclass(frozen=True, eq=False, repr=False)
class Seeds(Displayed):
    """Seeds in the order chosen, with bounds that both hold with probability 1 - δ.

    f(S) is the spread of S; with seeds already won it is what S adds to theirs; with a target it counts weights.

    Attributes:
        seeds: Ids in the order chosen.
        labels: Label of each seed, or None.
        gains: float64, unbiased estimate of what each adds to f of those before it, from sets that did not choose it.
        std_error: float64, standard error of each gain.
        costs: float64, cost of each seed; 1 where none were given.
        lower: f(seeds) is at least this.
        upper: f of any choice within k and budget is at most this.
        ratio: lower/upper: the certified share of the best f.
        rr_sets: Reverse-reachable sets drawn.
        stopped: Why sampling ended: ``"ratio"``, ``"stable"``, ``"time"``, ``"memory"`` or ``"interrupted"``.
        seconds: Time it took; the one field that differs from run to run.
        memory: Most bytes that the sets and their index took.
        kept: The sets, for :func:`~influence_graph.analyses.maximize.repair.repair` and ``maximize(kept=…)``.
        parameters: The parameters, as JSON values, nodes as ids or as pairs [label, id] where there are labels;
            ``seed`` repeats the run.
        digest: Digest of the graph.
    """

    seeds: tuple[str, ...]
    labels: tuple[str, ...] | None
    gains: NDArray[np.float64]
    std_error: NDArray[np.float64]
    costs: NDArray[np.float64]
    lower: float
    upper: float
    ratio: float
    rr_sets: int
    stopped: str
    seconds: float
    memory: int
    kept: KeptSets
    parameters: Mapping[str, Any]
    digest: str

    @cached_property
    def spread(self) -> Spread:
        """Simulated spread of the seeds, together with those already won, on random numbers of its own.

        It is simulated when it is first read: from 1,000 times on large spreads to 10,000 on small ones.
        """
        kept = self.kept
        least, most = _SIMULATIONS
        runs = min(most, max(least, int(_ACTIVATIONS / max(self.upper, 1.0))))
        stream = np.random.default_rng([1, kept.seed])
        active = (*kept.won, *self._nodes)
        return spread(kept.graph, active, kept.model, kept.quality, runs, stream, target=kept.target)

    @property
    def _nodes(self) -> tuple[str | tuple[str, str], ...]:
        return self.seeds if self.labels is None else tuple(zip(self.labels, self.seeds, strict=True))

    @property
    def certificate(self) -> str:
        """The bounds in one sentence."""
        several, each = ("add", "adds") if self.kept.won else ("reach", "reaches")
        one = len(self.seeds) == 1
        chosen, others = f"seed {each}" if one else f"{len(self.seeds):,} seeds {several}", each
        return (
            f"with probability {1 - self.parameters['delta']:.6g} the {chosen} at least {self.lower:,.6g} "
            f"and no choice {others} more than {self.upper:,.6g}: {self.ratio:.1%} of the best, or better"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the columns rank, id, label (where there are labels), gain, std_error, spread and cost.

        ``std_error`` is that of the gain.
        """
        columns = {"gain": self.gains, "std_error": self.std_error}
        return frames.chosen(self.seeds, self.labels, columns, self.gains).assign(cost=self.costs)

    def _figures(self) -> Mapping[str, object]:
        bounds = {"lower": self.lower, "upper": self.upper, "ratio": self.ratio}
        return {"seeds": self.seeds, **bounds, "rr_sets": self.rr_sets, "stopped": self.stopped}
