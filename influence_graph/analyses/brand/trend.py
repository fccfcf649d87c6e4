"""The sum of a brand's bonds over time, with every step that a drawing can show.

Bonds on which nothing spills over and that no record corrects are added up in one pass, each event from the time at
which it had happened and was known. The bonds of all other consumers are replayed at each sample.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.bonds import naming
from influence_graph.analyses.fusion.curve import COLUMNS, Samples, changes_of, samples_of, steps_of
from influence_graph.analyses.fusion.points import by_touchpoint, points_of
from influence_graph.analyses.fusion.scores import bond_sums
from influence_graph.analyses.interactions.ledger import END_OF_TIME, MICROS_PER_DAY, to_datetime, to_micros
from influence_graph.analyses.interactions.meaning import may_repeat
from influence_graph.kernels.fusion.decayed_sums import decayed_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger
    from influence_graph.analyses.interactions.ledger import Ledger

_REPLAYED_ROWS = 1_000_000  # interactions read again for all samples together, which bounds the time
_MIN_COLUMNS = 24


def trend(ledger: BrandLedger) -> pd.DataFrame:
    """Return the sum and the number of the brand's bonds from its first interaction to ``as_of``.

    Returns:
        Columns at, total (points), bonds, in the order of time. A step has two rows of the same time: just before it,
        and from it on. Of more than 300 steps those are left out that a drawing cannot show
        (:func:`~influence_graph.analyses.fusion.curve.steps_of`); where bonds must be replayed, of more than
        1,000,000 interactions in all. Each row is exact, as it was known at that time.
    """
    alone, together = _parts(ledger)
    end = to_micros(ledger.as_of)
    first = _appears(ledger.history)[_concerned(ledger, ledger.history)].min(initial=end)
    columns = COLUMNS if not len(together) else min(COLUMNS, max(_MIN_COLUMNS, _REPLAYED_ROWS // len(together)))
    time, size = _changes(ledger, [alone, together])
    steps = steps_of(time[time >= first], size[time >= first], end, columns)
    samples = samples_of(steps, end, smooth=bool(np.isfinite(_half_lives(ledger)).any()))
    total, bonds = _summed(ledger, alone, samples)
    if len(together):
        replayed = _replayed(replace(ledger, history=together), samples)
        total, bonds = total + replayed[0], bonds + replayed[1]
    at = [to_datetime(moment) for moment in samples.time.tolist()]
    return pd.DataFrame({"at": pd.to_datetime(at, utc=True), "total": total, "bonds": bonds})


def _parts(ledger: BrandLedger) -> tuple[Ledger, Ledger]:
    """Return what is known of the consumers whose events do not depend on each other, and the history of the others."""
    history = ledger.history
    entangled = naming(history, ledger.code)
    if history.correction is not None:
        entangled |= history.correction >= 0
    # One that became known late may make another a repetition, or no longer one.
    entangled |= (history.known > history.at) & may_repeat(history, ledger.policy.table)
    consumers = np.zeros(len(history.consumer.names), np.bool_)
    consumers[history.consumer.codes[entangled]] = True
    known = ledger.known
    return known.take(~consumers[known.consumer.codes]), history.take(consumers[history.consumer.codes])


def _concerned(ledger: BrandLedger, rows: Ledger) -> NDArray[np.bool_]:
    """Return which of *rows* are with the brand, or name it."""
    concerned: NDArray[np.bool_] = (rows.brand.codes == ledger.code) | naming(rows, ledger.code)
    return concerned


def _appears(rows: Ledger) -> NDArray[np.int64]:
    """Return the time from which each of *rows* counts: when it had happened and was known."""
    return np.maximum(rows.at, rows.known)


def _half_lives(ledger: BrandLedger) -> NDArray[np.float64]:
    return by_touchpoint(ledger.policy.half_life)


def _changes(ledger: BrandLedger, parts: list[Ledger]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the times at which the sum may step, and about how far; a correction takes back what it replaces."""
    changes = []
    for rows in parts:
        points = points_of(rows, ledger.policy, ledger.as_of)
        spilled = ledger.policy.spillover * points.points
        reaching = np.where(rows.brand.codes == ledger.code, points.total, spilled)
        changes.append(changes_of(rows, reaching))
    times, sizes = zip(*changes, strict=True)
    return np.concatenate(times), np.concatenate(sizes)


def _summed(ledger: BrandLedger, rows: Ledger, samples: Samples) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return total and number of the bonds of *rows* at *samples*, in one pass."""
    points, appears, half_life = points_of(rows, ledger.policy, ledger.as_of), _appears(rows), _half_lives(ledger)
    age = (appears - rows.at) / MICROS_PER_DAY
    amount = points.total * np.exp2(-age / half_life[points.touchpoint])
    count, looked = len(rows), samples.time.size
    time = np.concatenate([appears, samples.time])
    rank = np.concatenate([np.ones(count, np.int8), np.where(samples.before, 0, 2)])
    touchpoint = np.concatenate([points.touchpoint, np.full(looked, -1, np.int8)])
    order = np.lexsort((rank, time))
    elapsed = (time[order] - time.min(initial=0)) / MICROS_PER_DAY
    sums = np.empty(order.size)
    amounts = np.concatenate([amount, np.zeros(looked)])[order]
    sums[order] = decayed_sums(np.zeros(order.size, np.int64), elapsed, touchpoint[order], amounts, half_life)
    first = np.full(len(rows.consumer.names), END_OF_TIME)
    np.minimum.at(first, rows.consumer.codes, appears)
    first.sort()
    bonds = np.where(
        samples.before, np.searchsorted(first, samples.time), np.searchsorted(first, samples.time, side="right")
    )
    return sums[count:], bonds.astype(np.int64)


def _replayed(ledger: BrandLedger, samples: Samples) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return total and number of the bonds with the brand at *samples*, by replay."""
    total, bonds = np.zeros(samples.time.size), np.zeros(samples.time.size, np.int64)
    for place, (time, before) in enumerate(zip(samples.time.tolist(), samples.before.tolist(), strict=True)):
        moment = to_datetime(time - before)  # nothing lies between two microseconds
        _, brand, sums = bond_sums(ledger.history.as_known_at(moment), ledger.policy, moment)
        own = brand == ledger.code
        total[place], bonds[place] = sums[own].sum(), own.sum()
    return total, bonds
