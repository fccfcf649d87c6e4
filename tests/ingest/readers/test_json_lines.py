from __future__ import annotations

import random

import pyarrow as pa

from influence_graph.ingest.readers import json_lines
from influence_graph.ingest.source import ReadOptions, open_source
from influence_graph.ingest.values.columns import parse_column
from influence_graph.model.records import PEOPLE, Field, FieldType

FIELDS = {
    "a": Field("a", FieldType.ID),
    "b": Field("b", FieldType.NUMBER),
    "c": Field("c", FieldType.INTEGER),
    "t": Field("t", FieldType.TIME),
    "o.a": Field("o.a", FieldType.TEXT),
    "o.p.b": Field("o.p.b", FieldType.NUMBER),
}
TYPES = {name: field.type for name, field in FIELDS.items()}
VALUES = [
    *(
        "1",
        '"1"',
        '"x"',
        "1.5",
        "-0",
        "1e5",
        "1E400",
        "NaN",
        "Infinity",
        "null",
        "true",
        "[]",
        "{}",
        "[1,[2]]",
        '{"a":1}',
    ),
    *('"2024-01-01T00:00:00Z"', '"\\u00e9"', '"\\ud800"', '"\\u0000"', "9223372036854775808", "007", "1.", '"é"', '""'),
    *('" x "', "0x10", '"\\/"', "1.0", "-1", "9007199254740993", "0.1", '"a\tb"', "12345678901234567890123", '"[{"'),
]
INNER = ['"a"', '"a"', '"a.b"', '"z"', '"p"']
KEYS = ["a", "b", "c", "t", "z", "\\u0061"]


def record(random_: random.Random) -> str:
    members = [f'"{key}":{random_.choice(VALUES)}' for key in random_.choices(KEYS, k=random_.randint(0, 4))]
    members += [f'"o":{nested(random_)}'] * random_.choice([0, 0, 1, 1, 1, 2])
    members += ['"o.a": "x"'] * (random_.random() < 0.05)
    text = "{" + ",".join(members) + "}"
    twist = random_.random()
    return text[:-1] if twist < 0.03 else text * 2 if twist < 0.06 else f" {text}" if twist < 0.09 else text


def nested(random_: random.Random) -> str:
    """Return an object as the value of ``o``, or something else in its place."""
    inner = f'{{"b":{random_.choice(VALUES)}}}'
    members = (
        f"{random_.choice(INNER)}:{random_.choice([*VALUES, inner, inner])}" for _ in range(random_.randint(0, 3))
    )
    return random_.choice(["{" + ",".join(members) + "}"] * 6 + ["null", "1", "[]", '"x"'])


def outcomes(chunks):
    found = []
    for chunk in chunks:
        rows = len(chunk.lines)
        columns = {name: parse_column(chunk.columns.get(name, pa.nulls(rows)), field) for name, field in FIELDS.items()}
        for row in range(rows):
            bad = [n for n in FIELDS if row in columns[n].faults or row in chunk.faults.get(n, {})]
            good = [str(columns[n].values[row]) for n in FIELDS if n not in bad]
            found.append((int(chunk.lines[row]), bad, good))
        found += [(line, "skipped", []) for line, _ in chunk.skipped]
    return sorted(found, key=lambda item: item[0])


def test_both_ways_of_reading_agree():
    """The fast path is taken only where the standard library reads the same."""
    random_ = random.Random(11)
    taken = 0
    for _ in range(4_000):
        data = "\n".join(record(random_) for _ in range(random_.randint(1, 2))).encode()
        slow = outcomes([json_lines._parse_line_by_line(data, 1, TYPES)])
        assert outcomes(json_lines._parse(data, 1, TYPES)) == slow, data
        lines = json_lines._flat_lines(data)
        taken += lines is not None and json_lines._columns(data, len(lines), TYPES) is not None
    assert taken > 100


def test_keys_in_capitals_and_rare_keys(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text('{"ID": "a", "x": 1}\n{"ID": "b", "followers": 3}\r\n  \n{"ID": 3, "y": [1]}\n')
    source, rejects = open_source(path, ReadOptions(kind=PEOPLE)), []
    (batch,) = source.batches(rejects.append)
    assert batch.table.column("id").to_pylist() == ["a", "b", "3"]
    assert batch.table.column("followers").to_pylist() == [None, 3, None]
    assert batch.lines.to_pylist() == [1, 2, 4]
    assert source.ignored_columns == ("x", "y")
    assert not rejects


def test_fields_within_objects_and_lists_are_read_by_their_dotted_names(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text(
        '{"to": {"id": "a", "n": 1}, "list": [{"value": 7}, {"value": 8}], "k": [1, 2], "e": {}}\n'
        '{"to": {"id": "b"}, "list": [], "to.n": 5}\n{"to": null, "list": [{"value": "x"}]}\n'
    )
    reader = json_lines.JsonLinesFile(path)
    assert reader.names == ["to.id", "to.n", "list.0.value", "list.1.value", "k", "e", "list", "to"]
    wanted = {name: Field(name, FieldType.TEXT) for name in ("to.id", "to.n", "list.0.value", "list.1.value")}
    (chunk,) = reader.chunks(wanted)
    assert {name: column.to_pylist() for name, column in chunk.columns.items()} == {
        "to.id": [b"a", b"b", None],
        "to.n": [b"1", b"5", None],
        "list.0.value": [b"7", None, b"x"],
        "list.1.value": [b"8", None, None],
    }


def test_nested_records_take_the_fast_path(tmp_path):
    data = b'{"to": {"id": "a", "in": {"n": 1.5}}}\n{"to": null}\n{"to": {"in": null}}\n'
    columns = json_lines._columns(data, 3, {"to.id": FieldType.ID, "to.in.n": FieldType.NUMBER})
    assert {name: column.to_pylist() for name, column in columns.items()} == {
        "to.id": ["a", None, None],
        "to.in.n": [1.5, None, None],
    }
