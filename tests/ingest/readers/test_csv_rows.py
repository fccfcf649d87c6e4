"""The slow path: one malformed record costs one line, and none is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.ingest.readers.csv_rows import split_rows

CELLS = st.text(st.characters(codec="latin-1", exclude_characters="\r"), max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_what_the_csv_module_writes_is_read_again(rows: list[tuple[str, str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    data = out.getvalue().encode("latin-1")
    found = split_rows(data, delimiter, 2, True)
    assert [tuple(row) for row in found.fields] == rows
    assert found.skipped == []
    assert found.used == len(data)


@given(st.lists(st.sampled_from([b"a,b", b"a", b"a,b,c", b'"a"x,b', b'a,"b', b"", b"a\rb,c"]), max_size=8))
def test_every_line_that_is_not_blank_is_a_row_part_of_one_or_skipped(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    found = split_rows(data, ",", 2, True)
    numbers = sorted([*found.lines, *(line for line, _ in found.skipped)])
    assert len(set(numbers)) == len(numbers)
    assert found.used == len(data)
    assert all(len(row) == 2 for row in found.fields)
    good = [number for number, line in enumerate(lines) if line == b"a,b" and b'a,"b' not in lines[:number]]
    assert set(good) <= set(found.lines)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a,b,c", "3 fields where the header has 2"),
        (b'"a"x,b', "text follows a closing quote"),
        (b'a,"b', "a quote is opened and never closed"),
        (b"a\rb,c", "a carriage return is inside the line"),
        (b"x" * 140_000, "longer than 131,072 bytes"),
    ],
    ids=["width", "after a quote", "open quote", "carriage return", "too long"],
)
def test_the_reason_of_a_skipped_line(line: bytes, reason: str) -> None:
    found = split_rows(b"a,b\n" + line + b"\nc,d\n", ",", 2, True)
    ((number, fault),) = found.skipped
    assert number == 1
    assert reason in fault.reason
    assert fault.remedy
    assert found.fields == [["a", "b"], ["c", "d"]]


def test_an_open_quote_is_left_for_the_next_block_unless_the_file_has_ended() -> None:
    found = split_rows(b'a,b\nc,"d\n', ",", 2, False)
    assert (found.fields, found.skipped, found.used) == ([["a", "b"]], [], 4)
