"""A document is its records, wherever they are; every digit and byte of them is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.readers import json_document
from influence_graph.ingest.readers.json_document import JsonDocument
from influence_graph.ingest.readers.json_lines import JsonLinesFile
from influence_graph.ingest.readers.open import Reader, open_reader
from influence_graph.ingest.source import open_source
from influence_graph.model.records import Field, FieldType

TIES = [{"source": "ann", "target": "Zoë"}, {"source": 12345678901234567890, "target": "j\nk", "more": {"x": [1]}}]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)
VALUES = st.recursive(TEXT | st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3))


def ids(reader: Reader, *names: str) -> list[tuple[str | None, ...]]:
    wanted = {name: Field(name, FieldType.TEXT) for name in names}
    rows = []
    for chunk in reader.chunks(wanted):
        columns = [chunk.columns[name].to_pylist() for name in names]
        rows += [
            tuple(v.decode() if isinstance(v, bytes) else None if v is None else str(v) for v in row)
            for row in zip(*columns, strict=True)
        ]
    return rows


def opened(path: Path, content: str | bytes, **layout: str) -> Reader:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_reader(path, ReadOptions(layout=Layout(**layout)))


@pytest.mark.parametrize("indent", [None, 1, "\t"])
@pytest.mark.parametrize("ascii_", [True, False])
@pytest.mark.parametrize(
    ("wrap", "note"),
    [
        (lambda ties: ties, ""),
        (lambda ties: {"ties": ties}, "'ties'"),
        (lambda ties: {"count": 2, "é data": {"my list": ties, "other": [1, 2], "none": []}}, "'é data.my list'"),
        (lambda ties: [[], [1], ties], "'2'"),
    ],
)
def test_the_only_array_of_objects_holds_the_records(
    tmp_path: Path, wrap: object, note: str, indent: object, ascii_: bool
) -> None:
    reader = opened(tmp_path / "t.json", json.dumps(wrap(TIES), indent=indent, ensure_ascii=ascii_))
    assert isinstance(reader, JsonDocument)
    assert ids(reader, "source", "target") == [("ann", "Zoë"), ("12345678901234567890", "j\nk")]
    assert reader.names == ["source", "target", "more.x"]
    assert reader.notes == ([f"{tmp_path / 't.json'}: the records are those at {note}"] if note else [])
    assert reader.position == reader.size


def test_a_file_of_the_archive_of_x_is_a_document(tmp_path: Path) -> None:
    text = 'window.YTD.follower.part0 = [ {\n "follower" : {\n "accountId" : "17", "userLink" : "x"\n }\n} ]'
    reader = opened(tmp_path / "follower.js", text)
    assert reader.names == ["follower.accountId", "follower.userLink"]
    assert ids(reader, "follower.accountId") == [("17",)]


def test_several_arrays_are_refused_with_their_names_and_one_can_be_stated(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    text = json.dumps({"Activity": {"Follower List": {"FansList": TIES[:1]}, "Following": {"Following": TIES}}})
    with pytest.raises(UnreadableFile, match=r"2 arrays of objects, at 'Activity.Follower List.FansList', 'Activity"):
        opened(path, text)
    assert len(ids(opened(path, text, records="Activity.Follower List.FansList"), "source")) == 1
    assert len(ids(opened(path, text, records="Activity.Following.Following"), "source")) == 2
    with pytest.raises(InputError, match=r"no 'Folowing.X', of the records .*; did you mean 'Following'"):
        opened(path, text, records="Activity.Folowing.X")
    with pytest.raises(InputError, match=r"no array at 'Activity.Following'"):
        opened(path, text, records="Activity.Following")
    assert len(ids(opened(path, '{"a.b": {"c": [{"id": 1}]}, "a": 1}', records="a.b.c"), "id")) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{\n "id": "a"\n}\n', "is one JSON document without an array of objects"),
        ("[1, 2]", "without an array of objects"),
        ('[\n{"id": 1},\n{"id": }\n]', "line 3 is not JSON: Expecting value at character 8"),
        ('[\n{"id": 1}\n', "line 3 is not JSON: Ends early"),
        ('[{"id": 1} {"id": 2}]', "line 1 is not JSON: Expecting ','"),
        ('{"a": [{"id": 1}],\n b: 1}', "line 2 is not JSON: Expecting property name"),
        ('[{"id": 1}] [2]', "goes on after its JSON document"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_what_is_no_document_of_records_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        opened(tmp_path / "t.json", content)


def test_a_document_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "MAX_DOCUMENT_BYTES", 100)
    assert opened(tmp_path / "t.json", json.dumps(TIES[:1])).names
    with pytest.raises(UnreadableFile, match=r"more than 100 bytes; write one object per line, .* jq -c"):
        opened(tmp_path / "t.json", json.dumps(TIES))


def test_a_bad_record_costs_itself_and_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(
        b'[{"source": "a", "target": "b"},\n5, {"source": "\xff", "target": "b"},\n{"source": [1], "target": "b"}]'
    )
    rejects = []
    (batch,) = open_source(path).batches(rejects.append)
    assert batch.lines.to_pylist() == [1]
    assert [(r.line, r.column, r.file) for r in rejects] == [
        (n, c, str(path)) for n, c in ((2, ""), (3, ""), (4, "source"))
    ]


@pytest.mark.parametrize(
    ("content", "document"),
    [
        ('{"source": "a", "items": [{"x": 1}]}\n', False),
        ('{"items": [{"x": 1}]}\n{"items": [{"x": 2}]}\n', False),
        ('{"items": [{"x": 1}]}', True),
        ('{"n": 1}', False),
        ('{"source": "a"\n{"source": "b"}\n', False),
        ("{'source': 'a'}\n", False),
        ('{"a": [\n{"source": "b"}\n]}', True),
        ('{"a": [\n' + '{"source": "b"},\n' * 100_000 + "{}]}", True),
        ('{"a": "' + "x" * (1 << 20) + '", "b": [{"c": 1}]}', True),
    ],
)
def test_lines_and_documents_are_told_apart(tmp_path: Path, content: str, document: bool) -> None:
    assert type(opened(tmp_path / "t.json", content)) is (JsonDocument if document else JsonLinesFile)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(TEXT, VALUES, max_size=4), min_size=1, max_size=5), st.booleans(), st.integers(0, 3))
def test_records_come_out_as_they_went_in(tmp_path: Path, records: list[dict], ascii_: bool, indent: int) -> None:
    reader = opened(tmp_path / "t.json", json.dumps({"a": 1, "b": records}, ensure_ascii=ascii_, indent=indent or None))
    assert isinstance(reader, JsonDocument)
    lines = Path(reader._file).read_text(encoding="utf-8").split("\n")
    assert [json.loads(line) for line in lines[:-1]] == records
