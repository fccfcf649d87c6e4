"""Is a mean effect in a window possible? The control is fitted anew as if it were true, and the days are turned round.

Under the hypothesis that the effect was θ on each day of the window, the target less θ there is a target without an
event. The synthetic control is fitted to it on *all* days, those of the window too; its gaps are then as likely in any
other place, and the sum over the window is compared with the sum over every block of as many days in a row, the last
days joined to the first (Chernozhukov, Wüthrich and Zhu 2021, https://doi.org/10.1080/01621459.2021.1920957). Moving
whole blocks leaves the correlation from day to day as it is. p is at least 1 / days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import bisect

from influence_graph.analyses.lift.lags import LEVEL
from influence_graph.analyses.lift.simplex import reduced, simplex_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_DAYS = 20
"""Days in all from which on p can be as low as :data:`LEVEL`."""
_ROUNDING = 1e-9  # of the largest sum of a block: sums that differ by less are equal
_DOUBLINGS = 40
_FINE = 1e-4  # of the spread of block means: how closely the ends of an interval are found


@dataclass(frozen=True, eq=False)
class Conformal:
    """A target, its donors, and the last days as the window.

    Attributes:
        target: Shape (days,).
        donors: Shape (days, donors).
        step: 1 in the window and 0 before it; shape (days,). All three less their means where the control is demeaned.
        window: Days of the window.
        rows: What :func:`~influence_graph.analyses.lift.simplex.reduced` makes of target, step and donors.
    """

    target: Floats
    donors: Floats
    step: Floats
    window: int
    rows: Floats

    def gaps(self, effect: float) -> Floats:
        """Return target less *effect* in the window less the control that is fitted to it; shape (days,)."""
        weights = simplex_weights(self.rows[:, 0] - effect * self.rows[:, 1], self.rows[:, 2:])
        return self.target - effect * self.step - self.donors @ weights

    def block_means(self, effect: float) -> Floats:
        """Return the mean gap of each block, that of the window last; shape (days,)."""
        gaps = self.gaps(effect)
        around = np.concatenate([gaps[gaps.size - self.window + 1 :], gaps])
        means: Floats = np.lib.stride_tricks.sliding_window_view(around, self.window).mean(axis=1)
        return means

    def p_value(self, effect: float) -> float:
        """Return the share of blocks with a mean gap at least as far from 0 as that of the window."""
        sizes = np.abs(self.block_means(effect))
        return float(np.mean(sizes >= sizes[-1] - _ROUNDING * sizes.max()))

    def interval(self, near: float) -> tuple[float, float]:
        """Return the ends of the effects whose p is above :data:`LEVEL`, looked for on both sides of *near*.

        An end is infinite where no effect is impossible.
        """
        spread = float(np.std(self.block_means(near)))
        spread = max(spread, _ROUNDING * float(np.abs(self.target).max(initial=1.0)))
        return self._end(near, -spread), self._end(near, spread)

    def _end(self, near: float, spread: float) -> float:
        """Return how far the possible effects reach from *near* in the direction of *spread*."""
        inner, outer = 0.0, 0.25
        for _ in range(_DOUBLINGS):
            # Beyond an effect that is impossible a possible one may come: look twice as far, too.
            if self._excess(near + outer * spread) <= 0 and self._excess(near + 2 * outer * spread) <= 0:
                break
            inner, outer = outer, 2 * outer
        else:
            return float(np.copysign(np.inf, spread))
        return near + spread * _crossing(lambda part: self._excess(near + part * spread), inner, outer)

    def _excess(self, effect: float) -> float:
        return self.p_value(effect) - LEVEL


def _crossing(excess: Callable[[float], float], inner: float, outer: float) -> float:
    if excess(inner) <= 0:
        return inner
    return float(bisect(excess, inner, outer, xtol=_FINE))


def conformal(target: Floats, donors: Floats, window: int, demeaned: bool) -> Conformal:
    """Return the test of effects in the last *window* days.

    Args:
        target: Shape (days,).
        donors: Shape (days, donors).
        window: Days of the window, below the number of days.
        demeaned: Whether target and donors may lie at different heights.
    """
    step = (np.arange(target.size) >= target.size - window).astype(np.float64)
    columns = np.column_stack([target, step, donors])
    if demeaned:
        columns = columns - columns.mean(axis=0)
    return Conformal(columns[:, 0], columns[:, 2:], columns[:, 1], window, reduced(columns))
