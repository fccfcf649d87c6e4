"""Which causes are far beyond what was usual: more events than in as long a time before, or larger ones than any.

A day without anything special has its complaints, too. The number of new events of one kind on one brand is compared
with that of up to 28 as long times before: the predictive distribution is negative binomial with their mean m and
their variance, at least m(1 + 1/w) for w times, which is Poisson's with an unknown rate (Gelman et al. 2013, Bayesian
Data Analysis, section 2.6). The largest new event is compared with all earlier ones: among n exchangeable events the
chance that one exceeds all but k of them is (k + 1)/(n + 1) (Vovk et al. 2005, Algorithmic Learning in a Random World),
and beyond the largest it falls as their tail does, (k/n)(x_k/x)^α with Hill's α of the largest √n (Weissman 1978,
https://doi.org/10.1080/01621459.1978.10480104), at most 10. Over all causes the false discovery rate is held
(Benjamini & Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.changes.reasons import NEW, REASONS
from influence_graph.analyses.changes.state import DIRECT, TERMS, EventTerms, LedgerState
from influence_graph.analyses.interactions.ledger import to_micros

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIMES, FEWEST = 28, 7
"""As long times before that are compared at most, and at least: with fewer nobody can tell what is usual."""
_TAIL, _THINNEST = 10, 10.0
LEVEL = 0.01
"""False discovery rate of what is called unusual."""


def with_usual(causes: pd.DataFrame, before: LedgerState, after: LedgerState, old: EventTerms | None) -> pd.DataFrame:
    """Return *causes* with the columns usual, q_value and unusual: see ``BondChanges.causes``.

    They stay empty where *old*, the terms of the state *before*, is None: what is usual is not on record.
    """
    from scipy import stats

    frame = causes.assign(usual=np.nan, q_value=np.nan, unusual=None)
    tested = np.flatnonzero((causes["reason"] == REASONS[NEW]) & (causes["term"] == TERMS[DIRECT]))
    counts = None if old is None else _counts_before(before, after, causes.iloc[tested])
    if old is None or counts is None or not tested.size:
        return frame
    new = causes.iloc[tested]
    many = _more_than(counts, new["events"].to_numpy())
    large = np.minimum(1, _larger_than(old, new["largest_change"].to_numpy()) * new["events"].to_numpy())
    chance = np.minimum(1, 2 * np.minimum(many, large))
    q_value = stats.false_discovery_control(chance, method="bh")
    frame.loc[tested, "usual"] = counts.mean(axis=1)
    frame.loc[tested, "q_value"] = q_value
    frame.loc[tested, "unusual"] = q_value <= LEVEL
    return frame


def _counts_before(before: LedgerState, after: LedgerState, causes: pd.DataFrame) -> NDArray[np.int64] | None:
    """Return the number of events like each of *causes* in each as long time before; None where there are too few."""
    ledger, start = before.counting, to_micros(before.as_of)
    length = to_micros(after.as_of) - start
    if length <= 0 or not len(ledger):
        return None
    times = min(TIMES, (start - int(ledger.at.min())) // length)
    if times < FEWEST:
        return None
    recent = ledger.take(ledger.at > start - times * length)
    kinds = np.full(len(recent), "", object)
    if recent.kind is not None:
        kinds = np.append(recent.kind.names, "")[recent.kind.codes]
    group = pd.MultiIndex.from_frame(causes[["brand", "kind"]]).get_indexer(
        pd.MultiIndex.from_arrays([recent.brand.names[recent.brand.codes], kinds])
    )
    counts = np.zeros((len(causes), times), np.int64)
    of_cause = group >= 0
    np.add.at(counts, (group[of_cause], (start - recent.at[of_cause]) // length), 1)
    return counts


def _more_than(counts: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the chance of at least so many *new* events, one per row of *counts* of earlier times."""
    from scipy import stats

    times = counts.shape[1]
    mean = (counts.sum(axis=1) + 0.5) / times
    variance = np.maximum(counts.var(axis=1, ddof=1), mean) * (1 + 1 / times)
    chance: NDArray[np.float64] = stats.nbinom.sf(new - 1, mean**2 / (variance - mean), mean / variance)
    return chance


def _larger_than(old: EventTerms, new: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that an event is as large as each of *new*, in points of either sign, by those of the past."""
    sizes, size = np.sort(np.abs(old.given[old.term == DIRECT])), np.abs(new) * (1 - 1e-12)
    as_large = sizes.size - np.searchsorted(sizes, size)
    chance: NDArray[np.float64] = (as_large + 1) / (sizes.size + 1)
    tail = max(math.isqrt(sizes.size), _TAIL)
    if sizes.size <= 2 * tail or sizes[-tail - 1] <= 0:
        return chance
    threshold = sizes[-tail - 1]
    index = min(1 / max(float(np.log(sizes[-tail:] / threshold).mean()), 1e-9), _THINNEST)
    beyond = size > sizes[-1]
    chance[beyond] = np.minimum(chance[beyond], tail / sizes.size * (threshold / size[beyond]) ** index)
    return chance
