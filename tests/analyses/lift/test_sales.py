"""Sales of a brand become a panel of its segments, or are refused in one line; nothing is filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from influence_graph.analyses.lift.sales import daily_sales
from influence_graph.analyses.lift.unit_days import unit_days
from influence_graph.errors import InputError, NotFound
from influence_graph.model.records import SALES
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import batch, rows


def sold(segment, first: str, *values: float) -> pd.DataFrame:
    days = pd.date_range(first, periods=len(values)).date
    return pd.DataFrame({"date": days, "value": values, "segment": segment})


def joined(*parts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


NORTH, SOUTH = sold("north", "2026-05-01", 1, 2, 3), sold("south", "2026-05-01", 4, 5, 6)
BOTH = joined(NORTH, SOUTH)


@pytest.mark.parametrize(
    "frame",
    [
        BOTH,
        BOTH.iloc[::-1],
        BOTH.assign(segment=BOTH["segment"].astype("category"), date=BOTH["date"].astype(str)),
        pl.DataFrame(BOTH),
        pa.Table.from_pandas(BOTH),
        BOTH.to_dict("records"),
        BOTH.assign(brand="acme", color="red"),
    ],
)
def test_each_segment_is_a_unit(frame):
    panel, notes = daily_sales(frame)
    assert notes == []
    assert panel["unit"].tolist() == ["north"] * 3 + ["south"] * 3
    assert panel["value"].tolist() == [1, 2, 3, 4, 5, 6]
    assert panel["date"].dt.date.tolist() == [date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)] * 2
    assert unit_days(panel).values.tolist() == [[1, 4], [2, 5], [3, 6]]


@pytest.mark.parametrize("segment", ["", None, float("nan"), " "])
def test_rows_without_a_segment_are_one_unit(segment):
    assert daily_sales(sold(segment, "2026-05-01", 1, 2))[0]["unit"].tolist() == ["", ""]
    assert daily_sales({"date": ["2026-05-01"], "value": [1]})[0]["unit"].tolist() == [""]


def test_numbers_of_segments_are_their_text():
    panel, _ = daily_sales(joined(sold(1, "2026-05-01", 1), sold(2, "2026-05-01", 2)), segments=["2"])
    assert panel[["unit", "value"]].values.tolist() == [["2", 2.0]]


def test_the_records_of_a_store_are_read(tmp_path):
    store = EmbeddedStore(tmp_path / "store")
    days = [{"brand": "acme", "date": date(2026, 5, 1 + day), "value": float(day)} for day in range(3)]
    store.append(SALES, [batch(SALES, *({**day, "segment": "north"} for day in days))])
    assert daily_sales(rows(store, SALES))[0]["value"].tolist() == [0, 1, 2]


def test_named_segments_alone_are_taken_and_totals_by_their_empty_name():
    both = joined(BOTH, sold("", "2026-05-01", 5, 7, 9))
    assert set(daily_sales(both, segments="north")[0]["unit"]) == {"north"}
    assert set(daily_sales(both, segments=["south", "north", "south"])[0]["unit"]) == {"north", "south"}
    assert daily_sales(both, segments="")[0]["value"].tolist() == [5, 7, 9]


REFUSED = {
    "no rows": (BOTH[:0], {}, "the sales have no rows; give the sales"),
    "two brands": (
        BOTH.assign(brand=["acme"] * 5 + ["nova"]),
        {},
        "2 brands, such as 'acme' and 'nova'",
    ),
    "totals beside parts": (
        joined(BOTH, sold(None, "2026-05-01", 9)),
        {},
        "the sales have 1 row without a segment beside 6 with one: what was sold would count twice; keep either",
    ),
    "totals beside named parts": (
        joined(BOTH, sold("", "2026-05-01", 9, 9)),
        {"segments": ["north", ""]},
        "2 rows without a segment beside 3 with one",
    ),
    "a day twice": (
        joined(BOTH, sold("south", "2026-05-02", 9)),
        {},
        r"the segment 'south': 2026-05-02 has two rows \(1 such day\); give each day one row",
    ),
    "a gap": (
        joined(BOTH, sold("south", "2026-05-06", 9), sold("south", "2026-05-09", 9)),
        {},
        r"the segment 'south': 2026-05-04 has no row \(4 days missing from 2026-05-01 to 2026-05-09\).*0 where nothing",
    ),
    "a gap of totals": (joined(sold("", "2026-05-01", 1), sold("", "2026-05-03", 1)), {}, "^2026-05-02 has no row"),
    "an infinite value": (sold("", "2026-05-01", 1, float("inf")), {}, "value on 2026-05-02 is inf"),
    "a missing value": (sold("a", "2026-05-01", 1, float("nan")), {}, "'a': value on 2026-05-02 is missing"),
    "a time": (BOTH.assign(date=datetime(2026, 5, 1, 3, tzinfo=UTC)), {}, "has a zone; give the date where"),
    "no date": (BOTH.drop(columns="date"), {}, "no column 'date'"),
    "no segment named": (BOTH, {"segments": []}, "no segment is named"),
}


@pytest.mark.parametrize(("frame", "named", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_added_up_is_refused_in_one_line(frame, named, message):
    with pytest.raises(InputError, match=message) as caught:
        daily_sales(frame, **named)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("frame", "name", "message"),
    [
        (BOTH, "nort", "no sales of the segment 'nort'; did you mean 'north'"),
        (BOTH, "zzz", "the segment 'zzz'; the segments are 'north', 'south'"),
        (BOTH, "", "no sales without a segment; the segments are"),
        (sold("", "2026-05-01", 1), "north", "the segment 'north'; its sales have no segment: leave it out"),
    ],
)
def test_a_segment_without_sales_is_not_found(frame, name, message):
    with pytest.raises(NotFound, match=message):
        daily_sales(frame, segments=[name])


def test_returns_are_told_and_kept():
    panel, notes = daily_sales(joined(NORTH, sold("south", "2026-05-01", -4, 5, -6.5)))
    assert panel["value"].tolist() == [1, 2, 3, -4, 5, -6.5]
    assert notes == ["2 days of segments are below zero, the least -6.5: returns lower the sum."]
    _, one = daily_sales(sold("", "2026-05-01", 2, -1))
    assert one == ["1 day is below zero, the least -1: returns lower the sum."]


def test_segments_of_other_days_than_most_are_left_out_or_cut_and_named():
    late, early = sold("late", "2026-05-02", 1, 1), sold("early", "2026-05-01", 1, -1)
    long = sold("long", "2026-04-30", -9, 7, 8, 9, 9)
    panel, notes = daily_sales(joined(BOTH, late, early, long))
    assert set(panel["unit"]) == {"north", "south", "long"}
    assert panel[panel["unit"] == "long"]["value"].tolist() == [7, 8, 9]
    assert unit_days(panel).values.shape == (3, 3)
    assert notes == [
        "2 segments begin after 2026-05-01 or end before 2026-05-03, left out: 'early', 'late'.",
        "Days of 1 segment before 2026-05-01 or after 2026-05-03 are left out, others have none: 'long'.",
    ]
    one = daily_sales(joined(BOTH, late))[1]
    assert one == ["1 segment begins after 2026-05-01 or ends before 2026-05-03, left out: 'late'."]


def test_of_equally_many_the_longest_days_are_taken():
    panel, notes = daily_sales(joined(NORTH, sold("late", "2026-05-02", 1, 1)))
    assert set(panel["unit"]) == {"north"}
    assert len(notes) == 1


def test_many_segments_are_named_in_part():
    others = [sold(f"s{number:02}", "2026-05-02", 1) for number in range(12)]
    frame = joined(*[sold(f"n{number:02}", "2026-05-01", 1, 2) for number in range(13)], *others)
    (note,) = daily_sales(frame)[1]
    assert note.endswith("'s09' and 2 more.")
