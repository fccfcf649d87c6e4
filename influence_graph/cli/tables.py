"""Results with many columns, as tables that a terminal of 80 columns has room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.text import NOT_ON_RECORD, cut

if TYPE_CHECKING:
    from influence_graph.model.runs import Run

_PARAMETERS, _DETAILS = 70, 80  # characters
_TOO_FEW = "too few"
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


def runs(kept: Iterable[Run]) -> pd.DataFrame:
    """Return one row per run: its id, which holds kind and time, its status, and what was requested."""
    rows = [(run.id, run.status, _requested(run.parameters)) for run in kept]
    return pd.DataFrame(rows, columns=["id", "status", "parameters"])


def _requested(parameters: Mapping[str, Any]) -> str:
    shown = {name: f"{value:.3g}" if isinstance(value, float) else value for name, value in parameters.items()}
    given = [f"{name}={value}" for name, value in shown.items() if value not in (None, "", [], {})]
    return cut(" ".join(given), _PARAMETERS)
