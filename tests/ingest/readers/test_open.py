"""The format of a file follows from its content, not from its name."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from influence_graph.errors import NotFound, UnreadableFile
from influence_graph.ingest.header import field_name
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.mapping import Mapping
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.readers.csv_file import CsvFile
from influence_graph.ingest.readers.json_lines import JsonLinesFile
from influence_graph.ingest.readers.open import open_reader
from influence_graph.ingest.readers.parquet import ParquetFile
from influence_graph.ingest.source import open_source


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"source": ["a"], "target": ["b"]}), sink)
    return sink.getvalue()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("content", "reader"),
    [
        (b"source;target\na;b\n", CsvFile),
        (b'\xef\xbb\xbf\n {"source": "a", "target": "b"}\n', JsonLinesFile),
        (parquet(), ParquetFile),
    ],
    ids=["CSV", "JSON Lines", "Parquet"],
)
def test_the_content_decides(tmp_path: Path, content: bytes, reader: type, packed: bool) -> None:
    path = tmp_path / "file.dat"
    path.write_bytes(gzip.compress(content) if packed else content)
    found = open_reader(path, ReadOptions())
    assert isinstance(found, reader)
    assert [field_name(name) for name in found.names] == ["source", "target"]
    (batch,) = open_source(path).batches(print)
    assert batch.table.select(["source", "target"]).to_pylist() == [{"source": "a", "target": "b"}]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "is empty"), (b"[1]", "without an array of objects"), (b"\x00\x01", "NUL bytes")],
)
def test_what_no_reader_takes_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=reason):
        open_reader(path, ReadOptions())


def test_a_column_that_is_there_twice_is_refused_only_if_it_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    for content in ("source,target,note,note\nann,june,x,y\n", "source,target,Note,note \nann,june,x,y\n"):
        path.write_text(content)
        (batch,) = open_source(path).batches(print)
        assert batch.table.num_rows == 1
    for content in ("source,target,weight,Weight\n", '{"source": 1, "target": 2, "weight": 3, "Weight": 4}\n'):
        path.write_text(content)
        with pytest.raises(UnreadableFile, match="has 'weight' more than once in its header; give every column one"):
            open_source(path)
    pq.write_table(pa.table([["a"], ["b"], ["c"]], names=["source", "target", "Target"]), path)
    with pytest.raises(UnreadableFile, match="has 'target' more than once"):
        open_source(path)


def test_the_layout_of_the_options_comes_before_that_of_the_mapping_field_by_field(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("a;b|é\n".encode("cp1252"))
    mapping = Mapping(kind="ties", fields={}, layout=Layout(encoding="cp1252", delimiter=";"))
    assert open_reader(path, ReadOptions(mapping=mapping)).names == ["a", "b|é"]
    assert open_reader(path, ReadOptions(mapping=mapping, layout=Layout(delimiter="|"))).names == ["a;b", "é"]


def test_standard_input_is_read_as_often_as_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (
        b"source,target\na,b\na,a\n",
        b'[{"source": "a", "target": "b"}, {"source": "a", "target": "a"}]',
        parquet(),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        source, rejects = open_source(Path("-")), []
        for _ in range(2):
            rejects.clear()
            (batch,) = source.batches(rejects.append)
            assert batch.table.num_rows == 1
            assert batch.file == "<stdin>"
        assert {reject.file for reject in rejects} <= {"<stdin>"}
        assert source.bytes_read == source.size == len(content)


@pytest.mark.parametrize(("content", "reason"), [(b"", "<stdin> is empty"), (b"a,b\n", "<stdin> matches no kind")])
def test_messages_name_standard_input(content: bytes, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    with pytest.raises(UnreadableFile, match=reason):
        open_source(Path("-"))


def test_standard_input_that_is_no_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UnreadableFile, match="<stdin> is not redirected; pipe a file"):
        open_source(Path("-"))


def test_a_kind_may_be_given_by_name_and_an_unknown_one_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("id,name\na,A\n")
    assert open_source(path, ReadOptions(kind="people")).kind.name == "people"
    with pytest.raises(NotFound, match=r"peopel.*did you mean 'people'"):
        open_source(path, ReadOptions(kind="peopel"))
