"""Results with many columns, as tables that a terminal of 80 columns has room for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from influence_graph.analyses.influencers.result import AHEAD, NONE, ONE, OTHER, UNTESTED
from influence_graph.model.runs import ASKED, Run
from influence_graph.text import NOT_ON_RECORD, count_text, cut

_PARAMETERS, _DETAILS = 70, 80  # characters
_WHOLE = 100.0  # from which on a lift has no decimals
_TOO_FEW = "too few"
_ENDS = ("", "_low", "_high")
_HALF_ENDS = ("_days", "_low", "_high")
_LIFT_NUMBERS = ("lift", "low", "high", "relative", "p", "lag", "lag_low", "lag_high")
_FELL = {
    OTHER: "would be found but for another who had reached the same people before",
    AHEAD: "are ahead of a trend: people who cannot see them took up the same soon after, too",
    ONE: "would be found but for a single follower or item",
    NONE: "tested, and no more came after them than after comparable people",
}
_TOO_FEW_EXPECTED = r"^.* adoptions are expected, (\S+) are needed$"
_MISSING = {
    "reciprocity": NOT_ON_RECORD,
    "influencer": NOT_ON_RECORD,
    "value": NOT_ON_RECORD,
    **dict.fromkeys(("mean", "share", "lift", "low", "high"), _TOO_FEW),
}
"""What a table says in the columns of bonds and brands where there is no figure."""


def without_empty_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* without columns of names that nobody has."""
    return frame.drop(columns=[name for name in frame.columns if _is_name(name) and frame[name].isna().all()])


