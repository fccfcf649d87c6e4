"""Numbers as people write them, against exact decimals."""

from __future__ import annotations

import random
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.ingest.values.amounts import parse_amount
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import Field, FieldType

NUMBER, INTEGER = Field("x", FieldType.NUMBER), Field("x", FieldType.INTEGER)
OTHER = {".": ",", ",": "."}
CENTS = st.integers(-(10**13), 10**13)
GROUPS = [" ", "\u00a0", "\u202f", "\u2009", "'", "\u2019"]


def texts(*values: str) -> pa.Array:
    return pa.array([value.encode() for value in values], pa.binary())


def read(text: str, mark: str = ".", field: Field = NUMBER):
    parsed = parse_amount(texts(text), field, Notation(decimal=mark))
    return parsed.faults[0].reason if parsed.faults else parsed.values[0].as_py()


def written(cents: int, mark: str, group: str) -> str:
    return f"{Decimal(cents).scaleb(-2):,.2f}".replace(",", "G").replace(".", mark).replace("G", group)


@pytest.mark.parametrize("mark", OTHER)
@settings(deadline=None)  # the first case compiles the patterns
@given(cents=st.lists(CENTS, min_size=1), data=st.data())
def test_grouped_numbers_are_exact(mark: str, cents: list[int], data: st.DataObject) -> None:
    group = data.draw(st.sampled_from([OTHER[mark], "", *GROUPS]))
    before, after = data.draw(st.sampled_from([("", ""), ("€", ""), ("", " EUR"), ("US$ ", ""), ("", "\u00a0zł")]))
    written_as = [f"{before}{written(value, mark, group)}{after}" for value in cents]
    parsed = parse_amount(texts(*written_as), NUMBER, Notation(decimal=mark))
    assert parsed.values.to_pylist() == [float(Decimal(value).scaleb(-2)) for value in cents]
    assert parsed.currency == (before + after).strip()


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_grouped_integers_are_exact(numbers: list[int]) -> None:
    parsed = parse_amount(texts(*(f"{number:,}" for number in numbers)), INTEGER, Notation(decimal="."))
    assert parsed.values.to_pylist() == numbers


@pytest.mark.parametrize("mark", OTHER)
@pytest.mark.parametrize("field", [NUMBER, INTEGER], ids=["number", "integer"])
def test_a_value_is_the_same_alone_and_beside_others(mark: str, field: Field) -> None:
    random_, accepted = random.Random(mark), 0
    base = [
        "1,234.50",
        "1.234,5",
        "12",
        "-3",
        "+4",
        "(5.5)",
        "1.2M",
        "12%",
        "€ 7",
        "1e5",
        ".5",
        "5.",
        "0,123",
        "1 234",
        "9" * 19,
    ]
    for _ in range(500):
        letters = list(random_.choice(base))
        for _ in range(random_.randint(0, 2)):
            place = random_.randint(0, len(letters))
            letters[place : place + random_.randint(0, 1)] = random_.choices(
                "0123456789.,'-+()%kM€ ", k=random_.randint(0, 1)
            )
        value = "".join(letters)
        beside = pa.array([value.encode(), b"\xff"], pa.binary())
        parsed = parse_amount(beside, field, Notation(decimal=mark))
        expected = parsed.faults[0].reason if 0 in parsed.faults else parsed.values[0].as_py()
        assert read(value, mark, field) == expected, value
        accepted += not isinstance(expected, str)
    assert 60 < accepted < 500


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("8,089", ".", 8089.0),
        ("8,089", ",", 8.089),
        ("1.234,5", ",", 1234.5),
        ("1,234.5", ".", 1234.5),
        ("0,5", ",", 0.5),
        (",5", ",", 0.5),
        ("5,", ",", 5.0),
        ("1.2M", ".", 1_200_000.0),
        ("1,1 Mio.", ",", 1_100_000.0),
        ("4.35m", ".", 4_350_000.0),
        ("3k", ".", 3000.0),
        ("1B", ".", 1e9),
        ("12%", ".", 0.12),
        ("12,5 %", ",", 0.125),
        ("(12.50)", ".", -12.5),
        ("($1,234.50)", ".", -1234.5),
        ("-$5", ".", -5.0),
        ("$-5", ".", -5.0),
        ("5.00-", ".", -5.0),
        ("\u22125", ".", -5.0),
        ("1.5 MXN", ".", 1.5),
        ("12 Kč", ",", 12.0),
        ("1.2E+05", ".", 120_000.0),
        ("", ".", None),
        ("1.234,5", ".", 'is a number with the decimal mark ",", not "."'),
        ("1,234.5", ",", 'is a number with the decimal mark ".", not ","'),
        ("0,123", ".", 'is a number with the decimal mark ",", not "."'),
        ("12,34", ".", 'is a number with the decimal mark ",", not "."'),
        ("1,23,456", ".", "is not a number"),
        ("1,234 567", ".", "has thousands separators"),
        ("1 234'567", ".", "has thousands separators"),
        ("(5", ".", "has one parenthesis"),
        ("-(5)", ".", "is not a number"),
        ("(-5)", ".", "has several signs"),
        ("ABC 5", ".", "is not a number"),
        ("€5 EUR", ".", "has two currencies"),
        ("n/a", ".", "is not a number"),
        ("1e999", ".", "is too large for a number"),
    ],
)
def test_known_texts(text: str, mark: str, expected: object) -> None:
    assert read(text, mark) == expected


