from __future__ import annotations

import random

import pytest

from influence_graph.ingest.readers.csv_file import CsvFile
from influence_graph.ingest.readers.csv_layout import record_starts

TOKENS = [
    b"a",
    b"b",
    b",",
    b",",
    b"\n",
    b"\n",
    b'"',
    b'"',
    b'""',
    b"\r\n",
    b"\r",
    b" ",
    b"\xff",
    b'"x,y"',
    b'"l\nm"',
    b"1,2\n",
]


def starts(data: bytes, ended: bool = True):
    found = record_starts(data, ",", ended)
    return None if found is None else (found[0].tolist(), found[1].tolist(), found[2])


def test_plain_lines():
    assert starts(b"a,b\nc,d\n") == ([0, 4], [0, 1], 8)


def test_last_line_without_line_feed():
    assert starts(b"a\nb") == ([0, 2], [0, 1], 3)


def test_blank_lines_are_no_records_but_count_as_lines():
    assert starts(b"a\n\n\r\nb\n") == ([0, 5], [0, 3], 7)


def test_line_feed_in_quotes_does_not_end_a_record():
    assert starts(b'a,"x\ny"\nb,c\n') == ([0, 8], [0, 2], 12)


def test_open_quote_leaves_its_record_for_the_next_block():
    assert starts(b'a,b\nc,"x\n', ended=False) == ([0], [0], 4)


@pytest.mark.parametrize("data", [b'a,6" pipe\n', b'"a"b,c\n', b"a\rb\n", b'"a\n', b"x" * 200_000 + b"\n"])
def test_anything_unusual_is_left_to_the_slow_path(data):
    assert starts(data) is None


def test_both_ways_of_reading_agree(tmp_path):
    """The fast path takes a block only where the csv module reads the same records."""
    random_ = random.Random(7)
    taken = 0
    for _ in range(20_000):
        data = b"".join(random_.choice(TOKENS) for _ in range(random_.randint(1, 14)))
        ended = random_.random() < 0.7
        if not ended:
            data = data[: data.rfind(b"\n") + 1]
        width = random_.randint(1, 3)
        file = reader(width)
        fast, slow = file._parse_whole(data, 1, ended) if data else None, file._parse_rows(data, 1, ended)
        if fast is not None:
            assert contents(fast) == contents(slow), data
            taken += 1
    assert taken > 1_500


def reader(width: int) -> CsvFile:
    file = CsvFile.__new__(CsvFile)
    file.delimiter, file.names = ",", [str(place) for place in range(width)]
    file._places = [(place, str(place)) for place in range(width)]
    return file


def contents(parsed):
    chunk, used = parsed
    columns = {name: column.to_pylist() for name, column in chunk.columns.items()}
    return columns, chunk.lines.tolist(), chunk.skipped, used
