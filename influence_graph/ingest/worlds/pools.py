"""Draws of people from groups, in proportion to weights that change from period to period."""

from __future__ import annotations

import numpy as np

from influence_graph.ingest.town.random import Array


class Pools:
    """Groups of people, each with a weight per period.

    Args:
        group: int array of length n, the group of each person, from 0.
        weights: float array (periods, n), or (n,) for one period; not negative.
        groups: number of groups.
    """

    def __init__(self, group: Array, weights: Array, groups: int) -> None:
        self.order = np.argsort(group, kind="stable")
        self.starts = np.searchsorted(group[self.order], np.arange(groups + 1))
        by_period = np.atleast_2d(weights)
        self._cumulative = np.zeros(by_period.size + 1)
        np.cumsum(by_period[:, self.order].ravel(), out=self._cumulative[1:])

    def draw(self, rng: np.random.Generator, group: Array, period: Array | int = 0) -> Array:
        """Return one person of each *group* in the *period*; no group may be empty."""
        first = period * len(self.order)
        start, stop = first + self.starts[group], first + self.starts[group + 1]
        low, high = self._cumulative[start], self._cumulative[stop]
        place = np.searchsorted(self._cumulative, low + rng.random(len(start)) * (high - low), side="right") - 1
        person: Array = self.order[np.clip(place, start, stop - 1) - first]
        return person
