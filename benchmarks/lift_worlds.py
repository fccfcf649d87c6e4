"""Panels of known truth for the trials of lift: units that share factors, without an event, or with one that spills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from influence_graph.ingest.markets.demand import ar1

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

KINDS = ("ordinary", "twice as large", "half as noisy")
FACTORS = 3


@dataclass(frozen=True)
class PanelWorld:
    """A panel whose unit 0 is the treated one.

    Attributes:
        donors: Units besides it.
        before: Days before the event.
        window: Days from it on.
        rho: Correlation of the noise from day to day.
        kind: How the treated unit differs from the donors, one of ``KINDS``.
    """

    donors: int = 38
    before: int = 90
    window: int = 14
    rho: float = 0.5
    kind: str = "ordinary"


def quiet_panel(world: PanelWorld, rng: np.random.Generator) -> Floats:
    """Return values without an event, shape (days, 1 + donors): level, factors, weekdays and noise of each unit."""
    days, units = world.before + world.window, world.donors + 1
    level, loading = rng.gamma(4, 25, units), rng.gamma(4, 0.25, (FACTORS, units))
    shared = 5 * ar1(rng, 0.95, days, FACTORS)
    weekday = 8 * rng.standard_normal(7)[np.arange(days) % 7]
    noise = 5 * ar1(rng, world.rho, days, units)
    if world.kind == "half as noisy":
        noise[:, 0] /= 2
    values = level + shared @ loading + np.outer(weekday, rng.gamma(4, 0.25, units)) + noise
    if world.kind == "twice as large":
        values[:, 0] *= 2
    return values


@dataclass(frozen=True, eq=False)
class Spilled:
    """A panel in which the event reaches some donors, too.

    Attributes:
        values: Shape (days, units), the treated unit first.
        effect: What the event adds to the treated unit per day, on the mean of the window.
        exposed: Which donors met a part of it, the treated unit not counted; shape (units - 1,).
    """

    values: Floats
    effect: float
    exposed: NDArray[np.bool_]


TIED, CLOSELY_TIED = 0.3, 0.5
"""How often units of one community are tied; those of others are in one of ten cases."""


def spilled_panel(rng: np.random.Generator, share: float, tied_within: float = TIED) -> Spilled:
    """Return 41 units of four communities in which those tied to the treated one meet *share* of its effect.

    Those of one community move alike, and are tied more often: the best donors are those most exposed.
    """
    units, before, window = 41, 90, 14
    days = before + window
    community = np.arange(units) % 4
    own = 4 * ar1(rng, 0.9, days, 4)[:, community]
    shared = np.outer(5 * ar1(rng, 0.95, days, 1)[:, 0], rng.gamma(16, 1 / 16, units))
    weekday = np.outer(8 * rng.standard_normal(7)[np.arange(days) % 7], rng.gamma(16, 1 / 16, units))
    values = rng.gamma(16, 100 / 16, units) + own + shared + weekday + 6 * ar1(rng, 0.5, days, units)
    tied = rng.random(units - 1) < np.where(community[1:] == community[0], tied_within, 0.1)
    added = 0.2 * 100 * rng.gamma(25, 1 / 25, window)
    values[before:, 0] += added
    values[before:, 1:][:, tied] += share * added[:, None]
    return Spilled(values, float(added.mean()), tied)
