"""The dialect of tables that were written in a known one, and what is stated instead."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.readers.csv_file import CsvFile
from influence_graph.ingest.readers.dialect import read_dialect

PATH = Path("file.csv")
HEADERS = [
    ["source", "target", "weight"],
    ["Order Name", "Email", "Created at", "Total, EUR", "Currency"],
    ["How likely are you to recommend us, from 0 to 10?", "Why?"],
    ["Kunde", "Marke", "Datum", "Betrag"],
    ["", "source", "target"],
]
WORDS = ["ann", "June", "the-cat", "Zoë", "müller", "late; too late", "good, not great", "a|b|c", '6" pipe', "x\ny"]


def found(text: str, **layout: object) -> tuple[str, list[str], int]:
    dialect = read_dialect(PATH, text.encode(), Layout(**layout))
    return dialect.delimiter, dialect.names, dialect.lines


def test_tables_written_in_a_known_dialect_are_read_in_it() -> None:
    random_ = random.Random(3)
    right = 0
    for _ in range(200):
        names, delimiter = random_.choice(HEADERS), random_.choice(",;\t|")
        decimal = random_.choice(",.") if delimiter == ";" else "."
        kinds = [random_.choice(["word", "number", "date", "empty"]) for _ in names]
        cells = {
            "word": lambda: random_.choice(WORDS),
            "number": lambda decimal=decimal: f"{random_.uniform(0, 99):.2f}".replace(".", decimal),
            "date": lambda: f"{random_.randint(1, 28):02d}/07/2025 12:{random_.randint(0, 59):02d}",
            "empty": lambda: "",
        }
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator=random_.choice(["\n", "\r\n"]))
        writer.writerow(names)
        writer.writerows([cells[kind]() for kind in kinds] for _ in range(random_.choice([1, 3, 30])))
        right += found(out.getvalue()) == (delimiter, names, 1)
    assert right == 200


@pytest.mark.parametrize(
    ("text", "delimiter", "names"),
    [
        ("event_id;at;brand;note, or so", ";", ["event_id", "at", "brand", "note, or so"]),
        ("source\ttarget", "\t", ["source", "target"]),
        ('"source", target', ",", ["source", "target"]),
        ("x|y\n1|2\n", "|", ["x", "y"]),
        ("a;b;c\n0,5;1,5;2,5\n0,5;1,5;2,5\n", ";", ["a", "b", "c"]),
        ("source,target\na,b\nc\nd,e,f\nf,g\n", ",", ["source", "target"]),
        ("note\nhello, you\nwell; no\n", ",", ["note"]),
        ("1,2\n2,3\n", ",", ["1", "2"]),
        ("at,who\n12:00:00,ann\n", ",", ["at", "who"]),
        ("id,name\n1,'ann, the first'\n", ",", ["id", "name"]),
        ("'@june,'@annie\n", ",", ["'@june", "'@annie"]),
        ("source,target\n" + "x" * 200_000 + ",b\n", ",", ["source", "target"]),
        ("x" * 140_000 + ",b\n", ",", []),
    ],
)
def test_delimiter_and_names(text: str, delimiter: str, names: list[str]) -> None:
    assert found(text)[:2] == (delimiter, names)


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
def test_the_line_that_tells_excel_the_separator_is_no_record(line: str) -> None:
    assert found(f"\n{line}\r\n\r\na,x;b\r\n1;2\r\n") == (";", ["a,x", "b"], 4)
    assert found(f"{line}\na,b\n", delimiter=",") == (",", ["a", "b"], 2)
    assert found("sep=\t\na\tb;c\n") == ("\t", ["a", "b;c"], 2)


def test_names_may_have_line_breaks_in_quotes() -> None:
    assert found('id,"how likely\nare you?",b\n1,2,3\n') == (",", ["id", "how likely are you?", "b"], 2)
    assert found('id,"never closed\n1,2\n') == (",", ["id", "never closed"], 1)


def test_what_is_stated_decides() -> None:
    assert found("a:b;c:d\n1:2;3:4\n", delimiter=":")[1] == ["a", "b;c", "d"]
    assert found("a\tb,c\n", delimiter="\\t")[1] == found("a\tb,c\n", delimiter="tab")[1] == ["a", "b,c"]
    assert found("a,b\n", columns=("x", "y")) == (",", ["x", "y"], 0)
    assert found("\na,b\n", header=False) == (",", ["column1", "column2"], 1)
    assert found("a,b\n", header=True, columns=("x", "y")) == (",", ["x", "y"], 1)
    with pytest.raises(UnreadableFile, match="line 1 has 2 columns, and 3 names are stated"):
        found("a,b\n", columns=("x", "y", "z"))


@pytest.mark.parametrize("delimiter", ["||", "§", '"', "\n"])
def test_a_delimiter_that_is_not_possible_is_refused(delimiter: str) -> None:
    with pytest.raises(InputError, match=r"delimiter .* is not possible; use one ASCII character"):
        found("a,b\n", delimiter=delimiter)


def test_lines_are_counted_with_what_stands_before_the_records(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('sep=;\n"a\nb";c\n1;2\n\n3;4\n')
    reader = CsvFile(path, Layout())
    (chunk,) = reader.chunks(dict.fromkeys(reader.names))
    assert reader.names == ["a b", "c"]
    assert chunk.lines.tolist() == [4, 6]
