"""A second opinion on a campaign of a whole brand: other brands, which nothing ties to it, as donors."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.neighbors import audiences_of, neighbors
from influence_graph.analyses.lift.lift import lift
from influence_graph.app.lift.campaigns import others
from influence_graph.errors import InputError
from influence_graph.model.names import BRAND, NodeNames
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from influence_graph.analyses.lift.panel_result import PanelLift
    from influence_graph.app.lift.campaigns import Campaign
    from influence_graph.app.lift.records import LiftRecords

LEAST = 5
"""Brands with nothing in common with the campaign's that a second opinion takes."""


def against_brands(
    records: LiftRecords, own: Campaign, all_of_them: Sequence[Campaign], days: int, names: NodeNames
) -> tuple[PanelLift | None, tuple[str, ...]]:
    """Return the lift of the whole brand with other brands as donors, None below five clean ones, and notes on it.

    Clean is a brand with sales on all days of the campaign's, without a campaign in these days, that is not named
    together with it and shares no more consumers with it than by chance
    (:func:`~influence_graph.analyses.brand.neighbors.neighbors`).
    """
    panel = _panel(records, own.brand, own.end(days))
    rest = [brand for brand in sorted(set(panel["unit"])) if brand != own.brand]
    why = _why_not(records, own, all_of_them, days)
    left_out = [brand for brand in rest if brand in why]
    clean = len(rest) - len(left_out)
    told = ", ".join(f"{names.text(BRAND, each)} ({why[each]})" for each in left_out)
    notes = (f"Other brands left out of the comparison: {told}.",) if told else ()
    if clean < LEAST:
        few = count_text(clean, "other brand")
        return None, (*notes, f"Not compared with other brands: {few} could be, {LEAST} would be needed.")
    try:
        skip = others(own, all_of_them, days).spans(own, days)
        made = lift(panel, treated=own.brand, exposed=left_out, start=own.day, days=days, skip=skip)
    except InputError as error:
        return None, (*notes, f"Not compared with other brands: {error.message}.")
    return cast("PanelLift", made), notes


def _panel(records: LiftRecords, brand: str, end: date) -> pd.DataFrame:
    """Return the sales of all brands that have some on every day that *brand* has, up to *end*."""
    parts = {}
    for each in records.brands:
        with suppress(InputError):  # its days have gaps, or count twice: it is no donor
            frame = records.daily(each)[0]
            parts[each] = frame[frame["date"] <= pd.Timestamp(end)].assign(unit=each)
    days = set(parts[brand]["date"])
    kept = [frame[frame["date"].isin(days)] for frame in parts.values()]
    return pd.concat([frame for frame in kept if len(frame) == len(days)], ignore_index=True)


def _why_not(records: LiftRecords, own: Campaign, all_of_them: Sequence[Campaign], days: int) -> dict[str, str]:
    """Return why brands are no donors, by brand."""
    found = {
        each.brand: f"{each.text} on {each.day}"
        for each in all_of_them
        if each.day <= own.end(days) and each.end(days) >= own.day
    }
    return found | _tied(records, own.brand)


def _tied(records: LiftRecords, brand: str) -> dict[str, str]:
    """Return which brands are named together with *brand*, or share more consumers with it than by chance."""
    ledger = records.ledger
    as_of = ledger.latest()
    if as_of is None or brand not in ledger.brand.names[np.unique(ledger.brand.codes)]:
        return {}
    policy = FusionPolicy(table=records.view.touchpoints())
    near = neighbors(brand_ledger(ledger, brand, policy, as_of), ledger, audiences_of(ledger)).brands
    named = dict.fromkeys(near.loc[near["named"] > 0, "brand"], "named together with it")
    shared = dict.fromkeys(near.loc[near["low"] > 1, "brand"], "shares its consumers")
    return shared | named
