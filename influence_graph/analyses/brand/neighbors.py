"""Brands associated with a brand: those that share its consumers, and those named together with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.bonds import naming
from influence_graph.analyses.intervals import MIN_OBSERVATIONS, wilson
from influence_graph.analyses.result import Told
from influence_graph.model.display import short_line
from influence_graph.model.names import BRAND, NO_NAMES, NodeNames
from influence_graph.text import count_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from influence_graph.analyses.brand.bonds import BrandLedger
    from influence_graph.analyses.interactions.ledger import Ledger

_COLUMNS = ["brand", "shared", "named", "audience", "jaccard", "lift", "low", "high"]


@dataclass(frozen=True, eq=False, repr=False)
class Neighbors(Told):
    """Brands associated with this one.

    Attributes:
        audience: Number of consumers of the brand.
        population: Number of consumers of any brand.
        brands: brand, shared (consumers of both), named (interactions that name both), audience, jaccard
            (shared consumers of all that either has), lift (1: as often as if independent) with low and high,
            Wilson's interval for the share of this brand's consumers; the lift is NaN where too few. Those
            with the most shared consumers first.
    """

    audience: int
    population: int
    brands: pd.DataFrame

    def __repr__(self) -> str:
        figures = {"brands": len(self.brands), "audience": self.audience, "population": self.population}
        return short_line("Neighbors", figures)

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return the findings in words, with *names* beside ids where they are known."""
        if self.brands.empty:
            return [f"No other brand shares any of its {count_text(self.audience, 'consumer')} or is named with it."]
        first = self.brands.iloc[0]
        nearest = names.text(BRAND, first["brand"])
        audience, others = count_text(self.audience, "consumer"), count_text(len(self.brands), "other brand")
        lines = [
            f"Its {audience} also interacted with, or named, {others}; the nearest is {nearest}: "
            f"{count_text(first['shared'], 'shared consumer')}, named together {count_text(first['named'], 'time')}."
        ]
        significant = self.brands[self.brands["low"] > 1].sort_values("lift", ascending=False)
        if len(significant):
            best = significant.iloc[0]
            lines.append(
                f"Shared most beyond chance: {names.text(BRAND, best['brand'])}, {best['lift']:.2f} times as often."
            )
        return lines


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


def neighbors(ledger: BrandLedger, interactions: Ledger, audiences: Audiences) -> Neighbors:
    """Return the brands associated with that of *ledger*.

    Args:
        ledger: What the bonds with the brand depend on.
        interactions: Known interactions of at least all consumers of the brand.
        audiences: Consumers per brand, over all interactions.
    """
    own = np.zeros(len(interactions.consumer.names), np.bool_)
    own[interactions.consumer.codes[interactions.brand.codes == ledger.code]] = True
    size, people = int(own.sum()), audiences.population
    shared = _shared(interactions, own)
    named = _named(interactions, ledger.code)
    brands = np.flatnonzero((shared > 0) | (named > 0))
    brands = brands[brands != ledger.code]
    rows = []
    for code in brands[np.lexsort((brands, -named[brands], -shared[brands]))].tolist():
        other = str(interactions.brand.names[code])
        both, audience = int(shared[code]), audiences.brands.get(other, 0)
        rows.append((other, both, int(named[code]), audience, *_overlap(both, size, audience, people)))
    return Neighbors(size, people, pd.DataFrame(rows, columns=_COLUMNS))


def _overlap(both: int, size: int, audience: int, people: int) -> tuple[float, float, float, float]:
    """Return the Jaccard index, and the lift with its interval."""
    jaccard = both / max(size + audience - both, 1)
    share = wilson(both, size)
    if share is None or audience < MIN_OBSERVATIONS:
        return jaccard, np.nan, np.nan, np.nan
    base = audience / people
    return jaccard, share.value / base, share.low / base, share.high / base


def _shared(ledger: Ledger, own: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return per brand how many of the consumers *own* had an interaction with it."""
    brands = len(ledger.brand.names)
    rows = own[ledger.consumer.codes]
    pairs = np.unique(ledger.consumer.codes[rows].astype(np.int64) * brands + ledger.brand.codes[rows])
    return np.bincount(pairs % brands, minlength=brands)


def _named(ledger: Ledger, code: int) -> NDArray[np.int64]:
    """Return per brand in how many interactions it is named together with the brand *code*."""
    brands = len(ledger.brand.names)
    names_it = naming(ledger, code)
    rows = np.flatnonzero(names_it)
    row, item = ledger.all_named()
    row, item = row[names_it[row]], item[names_it[row]]
    pairs = np.unique(np.concatenate([row * brands + item, rows * brands + ledger.brand.codes[rows]]))
    return np.bincount(pairs % brands, minlength=brands) if brands else np.zeros(0, np.int64)
