"""Sales records of one brand as daily values per segment: what cannot be added up is refused, nothing is filled in."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from influence_graph.analyses.lift.daily import Daily, days_of, read_daily
from influence_graph.errors import InputError, NotFound
from influence_graph.model.frames import as_frame
from influence_graph.model.ids import id_text
from influence_graph.text import count_text, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from influence_graph.model.frames import Frame

    Span = tuple[date, date]

_SHOWN = 10  # segments that a note or a remedy names
_ROWS = ("brand", "date", "value", "segment")


def daily_sales(frame: Frame, *, segments: Iterable[str] | str | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Return the daily sales of one brand as a panel of its segments, and what there is to say about them.

    The panel has the dates that most segments have, of several equally frequent spans the longest. Segments that begin
    later or end earlier are left out of it; of those that begin earlier or end later the further days are.

    Args:
        frame: Sales records of one brand, of any library and in any order: date, value and, unless there are none,
            segment; "" or nothing where the row is of no segment.
        segments: Which to take, "" for the rows without one; None: all.

    Returns:
        unit (the segment, "" for none), date and value, ordered by unit and date; and notes, a sentence each.

    Raises:
        InputError: There are no rows, or they are of several brands; some have a segment and some have none; a segment
            has two rows on a day, or none on one between its first and its last; a date or value is missing or none.
        NotFound: One of *segments* has no sales.

    Example:
        >>> days = ["2026-05-01", "2026-05-02"]
        >>> panel, notes = daily_sales({"date": days, "value": [7, -2], "segment": ["north", "north"]})
        >>> panel["value"].tolist(), notes
        ([7.0, -2.0], ['1 day of a segment is below zero, the least -2: returns lower the sum.'])
    """
    sales = _chosen(_read(frame), segments)
    _require_one_way(sales["unit"])
    series = {str(unit): _series(str(unit), rows) for unit, rows in sales.groupby("unit", sort=True)}
    span = _common({unit: (each.first, each.last) for unit, each in series.items()})
    inside = {unit: each for unit, each in series.items() if each.first <= span[0] and each.last >= span[1]}
    panel = pd.concat([_rows(unit, each, span) for unit, each in inside.items()], ignore_index=True)
    return panel, [*_negative(panel), *_spans(series, inside, span)]


def _read(frame: Frame) -> pd.DataFrame:
    """Return the columns unit, date and value of all rows."""
    given = as_frame(frame, "sales", _ROWS, ("date", "value"))
    if not len(given):
        raise InputError("the sales have no rows", remedy="give the sales records of a brand")
    if "brand" in given and given["brand"].nunique(dropna=False) > 1:
        brands = [str(brand) for brand in given["brand"].unique()]
        message = f"the sales are of {len(brands)} brands, such as {brands[0]!r} and {brands[1]!r}"
        raise InputError(message, remedy="give those of one")
    units = given["segment"].astype(object) if "segment" in given else pd.Series("", given.index)
    texts = {value: _unit(value) for value in units.dropna().unique()}
    columns = {
        "unit": [texts.get(value, "") for value in units],
        "date": days_of(given["date"], "date"),
        "value": given["value"],
    }
    return pd.DataFrame(columns)


def _unit(segment: object) -> str:
    return "" if isinstance(segment, str) and not segment.strip() else id_text(segment)


def _chosen(sales: pd.DataFrame, segments: Iterable[str] | str | None) -> pd.DataFrame:
    if segments is None:
        return sales
    wanted = [_unit(each) for each in ([segments] if isinstance(segments, str) else segments)]
    if not wanted:
        raise InputError("no segment is named", remedy="name one or more, or leave out segments for all")
    known = sales["unit"].unique()
    for unit in wanted:
        if unit not in known:
            named = [each for each in known if each]
            otherwise = f"the segments are {_listed(named)}" if named else "its sales have no segment: leave it out"
            message = f"there are no sales of the segment {unit!r}" if unit else "there are no sales without a segment"
            raise NotFound(message, remedy=did_you_mean(unit, named, otherwise))
    return sales[sales["unit"].isin(wanted)]


def _require_one_way(units: pd.Series) -> None:
    """Refuse totals beside their parts."""
    without = int((units == "").sum())
    if 0 < without < len(units):
        named = len(units) - without
        beside = f"{count_text(without, 'row')} without a segment beside {named:,} with one"
        message = f"the sales have {beside}: what was sold would count twice"
        raise InputError(message, remedy="keep either: name the segments to take, '' for the rows without one")


def _series(unit: str, rows: pd.DataFrame) -> Daily:
    """Return the sales of one segment, each of its days once."""
    try:
        return read_daily(rows)
    except InputError as error:
        if not unit:
            raise
        raise InputError(f"the segment {unit!r}: {error.message}", remedy=error.remedy) from error


def _common(spans: dict[str, Span]) -> Span:
    """Return the first and last day that most segments have, of equally many the longest, then the earliest."""
    counted = Counter(spans.values())
    return max(counted, key=lambda span: (counted[span], span[1] - span[0], -span[0].toordinal()))


def _rows(unit: str, series: Daily, span: Span) -> pd.DataFrame:
    first, days = (span[0] - series.first).days, (span[1] - span[0]).days + 1
    dates = np.datetime64(span[0], "D") + np.arange(days)
    values = series.values[first : first + days]
    return pd.DataFrame({"unit": unit, "date": dates.astype("datetime64[s]"), "value": values})


def _negative(panel: pd.DataFrame) -> list[str]:
    below = panel["value"][panel["value"] < 0]
    if below.empty:
        return []
    one, several = ("day of a segment", "days of segments") if panel["unit"].iloc[0] else ("day", "days")
    verb = "is" if len(below) == 1 else "are"
    counted = count_text(len(below), one, several)
    return [f"{counted} {verb} below zero, the least {below.min():g}: returns lower the sum."]


def _spans(series: dict[str, Daily], inside: dict[str, Daily], span: Span) -> list[str]:
    """Return what is said about segments of other days than *span*."""
    first, last = span
    short = [unit for unit in series if unit not in inside]
    long = [unit for unit, each in inside.items() if (each.first, each.last) != span]
    notes = []
    if short:
        verb = "begins" if len(short) == 1 else "begin"
        late = f"{verb} after {first} or {verb.replace('begin', 'end')} before {last}"
        notes.append(f"{count_text(len(short), 'segment')} {late}, left out: {_listed(short)}.")
    if long:
        what = f"Days of {count_text(len(long), 'segment')} before {first} or after {last}"
        notes.append(f"{what} are left out, others have none: {_listed(long)}.")
    return notes


def _listed(units: Sequence[str]) -> str:
    shown = ", ".join(map(repr, units[:_SHOWN]))
    return shown if len(units) <= _SHOWN else f"{shown} and {len(units) - _SHOWN:,} more"
