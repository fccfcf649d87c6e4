"""Campaigns on the pages of a brand and of a bond: what happened around them, and their lift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.reports.pages.parts import Section, Table
from influence_graph.reports.words import NONE, date_text, integer_text, kind_text, printable, signed
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_CALCULATED = (
    "Their lift is not kept yet: run `influence-graph lift all --write`. Pages of an earlier time show none."
)
_COUNTED = "Before and after: interactions within a week."
_OPEN, _LISTED = 12, 6  # rows that a table shows without a click; campaigns of a bond that are listed


def campaigns(frame: pd.DataFrame | None) -> Section | None:
    """Return the campaigns of a brand, None where there are none.

    Args:
        frame: As ``app/views/campaigns.py`` returns them, with interactions.
    """
    if frame is None or frame.empty:
        return None
    told = "status" in frame
    columns = ["day", "campaign", "id", "before", "after"]
    columns += ["lift (95 %)", "in %", "p", "what is told"] if told else []
    rows = [_row(row, told) for row in frame.to_dict("records")]
    numbers = frozenset(range(3, 8 if told else 5))
    table = Table("Campaigns", columns, rows, numbers, folded=len(rows) > _OPEN)
    text = f"{_about(frame) if told else NOT_CALCULATED} {_COUNTED}"
    return Section("campaigns", "Campaigns", text, [], [table])


def campaign_lines(frame: pd.DataFrame | None) -> list[str]:
    """Return a line per campaign in *frame*, the latest ones, with its lift where a run of lift is kept."""
    if frame is None or frame.empty:
        return []
    lines = [_line(row) for row in frame.tail(_LISTED).to_dict("records")]
    more = len(frame) - _LISTED
    lines += [f"{more:,} more before these."] if more > 0 else []
    return lines if "status" in frame else [*lines, NOT_CALCULATED]


def _about(frame: pd.DataFrame) -> str:
    known = frame.dropna(subset=["status"])
    if known.empty:
        return "None of these was there yet when lift was calculated: `influence-graph recompute`."
    one = known.iloc[-1]
    outcome = printable(one["outcome"]).replace("_", " ")
    tested = int(known["p"].notna().sum())
    chance = f" Of {tested:,} tested, about {0.05 * tested:.2g} would look clear by chance." if tested > 1 else ""
    return f"Lift is how much higher {outcome} were over {one['days']:,.0f} days than without the campaign.{chance}"


def _row(row: Mapping[Any, Any], told: bool) -> list[str]:
    start = [date_text(row["at"]), _called(row), printable(row["campaign"], 40)]
    counts = [integer_text(row[name]) for name in ("before", "after")]
    return [*start, *counts, *(_told(row) if told else [])]


def _told(row: Mapping[Any, Any]) -> list[str]:
    if pd.isna(row["status"]):
        return [NONE, NONE, NONE, "later than the run of lift"]
    if pd.isna(row["lift"]):
        return [NONE, NONE, NONE, f"{row['status']}: {printable(row['reason'])}"]
    percent = NONE if pd.isna(row["relative"]) else signed(row["relative"], 1)
    return [_lift(row), percent, _p(row["p"]), f"{row['status']}{_began(row)}{_others(row)}"]


def _line(row: Mapping[Any, Any]) -> str:
    text = f"{_called(row)} on {date_text(row['at'])}"
    if pd.isna(row.get("status")):
        return f"{text}."
    if pd.isna(row["lift"]):
        return f"{text}: {row['status']}, {printable(row['reason'])}."
    percent = "" if pd.isna(row["relative"]) else f", {signed(row['relative'], 1)} %"
    over = f"{printable(row['outcome']).replace('_', ' ')} over {row['days']:,.0f} days"
    return f"{text}: {_lift(row)} {over}{percent}; p = {_p(row['p'])}: {row['status']}{_began(row)}{_others(row)}."


def _called(row: Mapping[Any, Any]) -> str:
    return "campaign" if pd.isna(row["kind"]) else kind_text(row["kind"])


def _lift(row: Mapping[Any, Any]) -> str:
    """Return the lift with its interval; an end that cannot be told is left open."""
    low, high = ("not known" if pd.isna(row[end]) else signed(row[end], 1) for end in ("low", "high"))
    return f"{signed(row['lift'], 1)} ({low} to {high})"


def _p(value: float) -> str:
    return NONE if pd.isna(value) else f"{value:.2g}"


def _others(row: Mapping[Any, Any]) -> str:
    """Return that other campaigns were there, too."""
    many = int(row["others"])
    return f"; with {count_text(many, 'other campaign')} in these days, not told apart" if many else ""


def _began(row: Mapping[Any, Any]) -> str:
    return "" if pd.isna(row["lag"]) else f", from day {row['lag']:.0f} on"
