"""From sums to a p-value per person: each bin against its prior, all bins together, and who can be tested at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincc

from influence_graph.analyses.influencers.prior import Prior, after, fit, mid_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_COUNTED = 0.05
"""Bins in which fewer adoptions are expected are left out of a person's test."""
LEAST_TESTED = 0.3
"""A person is tested where at least this many adoptions are expected in some bin."""
_ROWS = 16_384  # tested at a time, so that little is held
_FLOOR = 1e-300  # of one bin; log 0 would be no number
O, E, V, BASELINE, BASELINE_VARIANCE, ALONE = range(6)  # noqa: E741 - the names of the field
BEFORE, AFTER = 0, 1


@dataclass(frozen=True, eq=False)
class Evidence:
    """The sums of all people, and the prior of each bin.

    Attributes:
        sums: Shape (people, bins, 2, 6); see :mod:`influence_graph.kernels.influencers.audience`.
        priors: Of each bin, on E⁻; None where too little came before to learn one.
        baselines: Of each bin, on the baseline from the unexposed.
        p: Of each person; NaN where there is no test.
    """

    sums: Floats
    priors: tuple[Prior | None, ...]
    baselines: tuple[Prior | None, ...]
    p: Floats

    @property
    def testable(self) -> NDArray[np.bool_]:
        """Whether each person is tested."""
        return ~np.isnan(self.p)

    def p_of(self, sums: Floats, factor: float | Floats = 1.0) -> Floats:
        """Return the p of people or parts of them with *sums*, E⁺ being larger by *factor*; 1 without any bin."""
        return combined(sums, self.priors, factor)


def evidence(sums: Floats) -> Evidence:
    """Return the priors that *sums* teach, and the p of everybody who can be tested."""
    priors, baselines = (learned(sums, column) for column in (E, BASELINE))
    p = combined(sums, priors)
    known = np.array([prior is not None for prior in priors])
    tested = ((sums[:, :, AFTER, E] >= LEAST_TESTED) & known).any(axis=1)
    return Evidence(sums, priors, baselines, np.where(tested, p, np.nan))


def learned(sums: Floats, column: int) -> tuple[Prior | None, ...]:
    """Return the prior of each bin on the expected adoptions in *column*; of all bins where one has too few."""
    bins = range(sums.shape[1])
    before = sums[:, :, BEFORE, :]
    alone = [fit(before[:, b, O], before[:, b, column]) for b in bins]
    if all(alone):
        return tuple(alone)
    together = fit(before[:, :, O].ravel(), before[:, :, column].ravel())
    return tuple(prior or together for prior in alone)


def combined(sums: Floats, priors: Sequence[Prior | None], factor: float | Floats = 1.0) -> Floats:
    """Return Fisher's p over the bins of each row of *sums*; 1 where no bin counts.

    Fisher 1925; bins are independent under the hypothesis of no effect, as no event is in two of them.
    """
    factors = np.broadcast_to(np.asarray(factor, dtype=np.float64), sums.shape[:1])
    cuts = range(0, max(sums.shape[0], 1), _ROWS)
    return np.concatenate([_combined(sums[n : n + _ROWS], priors, factors[n : n + _ROWS]) for n in cuts])


def _combined(sums: Floats, priors: Sequence[Prior | None], factors: Floats) -> Floats:
    known = [b for b, prior in enumerate(priors) if prior is not None]
    mean, shape = (np.array([getattr(priors[b], name) for b in known], dtype=np.float64) for name in ("mean", "shape"))
    part = sums[:, known]
    row, column = np.nonzero(part[:, :, AFTER, E] >= LEAST_COUNTED)
    before, later = part[row, column, BEFORE], part[row, column, AFTER]
    expected = later[:, E] * factors[row]
    p = mid_p(later[:, O], *after(mean[column], shape[column], before[:, O], before[:, E], expected))
    logs = np.zeros(part.shape[:2])
    logs[row, column] = -np.log(np.maximum(p, _FLOOR))
    used = np.bincount(row, minlength=sums.shape[0])
    return np.where(used > 0, gammaincc(np.maximum(used, 1), logs.sum(axis=1)), 1.0)


def q_values(p: Floats) -> Floats:
    """Return the Benjamini-Hochberg q of each p; NaN stays (1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x)."""
    from scipy.stats import false_discovery_control

    q = np.full(p.size, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        q[tested] = false_discovery_control(np.minimum(p[tested], 1.0))
    return q
