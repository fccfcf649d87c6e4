"""Effects by group and time, and sums of them, each with its influence function; arrays in, arrays out.

Callaway and Sant'Anna 2021, https://doi.org/10.1016/j.jeconom.2020.12.001, without covariates: the effect on group g
(the units whose event begins at g) at time t is the rise of the mean of g from before g to t, less that of units
without an event until t. The influence function says what each unit adds to the error of an estimate: its variance is
Σψ² / n², and whatever days of one unit have in common is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Design:
    """Who meets the event when.

    Attributes:
        first: Position of the first date of each unit's event; the number of dates or more: never; shape (units,).
        control: Which units may be compared with; shape (units,).
        base: Dates before an event, or before a placebo of one, whose mean is what was before.
        horizon: Dates of an event that are looked at, and as many before it.
        not_yet: Whether units are compared with until their own event begins, too.
    """

    first: Ints
    control: NDArray[np.bool_]
    base: int
    horizon: int
    not_yet: bool


@dataclass(frozen=True, eq=False)
class Effects:
    """Some estimates with their influence functions.

    Attributes:
        group: First position of the event of each estimate's group, -1 where it is of several.
        after: Dates from the start of the event; below 0 before it. Of means over dates: the number of them.
        effect: The estimates.
        influence: Shape (estimates, units).
    """

    group: Ints
    after: Ints
    effect: Floats
    influence: Floats

    @property
    def std_error(self) -> Floats:
        """Of each estimate, units being the clusters."""
        units = max(self.influence.shape[1], 1)
        error: Floats = np.sqrt(np.einsum("ei,ei->e", self.influence, self.influence)) / units
        return error

    def freedom(self, first: Ints) -> Floats:
        """Return the degrees of freedom of each error, of the samples that make it (Satterthwaite 1946).

        Source: https://doi.org/10.2307/3002019. The samples are the groups of equal *first*.
        """
        _, sample = np.unique(first, return_inverse=True)
        count = np.bincount(sample).astype(np.float64)
        parts = np.stack([np.bincount(sample, each**2, count.size) for each in self.influence])
        whole = parts.sum(axis=1)
        loss = (parts**2 / np.maximum(count - 1, 1)).sum(axis=1)
        freedom: Floats = np.where(loss > 0, whole**2 / np.where(loss > 0, loss, 1.0), np.inf)
        return freedom

    def __getitem__(self, which: NDArray[np.bool_]) -> Effects:
        return Effects(self.group[which], self.after[which], self.effect[which], self.influence[which])


def group_time(values: Floats, design: Design) -> Effects:
    """Return the effect on each group at each date within the horizon, where there is a unit to compare with.

    Dates before the event are placebos: the rise to the date from the ``base`` dates before it.

    Args:
        values: Shape (dates, units).
        design: Who meets the event when.
    """
    dates = values.shape[0]
    running = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    past = (running[design.base :] - running[: -design.base]) / design.base  # row t: the mean of the base from t on
    found = []
    for group in np.unique(design.first[design.first < dates]).tolist():
        earliest = max(design.base, group - design.horizon)
        for time in range(earliest, min(dates, group + design.horizon)):
            rise = values[time] - past[min(time, group) - design.base]
            found.append(_cell(rise, design, group, time))
    cells = [cell for cell in found if cell is not None]
    groups, after, effect, influence = zip(*cells, strict=True) if cells else ((), (), (), np.empty((0, 0)))
    return Effects(np.array(groups, np.int64), np.array(after, np.int64), np.array(effect), np.array(influence))


def _cell(rise: Floats, design: Design, group: int, time: int) -> tuple[int, int, float, Floats] | None:
    treated = design.first == group
    control = design.control & (design.first > time if design.not_yet else design.first >= NEVER) & ~treated
    if control.sum() < 2:
        return None
    effect = float(rise[treated].mean() - rise[control].mean())
    units = rise.size
    influence = np.zeros(units)
    influence[treated] = (rise[treated] - rise[treated].mean()) * units / treated.sum()
    influence[control] = -(rise[control] - rise[control].mean()) * units / control.sum()
    return group, time - group, effect, influence


NEVER = np.iinfo(np.int64).max
"""Of :attr:`Design.first`: the event never reaches the unit within the dates."""


def weighted(cells: Effects, first: Ints, group: int = -1, after: int = 0) -> Effects:
    """Return the mean of *cells*, each by the number of units of its group; that these are a sample is in the error.

    Args:
        cells: One estimate or more, of groups.
        first: As in the design.
        group: What the mean is called.
        after: What the mean is called.
    """
    units = first.size
    member = first[None, :] == cells.group[:, None]
    share = member.mean(axis=1)
    weight = share / share.sum()
    more = (member - share[:, None]) / share.sum()
    drawn = more - weight[:, None] * more.sum(axis=0)
    influence = np.einsum("c,ci->i", weight, cells.influence) + np.einsum("c,ci->i", cells.effect, drawn)
    effect = float(np.einsum("c,c->", weight, cells.effect))
    return Effects(np.array([group]), np.array([after]), np.array([effect]), influence.reshape(1, units))


def mean_of(cells: Effects, group: int = -1) -> Effects:
    """Return the plain mean of *cells*."""
    influence = cells.influence.mean(axis=0, keepdims=True)
    count = np.array([cells.effect.size])
    return Effects(np.array([group]), count, cells.effect.mean(keepdims=True), influence)


def stacked(parts: list[Effects]) -> Effects:
    """Return all estimates of *parts* in one."""
    names = ("group", "after", "effect", "influence")
    return Effects(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def by_time(cells: Effects, first: Ints) -> Effects:
    """Return the effect by date from the start of the event, over all groups that have it."""
    return stacked([weighted(cells[cells.after == each], first, after=int(each)) for each in np.unique(cells.after)])


def by_group(cells: Effects) -> Effects:
    """Return the mean effect on each group over the dates of its event."""
    later = cells[cells.after >= 0]
    return stacked([mean_of(later[later.group == each], int(each)) for each in np.unique(later.group)])
