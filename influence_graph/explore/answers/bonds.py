"""Questions about bonds between consumers and brands."""

from __future__ import annotations

import pandas as pd

from influence_graph.explore.answers.kept import Kept, best_first, names_of
from influence_graph.stores.base import Reader


def brand_bonds(view: Reader, brand: str, limit: int) -> pd.DataFrame:
    """Return the strongest bonds of a brand."""
    kept = Kept(view)
    rows = kept.bonds[kept.bonds["brand"] == brand]
    rows = best_first(rows, "fusionScore", "consumer").head(limit)
    return rows.assign(name=names_of(kept.people, rows["consumer"]))


def consumer_bonds(view: Reader, consumer: str) -> pd.DataFrame:
    """Return all bonds of a person, the strongest first."""
    kept = Kept(view)
    rows = kept.bonds[kept.bonds["consumer"] == consumer]
    rows = best_first(rows, "fusionScore", "brand")
    return rows.assign(name=names_of(kept.brands, rows["brand"]))


def strained_bonds(view: Reader, limit: int) -> pd.DataFrame:
    """Return the worst bonds below zero, over all brands."""
    kept = Kept(view)
    rows = kept.bonds[kept.bonds["fusionScore"] < 0].sort_values(["fusionScore", "consumer", "brand"]).head(limit)
    return rows.assign(
        consumerName=names_of(kept.people, rows["consumer"]), brandName=names_of(kept.brands, rows["brand"])
    )
