"""The plots of Fusion Scores: many bonds, and one over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from influence_graph.model.names import BRAND
from influence_graph.model.results import SCORE
from influence_graph.reports.charts.parts import (
    FULL,
    HALF,
    ROW,
    axis_title,
    by_sign,
    category,
    first_bars,
    padded_scale,
    plot_of,
    time_axis,
    wall_times,
    zero_line,
)
from influence_graph.reports.plots import Plot
from influence_graph.reports.theme import GAIN, GROUND, WIDE_ONLY
from influence_graph.reports.words import (
    date_text,
    display_name,
    distinct_labels,
    integer_text,
    kind_text,
    printable,
    signed,
)
from influence_graph.text import count_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from influence_graph.model.names import NodeNames

_BINS = 41
_TERMS_DRAWN = 12
_LINE_WIDTH, _LINE_HEIGHT = FULL - 90, 260
_LETTER, _LABEL_HEIGHT = 7.0, 18.0  # px that a label takes per letter, and from line to line
_NOTED = 6  # events named under the line
_CENTRAL = (0.005, 0.995)
_AXIS = axis_title(SCORE, "fusion_score")


def bond_bars(frame: pd.DataFrame, title: str, axis: str = _AXIS, digits: int = 2) -> Plot:
    """Return bars of ``fusion_score`` to both sides of zero, one per ``shown`` bond; at least one row."""
    bars_shown, more = first_bars(frame)
    drawn = bars_shown[["shown", "fusion_score"]].assign(
        text=[signed(each, digits) for each in bars_shown["fusion_score"]]
    )
    scale = padded_scale(drawn["fusion_score"])
    base = alt.Chart(drawn).encode(
        y=category(), x=alt.X("fusion_score:Q", title=axis, scale=scale, axis=alt.Axis(tickCount=6))
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.66}).encode(color=by_sign("fusion_score"))
    right = base.transform_filter("datum.fusion_score >= 0").mark_text(align="left", dx=6).encode(text="text:N")
    left = base.transform_filter("datum.fusion_score < 0").mark_text(align="right", dx=-6).encode(text="text:N")
    chart = (bars + zero_line("x") + right + left).properties(width=FULL - 330, height=ROW * len(drawn))
    first = f"{drawn['shown'].iloc[0]} at {drawn['text'].iloc[0]}"
    return plot_of(chart, f"Bars of Fusion Scores, {title.lower()}; the first is {first}.", title, more)


def distribution(scores: Sequence[float] | np.ndarray[Any, Any], width: int = HALF, height: int = 230) -> Plot:
    """Return a histogram of *scores* (points); the outer bins count those beyond the central 99 %."""
    values = np.asarray(scores, np.float64)
    low, high = np.quantile(values, _CENTRAL)
    low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
    counts, edges = np.histogram(np.clip(values, low, high), _BINS, (low, high))
    frame = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "bonds": counts})
    frame["middle"] = (frame["from"] + frame["to"]) / 2
    bars = (
        alt.Chart(frame[frame["bonds"] > 0])
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title=_AXIS),
            x2="to:Q",
            y=alt.Y(
                "bonds:Q", title="bonds (square-root scale)", scale=alt.Scale(type="sqrt"), axis=alt.Axis(tickCount=5)
            ),
            color=by_sign("middle"),
        )
    )
    clipped = bool(((values < low) | (values > high)).any())
    summary = _distribution_text(values) + (" The outer bars count all beyond the central 99 %." if clipped else "")
    chart = (bars + zero_line("x")).properties(width=width, height=height)
    return plot_of(chart, f"Histogram of Fusion Scores: {summary}", "Distribution of bonds", summary)


def _distribution_text(values: np.ndarray[Any, Any]) -> str:
    below, low, high = int((values < 0).sum()), signed(values.min(), 2), signed(values.max(), 2)
    bonds = count_text(values.size, "bond")
    return f"{bonds}, {integer_text(below)} of them below zero, from {low} to {high}."


def score_line(series: pd.DataFrame) -> Plot:
    """Return a score over time, its events marked and named.

    Args:
        series: at, score, event_id, label, in any order of time; straight lines join the rows, so that a step has two
            of the same time. Rows with an event are marked, and named by their label where there is room.
    """
    ordered = series.sort_values("at", kind="stable").reset_index(drop=True)
    marked = ordered["event_id"].fillna("").astype(str).to_numpy() != ""
    texts = [
        printable(text, 60) if mark else "" for text, mark in zip(ordered["label"].fillna(""), marked, strict=True)
    ]
    frame = ordered[["score"]].assign(at=wall_times(ordered["at"]), label=texts, place=range(len(ordered)))
    frame = frame.assign(side=_label_sides(ordered, texts), falls=(ordered["score"].diff() < 0).tolist())
    base = alt.Chart(frame).encode(
        x=time_axis(ordered["at"], padding=30),
        y=alt.Y("score:Q", title=_AXIS, scale=alt.Scale(zero=True, padding=24), axis=alt.Axis(tickCount=5)),
    )
    line = base.mark_line(strokeWidth=2.5, color=GAIN, strokeJoin="round").encode(order=alt.Order("place:Q"))
    events = base.transform_filter("datum.label != ''")
    dots = events.mark_circle(size=110, opacity=1, stroke=GROUND, strokeWidth=2).encode(color=by_sign("score"))
    labels = [
        base.transform_filter(f"datum.side == '{align}' && datum.falls == {str(falls).lower()}")
        .mark_text(align=align, dx=dx, dy=18 if falls else -12)  # on the side to which the line does not fade
        .encode(text="label:N")
        .properties(name=f"{WIDE_ONLY}-{align}-{falls}")
        for align, dx in (("left", 9), ("right", -9))
        for falls in (False, True)
    ]
    chart = alt.layer(zero_line("y"), line, dots, *labels).properties(width=_LINE_WIDTH, height=_LINE_HEIGHT)
    shown = ordered[marked]
    scores = ", ".join(f"{signed(s)} on {date_text(t)}" for s, t in zip(shown["score"], shown["at"], strict=True))
    alt_text = f"Line of the Fusion Score over time: {scores or 'no events'}."
    return plot_of(chart, alt_text, "Score over time", _event_note(shown))


def _event_note(shown: pd.DataFrame) -> str:
    """Return the named events with their days, the first few."""
    names = [
        f"{date_text(at)} {printable(label, 60)}"
        for at, label in zip(shown["at"], shown["label"], strict=True)
        if label
    ]
    more = len(names) - _NOTED
    rest = f"; {more} more" if more > 0 else ""
    return f"{'; '.join(names[:_NOTED])}{rest}." if names else ""


def _label_sides(ordered: pd.DataFrame, texts: list[str]) -> list[str]:
    """Return on which side of its dot each text stands, "" where it would cover another: first come, first served."""
    at = ordered["at"].astype("int64").to_numpy(np.float64)
    score = ordered["score"].to_numpy(np.float64)
    across, up = _LINE_WIDTH / (np.ptp(at) or 1.0), _LINE_HEIGHT / (np.ptp(np.append(score, 0.0)) or 1.0)
    sides = [""] * len(texts)
    taken: list[tuple[float, float, float]] = []
    for row in sorted(range(len(texts)), key=lambda row: -abs(score[row] - score[row - 1])):
        x, y, width = (at[row] - at.min()) * across, score[row] * up, len(texts[row]) * _LETTER
        side = "left" if x + width < _LINE_WIDTH else "right"
        low, high = (x, x + width) if side == "left" else (x - width, x)
        if (
            texts[row]
            and low > -_LETTER
            and all(high < left or low > right or abs(y - other) > _LABEL_HEIGHT for left, right, other in taken)
        ):
            sides[row] = side
            taken.append((low, high, y))
    return sides


def score_terms(terms: pd.DataFrame, score: float, names: NodeNames) -> Plot:
    """Return the largest *terms* of a score in their order, the sum of the others as one, and the score.

    Args:
        terms: One row per term: event_id, at, kind, term, via and contribution; at least one.
        score: Their sum.
        names: Display names of brands.
    """
    return waterfall(_largest(terms, "contribution", names), score)


def change_terms(terms: pd.DataFrame, start: float, end: float, names: NodeNames) -> Plot:
    """Return the score at the start, the largest changes of its terms, and the score at the end.

    Args:
        terms: One row per term: event_id, at, kind, term, via, reason and change; at least one.
        start: The score before.
        end: The score after.
        names: Display names of brands.
    """
    bars = _largest(terms[terms["change"] != 0], "change", names)
    return waterfall(bars, end, start)


def _largest(terms: pd.DataFrame, column: str, names: NodeNames) -> pd.DataFrame:
    """Return ``shown`` and ``contribution`` (from *column*) of the largest terms, and of all others together."""
    rows = terms.reset_index(drop=True)
    drawn = rows.loc[sorted(rows[column].abs().nlargest(_TERMS_DRAWN).index)]
    labels = distinct_labels([term_label(row, names) for row in drawn.to_dict("records")], list(drawn["event_id"]))
    parts = drawn[column].tolist()
    others = rows[column].drop(drawn.index)
    if len(others):
        labels, parts = [*labels, f"{len(others)} smaller terms"], [*parts, others.sum()]
    return pd.DataFrame({"shown": labels, "contribution": np.array(parts, np.float64)})


def term_label(term: Mapping[Any, Any], names: NodeNames) -> str:
    """Return the day and the kind of a term, by which brand it came, and why it changed where that is stated."""
    via = f" via {display_name(names, BRAND, term['via'], 20)}" if term["via"] else ""
    returned = ", in return" if term["term"] == "returned" else ""
    reason = f": {term['reason']}" if term.get("reason") else ""
    return f"{date_text(term['at'])} {kind_text(term['kind'])}{returned}{via}{reason}"


def waterfall(contributions: pd.DataFrame, score: float, start: float | None = None) -> Plot:
    """Return each ``contribution`` (``shown`` name) as a bar from the sum before to the sum after, then the score.

    With *start*, a score before, the first bar is that score: the bars are what changed it.
    """
    frame = _steps(contributions, score, start)
    scale = padded_scale(frame[["before", "after"]].to_numpy())
    base = alt.Chart(frame).encode(y=category())
    bars = base.mark_bar(cornerRadius=2, height={"band": 0.6}).encode(
        x=alt.X("before:Q", title=_AXIS, scale=scale, axis=alt.Axis(tickCount=6)),
        x2="after:Q",
        color=by_sign("step", "datum.total"),
    )
    numbers = base.mark_text(align="left", dx=6).encode(x="right:Q", text="text:N")
    chart = (zero_line("x") + bars + numbers).properties(width=FULL - 330, height=max(3, len(frame)) * 30)
    parts = frame[~frame["total"]]
    terms = ", ".join(f"{name} {text}" for name, text in zip(parts["shown"], parts["text"], strict=True))
    if start is None:
        return plot_of(chart, f"Waterfall of terms: {terms}; together {signed(score)}.", "Terms of the score")
    said = f"Waterfall of changes: from {signed(start)}, {terms or 'nothing'}, to {signed(score)}."
    return plot_of(chart, said, "What changed the score")


def _steps(contributions: pd.DataFrame, score: float, start: float | None) -> pd.DataFrame:
    """Return one bar per term and one for their sum, and one for the sum before where there is one."""
    steps = contributions["contribution"].to_numpy(np.float64)
    after = (start or 0.0) + np.cumsum(steps)
    first = [] if start is None else [start]
    frame = pd.DataFrame(
        {
            "shown": [*(["score before"] * len(first)), *contributions["shown"], "score after" if first else "score"],
            "before": [*(0.0 for _ in first), *(after - steps), 0.0],
            "after": [*first, *after, score],
            "step": [*first, *steps, score],
            "text": [*map(signed, first), *(signed(step) for step in steps), signed(score)],
            "total": [*(True for _ in first), *(False for _ in steps), True],
        }
    )
    frame["right"] = frame[["before", "after"]].max(axis=1)
    return frame