def test_the_remedy_says_which_notation_fits() -> None:
    fault = parse_amount(texts("1.234,5"), NUMBER, Notation(decimal=".")).faults[0]
    assert fault.remedy == 'state decimal "," for the column, or write the number with "."'


def test_two_currencies_in_a_column_are_not_mixed() -> None:
    parsed = parse_amount(texts("5", "€ 1", "$2", "3 €"), NUMBER, Notation(decimal="."))
    assert parsed.values.to_pylist() == [5.0, 1.0, None, 3.0]
    assert parsed.faults[2].reason == "has another currency than €"
    assert parse_amount(texts("€ 1"), NUMBER, Notation(decimal=".", currency="$")).faults.keys() == {0}


def test_integers_have_no_fraction() -> None:
    assert read("1.2k", field=INTEGER) == 1200
    assert read("1,234.00", field=INTEGER) == 1234
    assert read("1.2345k", field=INTEGER) == "is not a whole number"
    assert read("10,000,000,000,000,000,000", field=INTEGER) == "does not fit in 64 bits"


VALENCE = Field("valence", FieldType.NUMBER, minimum=-1, maximum=1)


@given(st.lists(st.integers(0, 10), min_size=1))
def test_a_scale_is_linear_to_the_limits_of_the_field(numbers: list[int]) -> None:
    expected = [(number - 5) / 5 for number in numbers]
    for scale, signed in (((0, 10), 1), ((10, 0), -1)):
        parsed = parse_amount(texts(*map(str, numbers)), VALENCE, Notation(scale=scale))
        assert parsed.values.to_pylist() == pytest.approx([signed * value for value in expected], abs=1e-15)
        typed = parse_amount(pa.array([*numbers, None]), VALENCE, Notation(scale=scale))
        assert typed.values.to_pylist() == [*parsed.values.to_pylist(), None]


def test_beyond_a_scale_is_a_fault_and_its_ends_are_the_limits() -> None:
    notation = Notation(scale=(1, 5), decimal=",")
    parsed = parse_amount(texts("1", "5", "3,5", "0", "6", "x", ""), VALENCE, notation)
    assert parsed.values.to_pylist() == [-1.0, 1.0, 0.25, None, None, None, None]
    assert [(row, fault.value, fault.reason) for row, fault in sorted(parsed.faults.items())] == [
        (3, "0", "is outside the scale from 1 to 5"),
        (4, "6", "is outside the scale from 1 to 5"),
        (5, "x", "is not a number"),
    ]
    share = Field("confidence", FieldType.NUMBER, minimum=0, maximum=1)
    assert parse_amount(texts("25"), share, Notation(scale=(0, 100))).values.to_pylist() == [0.25]
