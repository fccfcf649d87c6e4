"""Brands associated with a brand: those that share its consumers, and those named together with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.bonds import naming
from influence_graph.analyses.intervals import FEW, some, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger
    from influence_graph.analyses.interactions.ledger import Ledger

_COLUMNS = ["brand", "shared", "named", "audience", "jaccard", "lift", "low", "high"]


@dataclass(frozen=True, eq=False)
class Neighbors:
    """Brands that stand near this one.

    Attributes:
        audience: Number of consumers who had an interaction with the brand.
        population: Number of consumers who had one with any brand.
        brands: brand, shared (consumers of both), named (interactions that name both), audience, jaccard
            (shared consumers of all that either has), lift (1: as often as if independent) with low and high,
            Wilson's interval for the share of this brand's consumers; the lift is NaN where too few. Those
            with the most shared consumers first.
    """

    audience: int
    population: int
    brands: pd.DataFrame

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        if self.brands.empty:
            return [f"No other brand shares any of its {some(self.audience, 'consumer')} or is named with it."]
        first = self.brands.iloc[0]
        said = [
            f"Its {some(self.audience, 'consumer')} also deal with, or name, {some(len(self.brands), 'other brand')}; "
            f"the nearest is {first['brand']}: {some(first['shared'], 'shared consumer')}, named together "
            f"{some(first['named'], 'time')}."
        ]
        sure = self.brands[self.brands["low"] > 1].sort_values("lift", ascending=False)
        if len(sure):
            best = sure.iloc[0]
            said.append(f"Shared most beyond chance: {best['brand']}, {best['lift']:.2f} times as often.")
        return said


@dataclass(frozen=True)
class Audiences:
    """Number of consumers per brand and of any brand, over all interactions."""

    brands: dict[str, int]
    population: int


def audiences_of(ledger: Ledger) -> Audiences:
    """Return the audiences of all brands of *ledger*."""
    brands = len(ledger.brand.names)
    pairs = np.unique(ledger.consumer.codes.astype(np.int64) * brands + ledger.brand.codes)
    count = np.bincount(pairs % brands, minlength=brands).tolist() if brands else []
    people = np.unique(ledger.consumer.codes).size
    return Audiences(dict(zip(map(str, ledger.brand.names), count, strict=True)), people)


def neighbors(around: BrandLedger, everything: Ledger, audiences: Audiences) -> Neighbors:
    """Return the brands associated with that of *around*.

    Args:
        around: What the bonds with the brand depend on.
        everything: Known interactions of at least all consumers of the brand.
        audiences: Consumers per brand, over all interactions.
    """
    here = everything.brand.codes == around.code
    mine = np.zeros(len(everything.consumer.names), np.bool_)
    mine[everything.consumer.codes[here]] = True
    size, people = int(mine.sum()), audiences.population
    shared = _shared(everything, mine)
    named = _named(everything, around.code)
    found = np.flatnonzero((shared > 0) | (named > 0))
    found = found[found != around.code]
    rows = []
    for code in found[np.lexsort((found, -named[found], -shared[found]))].tolist():
        other = str(everything.brand.names[code])
        both, audience = int(shared[code]), audiences.brands.get(other, 0)
        rows.append((other, both, int(named[code]), audience, *_nearness(both, size, audience, people)))
    return Neighbors(size, people, pd.DataFrame(rows, columns=_COLUMNS))


def _nearness(both: int, size: int, audience: int, people: int) -> tuple[float, float, float, float]:
    """Return the Jaccard index, and the lift with its interval."""
    jaccard = both / max(size + audience - both, 1)
    share = wilson(both, size)
    if share is None or audience < FEW:
        return jaccard, np.nan, np.nan, np.nan
    base = audience / people
    return jaccard, share.value / base, share.low / base, share.high / base


def _shared(ledger: Ledger, mine: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return per brand how many of the consumers *mine* had an interaction with it."""
    brands = len(ledger.brand.names)
    theirs = mine[ledger.consumer.codes]
    pairs = np.unique(ledger.consumer.codes[theirs].astype(np.int64) * brands + ledger.brand.codes[theirs])
    return np.bincount(pairs % brands, minlength=brands)


def _named(ledger: Ledger, code: int) -> NDArray[np.int64]:
    """Return per brand in how many interactions it and the brand *code* stand together."""
    brands = len(ledger.brand.names)
    count = np.zeros(brands, np.int64)
    if ledger.with_list is None:
        return count
    rows = np.flatnonzero(naming(ledger, code))
    one_list = ledger.with_list[rows]
    sizes = np.diff(ledger.lists.start)[one_list]
    row = np.repeat(rows, sizes)
    within = np.arange(row.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    item = ledger.lists.items[np.repeat(ledger.lists.start[one_list], sizes) + within]
    pairs = np.unique(np.concatenate([row * brands + item, rows * brands + ledger.brand.codes[rows]]))
    return np.bincount(pairs % brands, minlength=brands)
