"""All brands side by side: bonds, judgment, share of voice, what was paid for, customers, and peers of like size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.brand.peers import ABOVE, BELOW, CANNOT_TELL, Funnel, funnel, percentiles, standing
from influence_graph.analyses.brand.view import plain
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.fusion.scores import bond_sums
from influence_graph.analyses.group_intervals import Columns, clustered_each, parts_of_all, student_each, wilson_each
from influence_graph.analyses.interactions.columns import as_table
from influence_graph.analyses.interactions.digest import digest_of
from influence_graph.analyses.interactions.ledger import Ledger, read_ledger
from influence_graph.analyses.interactions.meaning import TO_BRAND, Meaning
from influence_graph.analyses.intervals import MIN_OBSERVATIONS, number_text
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.frames import Frame
from influence_graph.model.names import BRAND, NO_NAMES, NodeNames
from influence_graph.model.parameters import LeaderboardParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.times import Time, checked_as_of
from influence_graph.text import NOT_ON_RECORD, count_text, did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ORDERS = {
    "bond": "mean_bond_low",
    "positive": "positive_low",
    "favorable": "favorable_low",
    "voice": "share_of_voice_low",
    "meant": "meant_share_low",
    "sum": "bond_sum",
    "consumers": "consumers",
    "customers": "customers",
    "interactions": "interactions",
}
"""What brands can be ordered by, and the column: of an estimate the lower end, so that few consumers win nothing."""
_NAMED = 3  # brands that stand out, in a sentence
_TOO_FEW = "too few"
_RECORDED = {
    **dict.fromkeys(("mean_bond", "positive", "negative"), ("bonds",)),
    **dict.fromkeys(("favorable", "unfavorable"), ("judged",)),
    "share_of_voice": ("acts",),
    "meant_share": ("paid", "meant"),
}
"""What must be on record of a brand for each estimate, in any of these columns."""
_ESTIMATES = ("mean_bond", "positive", "negative", "favorable", "unfavorable", "share_of_voice", "meant_share")


@dataclass(frozen=True, eq=False, repr=False)
class BrandLeaderboard(Displayed):
    """What :func:`brand_leaderboard` returns.

    Attributes:
        as_of: Only what had happened and was known by then counts.
        policy: Parameters of the scores, as JSON values.
        by: What brands are ordered by, a name of ``ORDERS``.
        brands: One row per brand, best first: brand; rank; consumers (who interacted with it), interactions (from
            them), received (from the brand), customers, orders; bonds, bond_sum (points), mean_bond (Student's t);
            positive, negative (shares of its bonds, Wilson); judged (interactions from consumers whose meaning is
            known), good and bad (of these), favorable, unfavorable (their shares, Wilson clustered by consumer);
            acts (interactions from consumers, and those by which they vote) and share_of_voice (of the acts for all
            brands, likewise); paid, meant, unstated (interactions from consumers), meant_share (of those of which the
            records say, likewise); peers, percentile (of the mean bond among so many brands of like size), z (of the
            positive share in the funnel), standing. Estimates have columns ``_low`` and ``_high``; NaN below ten
            consumers, or where nothing is on record.
        acts: Number of things that consumers did for or against any brand: the whole of the share of voice.
        consumers: Number of consumers who did any.
        funnel: The limits of the share of positive bonds by size.
        unknown_kinds: Interactions by kind that the touchpoint table does not list.
        digest: Digest of the interactions.
    """

    as_of: datetime
    policy: Mapping[str, Any]
    by: str
    brands: pd.DataFrame
    acts: int
    consumers: int
    funnel: Funnel
    unknown_kinds: Mapping[str, int]
    digest: str

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Time, order and policy, as JSON values."""
        return {"as_of": self.as_of.isoformat(), "by": self.by, "policy": self.policy}

    def to_frame(self) -> pd.DataFrame:
        """Return ``brands``."""
        return self.brands

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values; null where observations are too few, or nothing is on record."""
        values: dict[str, Any] = plain(self)
        return values

    def sections(self, names: NodeNames = NO_NAMES) -> dict[str, list[str]]:
        """Return the findings as sentences, by heading, with *names* beside ids where they are known."""
        enough = int((self.brands["consumers"] >= MIN_OBSERVATIONS).sum())
        few = count_text(len(self.brands) - enough, "brand")
        known = [self._first(names)] if enough else []
        limit = f"fewer than {MIN_OBSERVATIONS} consumers: of them nothing is estimated"
        return {
            "Leaderboard": [*known, f"{few} of {len(self.brands):,} have {limit}."],
            "Judgment": [self._paid()],
            "Share of voice": [
                f"Share of voice is the share of the {count_text(self.acts, 'thing')} that "
                f"{count_text(self.consumers, 'consumer')} did for or against any of these brands: interactions from "
                "them, and those by which they vote, such as coming and using."
            ],
            "Brands of like size": self._standing(names),
        }

    def sentences(self, names: NodeNames = NO_NAMES) -> list[str]:
        """Return the findings of all ``sections``."""
        return [sentence for part in self.sections(names).values() for sentence in part]

    def _first(self, names: NodeNames) -> str:
        column = ORDERS[self.by]
        best = self.brands.iloc[0]
        if pd.isna(best[column]):
            return f"No brand can be ordered by {self.by}: {NOT_ON_RECORD}, or too few consumers."
        measure = column.removesuffix("_low")
        text = f"First by {measure.replace('_', ' ')} is {names.text(BRAND, best['brand'])}"
        if measure == column:
            return f"{text}: {_text(measure, best[measure])}."
        ends = (_text(measure, best[name]) for name in (measure, column, f"{measure}_high"))
        return "{}: {} ({} to {}), by the lower end of its interval.".format(text, *ends)

    def _paid(self) -> str:
        paid, meant = int(self.brands["paid"].sum()), int(self.brands["meant"].sum())
        if not paid + meant:
            return f"Paid or meant: {NOT_ON_RECORD} of any brand."
        unstated = int(self.brands["unstated"].sum())
        return f"Interactions from consumers: {paid:,} paid for, {meant:,} meant, {unstated:,} not said."

    def _standing(self, names: NodeNames) -> list[str]:
        if not self.funnel.brands:
            return ["Brands of like size: cannot tell, no brand has enough bonds."]
        if not 0 < self.funnel.target < 1:
            return [f"Brands of like size: all bonds are {'positive' if self.funnel.target else 'not positive'}."]
        anyway = f", and by how much brands differ anyway ({self.funnel.dispersion:.3g} times the variance)"
        lines = [
            f"{self.funnel.target:.1%} of all bonds are positive. A brand stands out where its share is beyond what "
            f"chance does at its size{anyway if self.funnel.dispersion > 1 else ''}: outer limits, 99.8 %."
        ]
        for side, ascending in ((ABOVE, False), (BELOW, True)):
            here = self.brands[self.brands["standing"] == side].sort_values("z", ascending=ascending, kind="stable")
            first = [names.text(BRAND, brand) for brand in here["brand"].head(_NAMED)]
            listed = f": {', '.join(first)}{', …' if len(here) > _NAMED else ''}" if first else ""
            lines.append(f"{side.capitalize()} the limits: {count_text(len(here), 'brand')}{listed}.")
        return lines

    def ordered(self, by: str) -> BrandLeaderboard:
        """Return the same brands ordered by *by*, a name of ``ORDERS``.

        Raises:
            InputError: There is no such order.
        """
        if by not in ORDERS:
            message = f"by is {by!r}, must be a measure of brands"
            raise InputError(message, remedy=did_you_mean(by, ORDERS, f"use {', '.join(ORDERS)}"))
        frame = self.brands.sort_values([ORDERS[by], "consumers", "brand"], ascending=[False, False, True])
        frame = frame.assign(rank=np.arange(1, len(frame) + 1)).reset_index(drop=True)
        parts = (self.acts, self.consumers, self.funnel, self.unknown_kinds, self.digest)
        return BrandLeaderboard(self.as_of, self.policy, by, frame, *parts)

    def _figures(self) -> Mapping[str, object]:
        return {"brands": len(self.brands), "as of": self.as_of.isoformat(), "by": self.by}


def brand_leaderboard(
    interactions: Frame,
    *,
    as_of: Time | None = None,
    policy: FusionPolicy | None = None,
    by: str = LeaderboardParameters.by,
) -> BrandLeaderboard:
    """Return all brands side by side, in one pass over the interactions.

    Every estimate has a 95 % interval; below ten consumers there is none. Brands are ordered by the lower end of an
    interval, so that a brand of few consumers is not best by chance, and stand beside brands of like size
    (:mod:`influence_graph.analyses.brand.peers`).

    Args:
        interactions: Interaction records of all brands.
        as_of: Only what had happened and was known by then counts. Default: the latest time.
        policy: Parameters of the scores; default ``FusionPolicy()``.
        by: What to order by: ``"bond"``, ``"positive"``, ``"favorable"``, ``"voice"``, ``"meant"``, ``"sum"``,
            ``"consumers"``, ``"customers"`` or ``"interactions"``.

    Raises:
        InputError: There are no interactions, a column is missing or a value is out of its limits.

    Example:
        >>> import pandas as pd
        >>> events = pd.DataFrame({"event_id": ["1", "2"], "at": "2026-05-01T20:00:00Z", "consumer": ["ann", "bob"],
        ...                        "brand": ["hat", "hat"], "points": [3.0, -1.0]})
        >>> brand_leaderboard(events).brands[["brand", "consumers", "bond_sum", "standing"]].values.tolist()
        [['hat', 2, 2.0, 'cannot tell']]
    """
    table, policy = as_table(interactions), policy or FusionPolicy()
    ledger = read_ledger(table)
    moment = checked_as_of(as_of) or ledger.latest()
    if moment is None:
        raise InputError("there are no interactions", remedy="ingest some first")
    known = ledger.as_known_at(moment)
    points = points_of(known, policy, moment)
    frame, fan = _brands(known, points.meaning, bond_sums(known, policy, moment))
    acts = points.meaning.acts()
    consumers = int(np.unique(known.consumer.codes[acts]).size)
    unknown, digest = points.meaning.unknown, digest_of(table)
    board = BrandLeaderboard(moment, policy.to_dict(), by, frame, int(acts.sum()), consumers, fan, unknown, digest)
    return board.ordered(by)


_Bonds = tuple["NDArray[np.int32]", "NDArray[np.int32]", "NDArray[np.float64]"]


def _brands(known: Ledger, meaning: Meaning, bonds: _Bonds) -> tuple[pd.DataFrame, Funnel]:
    """Return one row per brand with a bond or an interaction, and the funnel of their positive shares."""
    brands = len(known.brand.names)
    _, of_bond, sums = bonds
    score = sums.sum(axis=1)
    bound = np.bincount(of_bond, minlength=brands).astype(np.float64)
    above, under = (np.bincount(of_bond, side, brands).astype(np.float64) for side in (score > 0, score < 0))
    columns: dict[str, Any] = _counts(known, meaning) | {
        "bonds": bound.astype(np.int64),
        "bond_sum": np.bincount(of_bond, score, brands),
    }
    estimates = {
        "mean_bond": student_each(score, of_bond, brands),
        "positive": wilson_each(above, bound),
        "negative": wilson_each(under, bound),
        **_judged(known, meaning),
    }
    for name in _ESTIMATES:
        columns |= dict(zip((name, f"{name}_low", f"{name}_high"), estimates[name], strict=True))
    fan = funnel(above, bound)
    columns["percentile"], columns["peers"] = percentiles(columns["mean_bond"], columns["consumers"].astype(float))
    columns["z"] = fan.scores(above, bound)
    columns["standing"] = standing(columns["z"]) if 0 < fan.target < 1 else np.full(brands, CANNOT_TELL, dtype=object)
    frame = pd.DataFrame({"brand": known.brand.names, **columns})
    frame.insert(1, "rank", 0)
    return frame[(bound > 0) | (columns["interactions"] + columns["received"] > 0)].reset_index(drop=True), fan


def _counts(known: Ledger, meaning: Meaning) -> dict[str, NDArray[np.int64]]:
    """Return what is counted of each brand."""
    brands, brand, consumer = len(known.brand.names), known.brand.codes, known.consumer.codes

    def people(rows: NDArray[np.bool_]) -> NDArray[np.int64]:
        pairs = np.unique(consumer[rows].astype(np.int64) * brands + brand[rows])
        return np.bincount(pairs % brands, minlength=brands)

    def events(rows: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(brand[rows], minlength=brands)

    given, bought = meaning.side == TO_BRAND, meaning.purchases()
    paid = np.full(len(known), np.nan) if known.paid is None else known.paid
    return {
        "consumers": people(np.ones(len(known), np.bool_)),
        "interactions": events(given),
        "received": events(~given),
        "acts": events(meaning.acts()),
        "customers": people(bought),
        "orders": events(bought),
        "paid": events(given & (paid == 1)),
        "meant": events(given & (paid == 0)),
        "unstated": events(given & np.isnan(paid)),
        "judged": events(given & meaning.known),
        "good": events(given & meaning.known & (meaning.valence > 0)),
        "bad": events(given & meaning.known & (meaning.valence < 0)),
    }


def _judged(known: Ledger, meaning: Meaning) -> dict[str, Columns]:
    """Return the shares of interactions from consumers: favorable, unfavorable, of all, and meant."""
    given = meaning.side == TO_BRAND
    judged = given & meaning.known
    paid = np.full(len(known), np.nan) if known.paid is None else known.paid
    stated = given & ~np.isnan(paid)
    acts = meaning.acts()
    consumer, brand, count = _pairs(known, acts, acts)
    return {
        "favorable": _share(known, judged, meaning.valence > 0),
        "unfavorable": _share(known, judged, meaning.valence < 0),
        "share_of_voice": parts_of_all(count, consumer, brand, len(known.brand.names)),
        "meant_share": _share(known, stated, paid == 0),
    }


def _share(known: Ledger, rows: NDArray[np.bool_], meant: NDArray[np.bool_]) -> Columns:
    """Return the share of *rows* of each brand that are *meant*."""
    _, brand, count = _pairs(known, rows, rows)
    _, _, total = _pairs(known, rows, meant)
    return clustered_each(total, count, brand, len(known.brand.names))


def _pairs(
    known: Ledger, rows: NDArray[np.bool_], counted: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return consumer and brand of each pair in *rows*, and how many of its rows are *counted*."""
    brands = max(len(known.brand.names), 1)
    key = known.consumer.codes[rows].astype(np.int64) * brands + known.brand.codes[rows]
    pair, place = np.unique(key, return_inverse=True)
    return pair // brands, pair % brands, np.bincount(place, counted[rows], pair.size).astype(np.float64)


def texts_of(brands: pd.DataFrame, measure: str) -> list[str]:
    """Return *measure* of each row of ``BrandLeaderboard.brands`` with its interval, or why it is not known.

    Args:
        brands: Rows of the leaderboard.
        measure: An estimate: ``mean_bond``, ``positive``, ``negative``, ``favorable``, ``unfavorable``,
            ``share_of_voice`` or ``meant_share``.
    """
    recorded = brands[list(_RECORDED[measure])].sum(axis=1) > 0
    form = "+" if measure == "mean_bond" else "{:.1%}"
    ends = [brands[f"{measure}{end}"].tolist() for end in ("", "_low", "_high")]
    texts = []
    for known, value, low, high in zip(recorded.tolist(), *ends, strict=True):
        if pd.isna(value):
            texts.append(_TOO_FEW if known else NOT_ON_RECORD)
        else:
            texts.append(f"{number_text(value, form)} ({number_text(low, form)} to {number_text(high, form)})")
    return texts


def _text(measure: str, value: float) -> str:
    form = "+" if measure in ("mean_bond", "bond_sum") else "{:,.0f}" if measure in ORDERS.values() else "{:.1%}"
    return number_text(float(value), form)
