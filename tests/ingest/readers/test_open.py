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
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.readers.csv_file import CsvFile
from influence_graph.ingest.readers.json_lines import JsonLinesFile
from influence_graph.ingest.readers.open import open_reader
from influence_graph.ingest.readers.parquet import ParquetFile
from influence_graph.ingest.source import open_source
from influence_graph.model.records import Field, FieldType, RecordKind


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
    [(b"", "is empty"), (b"[1]", "is one JSON array")],
)
def test_what_no_reader_takes_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=reason):
        open_reader(path, ReadOptions())


def test_names_of_the_stated_kind_count_when_the_delimiter_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("alpha;beta, or gamma\n")
    kind = RecordKind("letters", (Field("alpha", FieldType.ID),), ("alpha",), "letters")
    assert open_reader(path, ReadOptions()).names == ["alpha;beta", "or gamma"]
    assert open_reader(path, ReadOptions(kind=kind)).names == ["alpha", "beta, or gamma"]


def test_a_kind_may_be_given_by_name_and_an_unknown_one_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("id,name\na,A\n")
    assert open_source(path, ReadOptions(kind="people")).kind.name == "people"
    with pytest.raises(NotFound, match=r"peopel.*did you mean 'people'"):
        open_source(path, ReadOptions(kind="peopel"))
