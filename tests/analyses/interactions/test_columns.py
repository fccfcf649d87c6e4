"""Single columns: what odd inputs are read as."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.interactions import columns
from influence_graph.errors import InputError
from tests.analyses.fusion.events import quick

texts = st.lists(st.none() | st.text(max_size=4), max_size=30)


def table(**given_columns):
    size = len(next(iter(given_columns.values())))
    base = {
        "event_id": [f"e{n}" for n in range(size)],
        "at": ["2026-05-01T09:00:00Z"] * size,
        "consumer": ["ann"] * size,
        "brand": ["nova"] * size,
    }
    return pa.table({**base, **given_columns})


@quick
@given(texts, st.sampled_from(("string", "large_string", "dictionary", "chunked")))
def test_codes_lead_back_to_the_texts_and_names_are_sorted(values, held):
    array = pa.array(values, pa.string())
    column = {
        "string": array,
        "large_string": array.cast(pa.large_string()),
        "dictionary": array.dictionary_encode(),
        "chunked": pa.chunked_array([array.slice(0, len(array) // 2), array.slice(len(array) // 2)]),
    }[held]
    codes, names = columns.codes(table(kind=column) if values else table(kind=pa.array([], pa.string())), "kind")
    assert [None if code < 0 else names[code] for code in codes] == values
    assert names.tolist() == sorted({value for value in values if value is not None}, key=str.encode)


def test_a_repeated_value_of_a_dictionary_is_one_name():
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int32()), pa.array(["nova", "nova"]))
    codes, names = columns.codes(table(kind=column), "kind")
    assert (codes.tolist(), names.tolist()) == ([0, 0, -1], ["nova"])


def test_a_few_rows_of_a_large_dictionary_have_their_own_names_only():
    whole = pa.array([f"b{n}" for n in range(1000)]).dictionary_encode()
    codes, names = columns.codes(table(kind=pa.chunked_array([whole.slice(7, 2)])), "kind")
    assert (codes.tolist(), names.tolist()) == ([0, 1], ["b7", "b8"])


@pytest.mark.parametrize("type_", [pa.int8(), pa.uint64(), pa.float32(), pa.decimal128(9, 2), pa.string(), pa.null()])
def test_numbers_of_any_type_are_floats_with_nan_for_null(type_):
    values = [None, None] if pa.types.is_null(type_) else ["2", None] if pa.types.is_string(type_) else [2, None]
    numbers = columns.numbers(table(points=pa.array(values, type_)), "points")
    assert numbers.dtype == np.float64
    np.testing.assert_array_equal(numbers, [np.nan if values[0] is None else 2.0, np.nan])


@pytest.mark.parametrize("value", [np.inf, -np.inf])
@pytest.mark.parametrize("name", ["points", "weight", "valence"])
def test_an_infinite_number_is_refused_naming_its_event(name, value):
    with pytest.raises(InputError, match="of event 'e1'"):
        columns.numbers(table(**{name: [0.0, value]}), name)


TIMES = {
    "Z": "2026-05-01T09:00:00Z",
    "offset": "2026-05-01T11:00:00+02:00",
    "short offset": "2026-05-01T11:00:00+02",
    "offset without a colon": "2026-05-01T04:00:00-0500",
    "blank": "2026-05-01 09:00:00+00:00",
    "fraction": "2026-05-01T09:00:00.000000Z",
    "without seconds": "2026-05-01T09:00Z",
}


@pytest.mark.parametrize("text", TIMES.values(), ids=TIMES)
def test_iso_8601_times_with_a_zone_are_microseconds(text):
    expected = int(datetime(2026, 5, 1, 9, tzinfo=UTC).timestamp() * 1e6)
    assert columns.micros(table(at=[text]), "at").tolist() == [expected]


def test_a_null_time_is_the_smallest_number_and_an_absent_column_none():
    times = columns.micros(table(recorded_at=pa.array([None, "2026-05-01T09:00:00Z"])), "recorded_at")
    assert times[0] == columns.NULL_TIME
    assert columns.micros(table(recorded_at=pa.nulls(2)), "recorded_at").tolist() == [columns.NULL_TIME] * 2
    assert columns.micros(table(points=[1.0]), "recorded_at") is None


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_before_1970_and_of_any_unit_are_read(unit):
    moment = datetime(1923, 4, 5, 6, 7, 8, tzinfo=UTC)
    found = columns.micros(table(at=pa.array([moment], pa.timestamp(unit, tz="Asia/Tokyo"))), "at")
    assert found.tolist() == [int(moment.timestamp()) * 1_000_000]


@quick
@given(st.lists(st.text(alphabet="ab |", max_size=3), max_size=5))
def test_a_list_is_its_sorted_distinct_names(parts):
    names = columns.split_list("|".join(parts), "|")
    assert names == sorted({name.strip() for part in parts for name in part.split("|")} - {""})


@quick
@given(st.lists(st.text(max_size=3), max_size=30))
def test_hashes_are_sorted_and_equal_for_equal_texts_in_any_slice(values):
    array = pa.array(values, pa.string())
    hashes = columns.sorted_hashes(array)
    assert (np.diff(hashes.astype(object)) >= 0).all() if len(values) > 1 else True
    assert len(np.unique(hashes)) == len(set(values))
    longer = pa.array(["x", *values, "y"], pa.large_string()).slice(1, len(values))
    assert columns.sorted_hashes(longer).tolist() == hashes.tolist()


def test_the_same_row_twice_is_one_event_and_the_first_stays():
    twice = table(points=[1.0, 1.0, 2.0]).set_column(0, "event_id", pa.array(["a", "a", "b"]))
    assert columns.distinct_events(twice)["event_id"].to_pylist() == ["a", "b"]


@pytest.mark.parametrize(
    "other", [{"points": [1.0, 2.0]}, {"kind": ["wear", None]}, {"with_brands": ["atlas", "zest"]}]
)
def test_another_payload_of_an_id_is_refused(other):
    twice = table(**other).set_column(0, "event_id", pa.array(["a", "a"]))
    with pytest.raises(InputError, match="'a' stands for 2 different events"):
        columns.distinct_events(twice)


def test_a_frame_whose_column_mixes_types_is_refused_in_one_line():
    mixed = pd.DataFrame({"event_id": ["a", "b"], "at": "x", "consumer": "ann", "brand": "nova", "kind": ["wear", 1]})
    with pytest.raises(InputError, match="the column 'kind' mixes types") as caught:
        columns.as_table(mixed)
    assert "\n" not in str(caught.value)


def test_columns_come_in_the_order_of_the_record_without_others():
    given_table = table(points=[1.0], color=["red"], kind=["wear"])
    assert columns.as_table(given_table).column_names == ["event_id", "at", "consumer", "brand", "kind", "points"]


@pytest.mark.parametrize("value", [[1, 2], None, {"event_id": ["1"]}], ids=["list", "nothing", "mapping"])
def test_what_is_no_frame_and_no_table_is_refused_in_one_line(value):
    with pytest.raises(InputError, match=r"of type (int|NoneType), must be|have no column 'at'"):
        columns.as_table(value)


@pytest.mark.parametrize(
    ("at", "message"),
    [
        (
            pd.to_datetime(["2026-05-01"]),
            "the times in 'at' have no zone; localize them: `frame[\"at\"].dt.tz_localize",
        ),
        ([date(2026, 5, 1)], "'at' holds dates, which have no time and no zone; give times: `pandas.to_datetime"),
        ([1_777_593_600], "'at' is of type int64, must be times or ISO 8601 texts; say the unit: `pandas.to_datetime"),
        ([1.7e9], "'at' is of type double, must be times or ISO 8601 texts; say the unit"),
        (["1777593600"], "the time '1777593600' in 'at' has no zone; say the unit: `pandas.to_datetime"),
        (["2026-05-01"], "the time '2026-05-01' in 'at' has no zone; write ISO 8601 with a zone"),
        (["2026-05-01T12:61:00Z"], "at: Time data 2026-05-01T12:61:00Z is not ISO8601 format; write ISO 8601"),
        ([["2026-05-01"]], "must be times or ISO 8601 texts; write ISO 8601 with a zone"),
        (pd.to_timedelta([1], "D"), "'at' is of type duration"),
    ],
)
def test_times_without_a_zone_or_a_unit_are_refused_with_what_to_call(at, message):
    given_frame = pd.DataFrame({"event_id": ["1"], "at": at, "consumer": "ann", "brand": "nova"})
    with pytest.raises(InputError) as caught:
        columns.micros(columns.as_table(given_frame), "at")
    assert message in str(caught.value)


@pytest.mark.parametrize("empty", [np.nan, pd.NaT, None, pd.NA], ids=repr)
def test_a_column_without_values_is_of_any_type(empty):
    given_frame = table(points=[1.0, 2.0]).to_pandas().assign(recorded_at=empty, replaces=empty, with_brands=empty)
    read = columns.as_table(given_frame)
    assert columns.micros(read, "recorded_at").tolist() == [columns.NULL_TIME] * 2
    assert [read.column(name).null_count for name in ("replaces", "with_brands")] == [2, 2]


@pytest.mark.parametrize(("name", "value"), [("kind", b"\xff"), ("kind", ["wear"]), ("direction", {"a": 1})])
def test_what_is_no_text_is_refused_in_one_line(name, value):
    with pytest.raises(InputError, match=f"{name} (must be text|is of type)"):
        columns.codes(columns.as_table(table(**{name: [value]})), name)


def test_a_correction_by_number_finds_its_event_though_gaps_made_it_a_float():
    given_frame = table(points=[1.0, 2.0]).to_pandas().assign(event_id=[7, 8], replaces=[np.nan, 7.0])
    read = columns.as_table(given_frame)
    assert columns.replaced_ids(read, columns.event_ids(read)).to_pylist() == [None, "7"]
