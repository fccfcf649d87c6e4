"""Anderson mixing with a safeguard: the shares of the last sweeps in the start of the next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

HISTORY = 3  # sweeps that are kept: the last and the two before
_SINGULAR = 1e-12  # share of its largest value below which the determinant counts as 0: the two steps are parallel


class Mixing:
    """Anderson mixing over two steps (Walker & Ni 2011), where a mixture that increases the step is rejected.

    After the n-th rejection come 2ⁿ⁻¹ plain sweeps, so that in the worst case (a very skewed
    graph with α near 1) the plain sweeps, which always converge, do the work.
    """

    def __init__(self) -> None:
        self._kept = 0  # sweeps since the history was emptied
        self._smallest = np.inf
        self._mixed = False
        self._pause, self._plain_sweeps = 1, 0

    def shares(self, size: float, sums: Sequence[float]) -> tuple[float, float, float]:
        """Return the shares of the last sweep and of the two before it in the start of the next.

        Args:
            size: Size of the step that the last sweep made.
            sums: With f the last step, g and h its differences to the two before: g·f, h·f, g·g, g·h, h·h.
        """
        if self._mixed and size > self._smallest:
            self._kept, self._mixed = 0, False
            self._plain_sweeps, self._pause = self._pause, 2 * self._pause
            return 0.0, 1.0, 0.0
        self._smallest = min(self._smallest, size)
        self._mixed = self._kept > 0 and self._plain_sweeps == 0
        self._plain_sweeps = max(self._plain_sweeps - 1, 0)
        one, two = _least_squares(sums, self._kept) if self._mixed else (0.0, 0.0)
        self._kept = min(self._kept + 1, HISTORY - 1)
        return 1.0 - one - two, one, two


def _least_squares(sums: Sequence[float], kept: int) -> tuple[float, float]:
    gf, hf, gg, gh, hh = sums
    determinant = gg * hh - gh * gh
    if kept > 1 and determinant > _SINGULAR * gg * hh:
        return (gf * hh - hf * gh) / determinant, (hf * gg - gf * gh) / determinant
    return (gf / gg if gg > 0.0 else 0.0), 0.0
