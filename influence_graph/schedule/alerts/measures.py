"""Measures of brands that rules watch: each with its 95 % interval, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from influence_graph.analyses.brand.bonds import BrandLedger, brand_ledger
from influence_graph.analyses.brand.health import health
from influence_graph.analyses.brand.judgment import judgment
from influence_graph.analyses.brand.leaderboard import brand_leaderboard
from influence_graph.analyses.intervals import TOO_FEW, Estimate
from influence_graph.errors import NotFound
from influence_graph.model.parameters import BrandParameters
from influence_graph.schedule.alerts.records import Records
from influence_graph.schedule.alerts.rules import MEASURES, BrandRule
from influence_graph.schedule.alerts.seen import Figure

_BONDS, _JUDGED = ("Wilson", "bonds"), ("Wilson, clustered by consumer", "")
_OF_ALL = {
    "mean_bond": ("Student's t", "bonds"),
    "positive": _BONDS,
    "negative": _BONDS,
    "favorable": _JUDGED,
    "unfavorable": _JUDGED,
}
"""How the interval of each measure of all brands is made, and the column that counts its observations."""
TITLES = {
    "mean_bond": "The mean bond with",
    "positive": "The share of positive bonds with",
    "negative": "The share of negative bonds with",
    "favorable": "The share of favorable interactions with",
    "unfavorable": "The share of unfavorable interactions with",
    "mean_valence": "The mean valence of the interactions with",
    "reciprocity": "The mean reciprocity of the bonds with",
    "at_risk": "The share of consumers at risk of",
    "recovery_rate": "The share of recovered complaints about",
    "change_30_days": "The change within 30 days of the sum of the bonds with",
    "change_90_days": "The change within 90 days of the sum of the bonds with",
}
"""How sentences call each measure, before the brand."""
FORMS = {
    **dict.fromkeys(("mean_bond", "change_30_days", "change_90_days"), "+"),
    **dict.fromkeys(("positive", "negative", "favorable", "unfavorable", "at_risk", "recovery_rate"), "{:.1%}"),
    "mean_valence": "{:+.2f}",
    "reciprocity": "{:.2f}",
}
"""The format of each measure, see :func:`~influence_graph.analyses.intervals.number_text`."""
WORSE_ABOVE = ("negative", "unfavorable", "at_risk")
"""The measures that bad events raise."""
Known: TypeAlias = Figure | str


def measured(records: Records, rule: BrandRule, as_of: datetime) -> dict[str, Known]:
    """Return the measure of *rule* as known at *as_of* by brand, or why there is none.

    Raises:
        NotFound: nothing happened yet with the brand of *rule*.
    """
    if rule.measure not in MEASURES:
        of_brand = brand_ledger(records.ledger, str(rule.brand), records.policy, as_of)
        estimate, otherwise = _OF_ONE[rule.measure](of_brand)
        return {of_brand.brand: otherwise or TOO_FEW if estimate is None else figure_of(estimate)}
    board = brand_leaderboard(records.interactions, as_of=as_of, policy=records.policy).brands
    if rule.brand is not None:
        board = board[board["brand"] == rule.brand]
        if board.empty:
            raise NotFound(f"no interaction is with the brand {rule.brand!r}")
    method, counted = _OF_ALL[rule.measure]
    ends = [board[f"{rule.measure}{end}"].tolist() for end in ("", "_low", "_high")]
    counts = board[counted].tolist() if counted else [None] * len(board)
    return {
        brand: Figure(value, low, high, count, method) if value == value else TOO_FEW  # noqa: PLR0124 - not NaN
        for brand, value, low, high, count in zip(board["brand"], *ends, counts, strict=True)
    }


def figure_of(estimate: Estimate) -> Figure:
    """Return *estimate* as a figure."""
    return Figure(estimate.value, estimate.low, estimate.high, estimate.count, estimate.method)


def _valence(of_brand: BrandLedger) -> tuple[Estimate | None, str]:
    return judgment(of_brand, BrandParameters.recovery).mean, ""


def _recovered(of_brand: BrandLedger) -> tuple[Estimate | None, str]:
    found = judgment(of_brand, BrandParameters.recovery).recovery
    return found.rate, found.unrecorded


def _reciprocity(of_brand: BrandLedger) -> tuple[Estimate | None, str]:
    found = health(of_brand)
    return found.reciprocity, found.one_sided


def _at_risk(of_brand: BrandLedger) -> tuple[Estimate | None, str]:
    found = health(of_brand).at_risk
    return found.share, found.unknown


def _changed(days: int) -> Callable[[BrandLedger], tuple[Estimate | None, str]]:
    def change(of_brand: BrandLedger) -> tuple[Estimate | None, str]:
        found = health(of_brand)
        return found.change[days], found.unrecorded[days]

    return change


_OF_ONE: Mapping[str, Callable[[BrandLedger], tuple[Estimate | None, str]]] = {
    "mean_valence": _valence,
    "recovery_rate": _recovered,
    "reciprocity": _reciprocity,
    "at_risk": _at_risk,
    "change_30_days": _changed(30),
    "change_90_days": _changed(90),
}
"""The estimate of each measure of one brand, and why there is none."""
