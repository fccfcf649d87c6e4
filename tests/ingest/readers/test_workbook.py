"""A sheet is read as its CSV would be, with its own numbers and dates."""

from __future__ import annotations

import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from influence_graph.errors import InputError, MissingExtra, UnreadableFile
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.readers import workbook
from influence_graph.ingest.source import ReadOptions, Source, open_source
from influence_graph.model.records import Reject
from tests.ingest.workbooks import xlsx

ORDERS = [
    [],
    [" Event_ID", "at", "consumer", "brand", "points", "kind"],
    [12, datetime(2025, 7, 14, 12, 30), "zoë", 7, 1.5, "x"],
    [],
    ["e2", "2025-07-14 13:00", "sam", "b", "-2", 1.25],
    ["e3", date(2025, 7, 15), "sam", "b", None, True],
    [4, datetime(2025, 7, 14), "sam", "b", "many", None],
]


def read(path: Path, **layout: object) -> tuple[list[dict], list[Reject], Source]:
    source = open_source(path, ReadOptions(timezone="UTC", layout=Layout(**layout)))
    rejects: list[Reject] = []
    batches = list(source.batches(rejects.append))
    rows = [
        {"line": line} | row
        for b in batches
        for line, row in zip(b.lines.to_pylist(), b.table.to_pylist(), strict=True)
    ]
    return rows, rejects, source


def book(tmp_path: Path, **sheets: list) -> Path:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(xlsx(sheets))
    return path


def test_cells_keep_their_types_and_rows_their_numbers(tmp_path: Path) -> None:
    rows, rejects, source = read(book(tmp_path, Orders=ORDERS))
    assert [row["line"] for row in rows] == [3, 5, 6]
    assert [row["event_id"] for row in rows] == ["12", "e2", "e3"]
    assert [row["brand"] for row in rows] == ["7", "b", "b"]
    assert [row["points"] for row in rows] == [1.5, -2.0, None]
    assert [row["at"] for row in rows] == [
        datetime(2025, 7, 14, 12, 30, tzinfo=UTC),
        datetime(2025, 7, 14, 13, tzinfo=UTC),
        datetime(2025, 7, 15, tzinfo=UTC),
    ]
    assert [row["kind"] for row in rows] == ["x", "1.25", "true"]
    assert [(r.line, r.column, r.value) for r in rejects] == [(7, "points", "many")]
    assert source.bytes_read == source.size
    assert source.ignored_columns == ()
    assert read(tmp_path / "orders.xlsx")[0] == rows


def test_the_sheet_that_is_stated_is_read_else_the_first_with_data_and_the_others_are_named(tmp_path: Path) -> None:
    one, two = [["source", "target"], ["a", "b"]], [["source", "target"], ["c", "d"]]
    path = book(tmp_path, Empty=[], Ties=one, More=two)
    rows, _, source = read(path)
    assert [row["source"] for row in rows] == ["a"]
    assert source._reader.notes == [f"{path}: sheet 'Ties' is read, and not 'More'"]
    rows, _, source = read(path, sheet="more")
    assert [row["source"] for row in rows] == ["c"]
    assert source._reader.notes == []
    with pytest.raises(InputError, match="no sheet 'Tie'; did you mean 'Ties'"):
        read(path, sheet="Tie")
    with pytest.raises(UnreadableFile, match="no sheet with data"):
        read(book(tmp_path, Empty=[]))


def test_a_sheet_without_a_header_takes_stated_names(tmp_path: Path) -> None:
    path = book(tmp_path, Ties=[["a", "b"], ["c", "d"]])
    assert [row["source"] for row in read(path, columns=("source", "target"))[0]] == ["a", "c"]
    assert [row["line"] for row in read(path, columns=("source", "target"), header=True)[0]] == [2]
    with pytest.raises(UnreadableFile, match="row 1 has 2 columns, and 1 names"):
        read(path, columns=("source",))


def test_ids_beyond_what_a_workbook_keeps_are_rejected(tmp_path: Path) -> None:
    path = book(tmp_path, Ties=[["source", "target"], [2**53, "b"], [2**53 + 2, "b"], [float(2**60), 12.0]])
    rows, rejects, _ = read(path)
    assert [row["source"] for row in rows] == [str(2**53)]
    assert [(r.line, r.column) for r in rejects] == [(3, "source"), (4, "source")]
    assert "15 digits" in rejects[0].reason


def test_many_rows_of_mixed_cells_stay_in_order(tmp_path: Path) -> None:
    cells = [n if n % 7 else str(n) for n in range(25_000)]
    rows, rejects, _ = read(book(tmp_path, T=[["source", "target", "weight"], *([f"a{n}", "b", n] for n in cells)]))
    assert [row["weight"] for row in rows] == list(range(25_000))
    assert rejects == []


def test_a_column_twice_is_refused_only_if_it_is_needed(tmp_path: Path) -> None:
    header = ["source", "target", "note", "note"]
    assert len(read(book(tmp_path, T=[header, ["a", "b", "x", "y"]]))[0]) == 1
    with pytest.raises(UnreadableFile, match="'target' more than once"):
        read(book(tmp_path, T=[["source", "target", "Target"], ["a", "b", "x"]]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (xlsx({"T": [["source", "target"]]})[:-200], "the zip data is broken"),
        (workbook.OLE_MAGIC + bytes(3000), "not a complete workbook"),
        (workbook.OLE_MAGIC + bytes(1000) + workbook._ENCRYPTED + bytes(5000), "is an encrypted workbook"),
    ],
)
def test_damaged_and_encrypted_workbooks_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "t.xlsx").write_bytes(content)
    with pytest.raises(UnreadableFile, match=reason):
        read(tmp_path / "t.xlsx")


def test_a_workbook_without_its_parts_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(UnreadableFile, match="not a complete workbook"):
        read(tmp_path / "t.xlsx")


def test_a_workbook_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_WORKBOOK_BYTES", 3000)
    assert len(read(book(tmp_path, T=[["source", "target"], ["a", "b"]]))[0]) == 1
    path = book(tmp_path, T=[["source", "target"], *([f"a{n}", "b"] for n in range(100))])
    assert path.stat().st_size < 3000
    with pytest.raises(UnreadableFile, match="the limit is 3,000"):
        read(path)


def test_the_extra_is_named_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtra, match=r'pip install "influence-graph\[excel\]"'):
        read(book(tmp_path, T=[["source", "target"]]))


def test_a_workbook_within_a_zip_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "orders.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orders.xlsx", xlsx({"T": [["source", "target"], ["a", "b"]]}))
    assert len(read(path)[0]) == 1