def with_reasons(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame*, rows of bonds or of a brand, with words where there is no figure."""
    missing = [name for name in _MISSING if name in frame and frame[name].isna().any()]
    return frame.assign(
        **{name: frame[name].astype(object).where(frame[name].notna(), _MISSING[name]) for name in missing}
    )


def plan(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame*, the steps of a plan, as a tree: each step stands further in than the one that takes its rows."""
    if "depth" not in frame:
        return frame
    indented = [f"{'  ' * depth}{name}" for depth, name in zip(frame["depth"], frame["operator"], strict=True)]
    details = [cut(text, _DETAILS) for text in frame["details"]]
    return frame.assign(operator=indented, details=details).drop(columns="depth")


def _is_name(column: str) -> bool:
    return column == "name" or column.endswith("_name")


def evaluation(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each method's figures with their 95 % intervals; the differences to the baseline stay in *frame*."""

    def intervals(name: str) -> list[str]:
        ends = [frame[column] for column in (name, f"{name}_low", f"{name}_high")]
        form = f".{_digits(ends[0])}f"
        return [
            "" if value != value else f"{value:{form}} [{low:{form}},{high:{form}}]"  # noqa: PLR0124 - NaN: no ranking
            for value, low, high in zip(*ends, strict=True)
        ]

    figures = {name: intervals(name) for name in ("log_likelihood", "auc", "rmse")}
    pairs = zip(frame["method"], frame["prior"], strict=True)
    methods = [method if prior == "none" else f"{method}/{prior}" for method, prior in pairs]
    return pd.DataFrame({"method/prior": methods, **figures})


def _digits(values: pd.Series) -> int:
    """Return the fewest decimals (from 100 on none, else at least 2) with which *values* that differ look different.

    Values that are equal in six digits count as equal.
    """
    different = {float(f"{value:.6g}") for value in values.dropna()}
    least = 0 if values.abs().max() >= 100 else 2
    return next((n for n in range(least, 9) if len({f"{value:.{n}f}" for value in different}) == len(different)), 9)


def influencers(found: pd.DataFrame, rivals: Mapping[str, str]) -> pd.DataFrame:
    """Return those *found* with what belongs together in one column; *rivals*: how each of those is called."""
    half = [_half_life(*each) for each in zip(*(found[f"half_life{end}"] for end in _HALF_ENDS), strict=True)]
    either = [
        ", ".join(rivals.get(id_, id_) for id_ in text.split("|")) if isinstance(text, str) else ""
        for text in found["rivals"]
    ]
    columns = {
        **{name: found[name] for name in ("id", "style")},
        **{name: [f"{value:.2g}" for value in found[name]] for name in ("p", "q")},
        "caused": [_interval(*each) for each in zip(*(found[f"caused{end}"] for end in _ENDS), strict=True)],
        **{name: found[name] for name in ("audience", "items")},
        "Γ*": [f"{value:.2f}" for value in found["gamma"]],
        "half-life": half,
        "or is it": either,
        **({"took it up after": found["took_it_up_after"]} if "took_it_up_after" in found else {}),
    }
    return pd.DataFrame(columns)


def everybody(result: pd.DataFrame) -> pd.DataFrame:
    """Return what is said of each of the people in the rows of *result*, and why."""
    return result[["id", "status", "reason", "style", "p", "q", "audience", "items"]]


def reasons(result: pd.DataFrame, most: int) -> list[str]:
    """Return in lines how many of the people in the rows of *result* were not found for which reason.

    Args:
        result: Columns status and reason.
        most: Reasons of those who cannot be tested that are shown.
    """
    counts = result["status"].value_counts()
    lines = [f"{counts[status]:,} {text}" for status, text in _FELL.items() if status in counts]
    untested = result.loc[result["status"] == UNTESTED, "reason"]
    why = untested.str.replace(_TOO_FEW_EXPECTED, r"fewer than \1 adoptions are expected", regex=True).value_counts()
    if len(why):
        shown = [f"{count:,}: {reason}" for reason, count in why.head(most).items()]
        rest = int(why.iloc[most:].sum())
        more = [f"{rest:,}: other reasons (--all shows them)"] if rest else []
        lines.append(f"cannot be tested: {'; '.join([*shown, *more])}")
    return lines


def lifts(found: pd.DataFrame) -> pd.DataFrame:
    """Return the lifts *found* of campaigns with what belongs together in one column."""
    named = [
        id_ if pd.isna(kind) else f"{kind} {id_}" for kind, id_ in zip(found["kind"], found["campaign"], strict=True)
    ]
    known = found.astype(dict.fromkeys(_LIFT_NUMBERS, float))
    ends = [known[name] for name in ("lift", "low", "high")]
    percent, lags = known["relative"], [known[f"lag{end}"] for end in _ENDS]
    return pd.DataFrame(
        {
            "campaign": named,
            "brand": found["brand"],
            "day": found["day"],
            "lift": [_lift(*each) for each in zip(*ends, strict=True)],
            "%": ["" if math.isnan(value) else f"{value:+.3g}" for value in percent],
            "p": ["" if math.isnan(value) else f"{value:.2g}" for value in known["p"]],
            "status": [
                f"{status}, with {count_text(others, 'other')}" if others else status
                for status, others in zip(found["status"], found["others"], strict=True)
            ],
            "began": [_began(*each) for each in zip(*lags, strict=True)],
        }
    )


def _lift(value: float, low: float, high: float) -> str:
    """Return the lift with its interval, whose ends may lie beyond what can be told."""
    if math.isnan(value):
        return ""
    shown = [
        "?" if math.isnan(each) else f"{each:+,.0f}" if abs(each) >= _WHOLE else f"{each:+.3g}"
        for each in (value, low, high)
    ]
    return f"{shown[0]} [{shown[1]} to {shown[2]}]"


def _began(day: float, first: float, last: float) -> str:
    return "" if math.isnan(day) else f"day {day:.0f} [{first:.0f} to {last:.0f}]"


def _interval(value: float, low: float, high: float) -> str:
    return f"{value:,.0f} [{low:,.0f} to {high:,.0f}]"


def _half_life(days: float, low: float, high: float) -> str:
    """Return the half-life; where the records are too short for an upper end, at least its low one."""
    if math.isnan(days):
        return "not known"
    return f"at least {low:,.0f} d" if math.isinf(high) else f"{days:,.0f} d [{low:,.0f} to {high:,.0f}]"


def runs(kept: Iterable[Run]) -> pd.DataFrame:
    """Return one row per run: its id, which holds kind and time, its status, and what was requested."""
    rows = [(run.id, run.status, _requested(run.parameters)) for run in kept]
    return pd.DataFrame(rows, columns=["id", "status", "parameters"])


def _requested(parameters: Mapping[str, Any]) -> str:
    shown = {name: f"{value:.3g}" if isinstance(value, float) else value for name, value in parameters.items()}
    given = [f"{name}={value}" for name, value in shown.items() if name != ASKED and value not in (None, "", [], {})]
    return cut(" ".join(given), _PARAMETERS)
