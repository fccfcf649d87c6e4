"""Every value has one outcome, whether its column is parsed as a whole or value by value."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from influence_graph.ingest.values.columns import parse_column
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import Field, FieldType

TIMES = [
    "2024-05-01T12:30:45Z",
    "2024-05-01T12:30:45.123456+02:00",
    "2024-05-01 12:30",
    "2024-05-01",
    "2024-03-31T02:30:00",
    "2024-10-27 02:30",
    "2054-05-01T12",
    "1899-12-31T23:59:59Z",
    "2200-01-01T00:00:00Z",
]
NUMBERS = [
    "1",
    "-1.5",
    "1e10",
    "nan",
    "inf",
    "0x1f",
    "1,234.5",
    "12%",
    ".5",
    "5.",
    "9223372036854775808",
    "1e308",
    "-0",
]
TEXTS = [
    "abc",
    "é",
    "e\u0301",
    "a b",
    " a",
    "\u200b",
    "a|b",
    "b|a|a",
    "x\u202ey",
    "\x7f",
    "a\tb",
    "🙂",
    "\ufeffx",
    "x\n",
]
MARKS = "ab|é\u0301 \x00\u200b\x7f\x80\u202e"
CASES = [
    (Field("f", FieldType.TIME), TIMES, "0123456789-:T Z+.,tz"),
    (Field("f", FieldType.DATE), TIMES, "0123456789-: T0"),
    (Field("f", FieldType.NUMBER, minimum=-10, maximum=1e12), NUMBERS, "0123456789.eE+-x,_ naif%"),
    (Field("f", FieldType.INTEGER, minimum=0), NUMBERS, "0123456789.eE+-x,_ "),
    (Field("f", FieldType.ID), TEXTS, MARKS),
    (Field("f", FieldType.TEXT), TEXTS, MARKS),
    (Field("f", FieldType.IDS), TEXTS, MARKS + "|"),
    (Field("f", FieldType.CHOICE, choices=("follows", "friend")), ["follows", "Friend", " friend", "", "frend"], "fF "),
]


def mutate(text: str, alphabet: str, random_: random.Random) -> str:
    letters = list(text)
    for _ in range(random_.randint(0, 2)):
        place = random_.randint(0, len(letters))
        letters[place : place + random_.randint(0, 1)] = random_.choices(alphabet, k=random_.randint(0, 1))
    return "".join(letters)


def outcome(parsed, row: int = 0):
    fault = parsed.faults.get(row)
    return parsed.values[row] if fault is None else fault.reason


@pytest.mark.parametrize("zone", [None, ZoneInfo("Europe/Berlin")])
@pytest.mark.parametrize(("field", "base", "alphabet"), CASES, ids=[case[0].type.value for case in CASES])
def test_whole_columns_and_single_values_have_the_same_outcome(field, base, alphabet, zone):
    random_ = random.Random(field.type.value)
    invalid = b"\xff\xfe\x01"  # no type accepts it: the column is read value by value
    accepted = 0
    for _ in range(2_000):
        value = mutate(random_.choice(base), alphabet, random_).encode()
        alone = parse_column(pa.array([value], pa.binary()), field, zone)
        beside = parse_column(pa.array([value, invalid], pa.binary()), field, zone)
        assert outcome(alone) == outcome(beside), value
        assert 1 in beside.faults
        accepted += not alone.faults
    assert 20 < accepted < 2_000


@pytest.mark.parametrize(
    "type_", [pa.string(), pa.large_string(), pa.string_view(), pa.large_binary(), pa.binary_view()]
)
def test_text_of_any_arrow_type(type_):
    raw = pa.array(["a", None, " b"], pa.string()).cast(type_)
    assert parse_column(raw, Field("f", FieldType.ID)).values.to_pylist() == ["a", None, "b"]


def test_faults_of_a_dictionary_reach_every_row_that_uses_it():
    raw = pa.array(["1", "x", None, "x", "2"]).dictionary_encode()
    parsed = parse_column(raw, Field("f", FieldType.NUMBER))
    assert parsed.values.to_pylist() == [1.0, None, None, None, 2.0]
    assert sorted(parsed.faults) == [1, 3]


def test_slices_are_parsed_without_the_rows_outside():
    raw = pa.array([b"\x00", b"a", b"b", b"\x00"], pa.binary()).slice(1, 2)
    assert parse_column(raw, Field("f", FieldType.ID)).values.to_pylist() == ["a", "b"]


@pytest.mark.parametrize(
    ("raw", "field", "expected"),
    [
        (pa.array([1, None], pa.uint8()), FieldType.ID, ["1", None]),
        (pa.array([1, 2], pa.decimal128(5, 0)), FieldType.ID, ["1", "2"]),
        (pa.array([1.5, None], pa.float32()), FieldType.NUMBER, [1.5, None]),
        (pa.array([1, 2], pa.decimal128(5, 2)), FieldType.NUMBER, [1.0, 2.0]),
        (pa.array([3.0, None]), FieldType.INTEGER, [3, None]),
        (pa.array([7], pa.uint64()), FieldType.INTEGER, [7]),
        (pa.nulls(2), FieldType.TIME, [None, None]),
    ],
)
def test_typed_columns(raw, field, expected):
    parsed = parse_column(raw, Field("f", field))
    assert parsed.values.to_pylist() == expected
    assert not parsed.faults


def parsed(texts: list[str | None], field: Field, **notation):
    return parse_column(pa.array(texts, pa.string()), field, None, Notation(**notation))


def test_values_stand_for_others_in_any_case_and_the_rest_are_faults() -> None:
    field = Field("f", FieldType.CHOICE, choices=("expediting", "engagement"))
    meant = {"late": "expediting", "zo\u00eb": "engagement"}
    found = parsed(["Late", " late\u00a0", "ZO\u00cb", "lat", None, ""], field, values=meant)
    assert found.values.to_pylist() == ["expediting", "expediting", "engagement", None, None, None]
    assert [(row, fault.reason, fault.remedy) for row, fault in found.faults.items()] == [
        (3, "is not among the values of the mapping", "did you mean 'late'?")
    ]


def test_what_a_value_stands_for_is_read_as_the_field_and_an_empty_one_may_stand_for_something() -> None:
    field = Field("f", FieldType.NUMBER, minimum=-1, maximum=1)
    meant = {"good": "10", "bad": "0", "odd": "11", "": "5"}
    found = parsed(["good", "bad", "odd", ""], field, values=meant, scale=(0, 10))
    assert found.values.to_pylist() == [1.0, -1.0, None, 0.0]
    assert found.faults.keys() == {2}
    by_number = Notation(values={"1": "a", "2": "b"})
    numbers = parse_column(pa.array([1, 2, None]), Field("f", FieldType.TEXT), None, by_number)
    assert numbers.values.to_pylist() == ["a", "b", None]


def test_a_prefix_comes_before_the_clean_id() -> None:
    field = Field("f", FieldType.ID)
    found = parsed([" 1", "\u0301x", None, "", "y" * 510, "z\x01"], field, prefix="e-e")
    assert found.values.to_pylist() == ["e-e1", "e-\u00e9x", None, None, None, None]
    assert {row: fault.reason for row, fault in found.faults.items()} == {
        4: "is longer than 512 bytes with its prefix",
        5: "contains the control character U+0001",
    }
    assert parsed(["2|1"], Field("f", FieldType.IDS), prefix="b").values.to_pylist() == ["b1|b2"]


def test_an_id_that_occurs_in_lists_cannot_contain_their_separator() -> None:
    found = parsed(["a|b", "c", None], Field("f", FieldType.ID, listed=True))
    assert found.values.to_pylist() == [None, "c", None]
    assert found.faults[0].value == "a|b"
    assert parsed(["a|b"], Field("f", FieldType.ID)).values.to_pylist() == ["a|b"]


def test_times_of_a_column_are_in_its_own_zone() -> None:
    field = Field("f", FieldType.TIME)
    found = parsed(["2024-05-01 14:00"], field, timezone="Europe/Berlin")
    assert found.values.to_pylist() == [datetime(2024, 5, 1, 12, tzinfo=UTC)]


def test_notes_of_a_dictionary_reach_every_row_that_uses_it() -> None:
    raw = pa.array(["a\u00a0", "b", None, "a\u00a0"]).dictionary_encode()
    (rows,) = parse_column(raw, Field("f", FieldType.ID)).notes.values()
    assert rows.tolist() == [0, 3]


def test_typed_values_beyond_the_limits_are_faults():
    assert parse_column(pa.array([1, 2**63], pa.uint64()), Field("f", FieldType.INTEGER)).faults.keys() == {1}
    assert parse_column(pa.array([0.5, 3.0]), Field("f", FieldType.INTEGER)).faults.keys() == {0}
    assert parse_column(pa.array([0.5, 3.0]), Field("f", FieldType.NUMBER, maximum=1)).faults.keys() == {1}
    assert parse_column(pa.array([float("inf"), 0.0]), Field("f", FieldType.NUMBER)).faults.keys() == {0}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_of_any_unit(unit):
    moment = datetime(2024, 5, 1, 12, tzinfo=UTC)
    zoned = pa.array([moment]).cast(pa.timestamp(unit, "America/New_York"))
    local = pa.array([moment.replace(tzinfo=None)]).cast(pa.timestamp(unit))
    field = Field("f", FieldType.TIME)
    assert parse_column(zoned, field).values.to_pylist() == [moment]
    assert parse_column(local, field, ZoneInfo("UTC")).values.to_pylist() == [moment]
    assert parse_column(local, field).faults.keys() == {0}


def test_local_time_agrees_with_the_standard_library_all_through_the_years():
    zone, field = ZoneInfo("Europe/Berlin"), Field("f", FieldType.TIME)
    local = [datetime(year, month, 15, 12) for year in range(1901, 2200) for month in (1, 7)]
    expected = [moment.replace(tzinfo=zone).astimezone(UTC) for moment in local]
    together = parse_column(pa.array([moment.isoformat() for moment in local]), field, zone)
    assert together.values.to_pylist() == expected
    early = [moment for moment in local if moment.year < 2037]
    assert parse_column(pa.array(early), field, zone).values.to_pylist() == expected[: len(early)]


def test_dates_from_dates_and_midnights():
    field = Field("f", FieldType.DATE)
    days = pa.array([19_844], pa.int32()).cast(pa.date32())
    midnight = days.cast(pa.timestamp("ns"))
    assert parse_column(days, field).values == days
    assert parse_column(days.cast(pa.date64()), field).values == days
    assert parse_column(midnight, field).values == days
    assert parse_column(pa.array([1], pa.timestamp("s")), field).faults[0].reason == "is a time, not a date"
