"""Each brand among brands of like size, so that small ones are neither best nor worst by chance.

The funnel plot of Spiegelhalter 2005 (https://doi.org/10.1002/sim.1970): a share y/n of a brand with n bonds is held
against the target θ, that of all bonds together, within θ ± z·√(φ·θ(1 - θ)/n). φ ≥ 1 is the over-dispersion: the mean
of the squared z-scores, of which the outermost tenth at each end is set to where it begins (Winsorised), so that the
few brands that are unlike the others do not hide themselves; by this much brands differ anyway. Fewer than ten brands
do not tell how much that is, and φ is 1: the limits are then those of chance alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.analyses.intervals import MIN_OBSERVATIONS
from influence_graph.model.display import short_line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WARNING, ALARM = 1.959963984540054, 3.0902323061678136
"""Standard errors of the inner (95 %) and the outer limits (99.8 %) of a funnel."""
ABOVE, WITHIN, BELOW, CANNOT_TELL = "above", "within", "below", "cannot tell"
"""Where a brand stands: beyond the outer limits, between them, or with too few bonds to be anywhere."""
PEERS = 100
"""Brands of a like number of consumers with which a brand is compared, half of them smaller and half larger."""
_WINSORISED = 0.1


@dataclass(frozen=True)
class Funnel:
    """The limits of a share by size.

    Attributes:
        target: θ, the share of all bonds together, 0 to 1.
        dispersion: φ, 1 or more.
        brands: Number of brands with ten bonds or more; φ is 1 where fewer than ten have them.
    """

    target: float
    dispersion: float
    brands: int

    def __repr__(self) -> str:
        return short_line("Funnel", {"target": self.target, "dispersion": self.dispersion, "brands": self.brands})

    def std_error(self, size: Floats) -> Floats:
        """Return the standard error of the share of a brand with *size* bonds that is like all others."""
        return np.sqrt(self.dispersion * self.target * (1 - self.target) / size)

    def limits(self, size: Floats, errors: float) -> tuple[Floats, Floats]:
        """Return the lower and upper limit, *errors* standard errors from the target, within 0 and 1."""
        half = errors * self.std_error(size)
        return np.maximum(self.target - half, 0.0), np.minimum(self.target + half, 1.0)

    def scores(self, count: Floats, size: Floats) -> Floats:
        """Return the z-score of each share *count* / *size*; NaN below ten bonds, 0 where all bonds are alike."""
        safe = np.maximum(size, 1)
        error = self.std_error(safe)
        z = np.divide(count / safe - self.target, error, out=np.zeros_like(safe), where=error > 0)
        return np.where(size >= MIN_OBSERVATIONS, z, np.nan)


def funnel(count: Floats, size: Floats) -> Funnel:
    """Return the funnel of the shares *count* / *size*, one per brand.

    Args:
        count: Number of bonds of each brand that are meant, such as those above 0.
        size: Number of all of its bonds.
    """
    everyone = float(size.sum())
    plain = Funnel(float(count.sum()) / everyone if everyone else 0.0, 1.0, 0)
    z = plain.scores(count, size)
    z = z[~np.isnan(z)]
    if z.size < MIN_OBSERVATIONS:
        return Funnel(plain.target, 1.0, z.size)
    low, high = np.quantile(z, [_WINSORISED, 1 - _WINSORISED])
    return Funnel(plain.target, max(1.0, float(np.mean(np.clip(z, low, high) ** 2))), z.size)


def standing(z: Floats) -> NDArray[np.object_]:
    """Return where each brand stands by its z-score: ``ABOVE``, ``WITHIN``, ``BELOW`` or ``CANNOT_TELL``."""
    names = np.array([BELOW, WITHIN, ABOVE, CANNOT_TELL], dtype=object)
    place = 1 + (z > ALARM).astype(int) - (z < -ALARM).astype(int)
    return names[np.where(np.isnan(z), 3, place)]


def percentiles(value: Floats, size: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return the share of the peers of each brand whose *value* is lower, equal ones half, and the number of its peers.

    Peers are those next to a brand in the order of *size*, ``PEERS`` at most; equal sizes are in the order given.

    Args:
        value: What is compared; NaN where it is not known: such a brand has no percentile and is nobody's peer.
        size: Number of consumers of each brand.
    """
    known = np.flatnonzero(~np.isnan(value))
    found, peers = np.full(value.size, np.nan), np.zeros(value.size, np.int64)
    if known.size <= 1:
        return found, peers
    order = known[np.argsort(size[known], kind="stable")]
    width = min(PEERS + 1, order.size)
    start = np.clip(np.arange(order.size) - PEERS // 2, 0, order.size - width)
    windows = np.lib.stride_tricks.sliding_window_view(value[order], width)[start]
    own = value[order][:, np.newaxis]
    lower = (windows < own).sum(axis=1) + ((windows == own).sum(axis=1) - 1) / 2
    found[order], peers[order] = lower / (width - 1), width - 1
    found[peers < MIN_OBSERVATIONS] = np.nan
    return found, peers
