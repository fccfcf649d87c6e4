"""Mutated files of every kind that is read, each by the command that reads it; nothing is stored."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq

from influence_graph.cli.commands import import_
from tests.bad_input.cases import CASES
from tests.ingest.workbooks import xlsx

ROOT = Path(__file__).resolve().parents[1]
MOST_BYTES = 200_000
_TOKENS = (
    b"", b'"', b'""', b"'", b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\0", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b"\xc3", b"\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\x1b[31m", b"\x1f", b"{", b"}", b"[", b"]", b"[" * 3000,
    b'{"a":' * 3000, b"\\", b"\\u0000", b"\\ud800", b"NaN", b"Infinity", b"-0", b"1e400", b"-1e400", b"9" * 400, b"1" + b"0" * 5000,
    b"18446744073709551616", b"0x1p3", b"1_000", b"null", b"true", b"0001-01-01", b"9999-12-31T23:59:59Z", b"2026-02-30",
    b"2025-03-30T02:30", b"+99:99", b"24:00:00", b"=1+1", b"#", b"%", b"sep=,", b"*Vertices 99999999999999999999", b"*Arcs", b"*Edges",
    b"%%MatrixMarket matrix coordinate real general", b"999999999999 999999999999 1", b"-1 -1", b"<!DOCTYPE a [<!ENTITY b \"c\">]>&b;",
    b"<", b"/>", b"&#0;", b"&#xD800;", b"]]>", b"id", b"source", b"target", b"x" * 70_000, b"\xf0\x9f\x90\x88", b"e\xcc\x81", b" ",
    b"kind", b"nan", b"-inf", b"[[", b"]]", b"=", b"'''", b"\"\"\"", b"PK\x03\x04", b"PAR1", b"\x1f\x8b",
)  # fmt: skip


@dataclass(frozen=True)
class Seed:
    """A valid file: its suffix, its bytes, and the commands that read it; {} stands for the file."""

    suffix: str
    content: bytes
    commands: tuple[tuple[str, ...], ...]


_TABLE = (
    ("inspect", "{}"), ("inspect", "{}", "--format", "json", "-o", "out.toml", "--force"), ("ingest", "{}", "--dry-run"),
    ("ingest", "{}", "--dry-run", "--timezone", "Europe/Berlin", "--format", "json"), ("ingest", "{}", "--as", "people", "--dry-run"),
    ("ingest", "{}", "--as", "interactions", "--map", "event_id=digest", "--set", "brand=acme", "--set", "kind=visit", "--dry-run"),
)  # fmt: skip
_NETWORK = (("import", "edges", "{}"), ("import", "edges", "{}", "--timezone", "UTC"), ("inspect", "{}"))
_POLICY = (("policy", "check", "{}"), ("score", "--policy", "{}", "--top", "1"))
_MAPPING = (("ingest", "people.csv", "--mapping", "{}", "--dry-run"), ("inspect", "people.csv", "--mapping", "{}"))
_TOUCHPOINTS = (("score", "--touchpoints", "{}", "--top", "1"), ("touchpoints", "show", "--touchpoints", "{}"))
_GRAPHS = {
    ".graphml": '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="w" for="edge" attr.name='
    '"weight" attr.type="double"/><graph edgedefault="directed"><node id="a"/><node id="b"/><edge source="a" target="b"><data'
    ' key="w">2.5</data></edge></graph></graphml>',
    ".gexf": '<?xml version="1.0"?><gexf xmlns="http://gexf.net/1.3" version="1.3"><graph defaultedgetype="directed"><nodes>'
    '<node id="a" label="A"/><node id="b" label="B"/></nodes><edges><edge id="0" source="a" target="b" weight="2"/></edges></graph></gexf>',
    ".gml": 'graph [\n directed 1\n node [ id 0 label "a" ]\n node [ id 1 label "b" ]\n edge [ source 0 target 1 weight 2.5 ]\n]\n',
    ".net": '*Vertices 3\n1 "a"\n2 "b"\n3 "c"\n*Arcs\n1 2 1.5\n*Edges\n2 3\n',
    ".mtx": "%%MatrixMarket matrix coordinate real general\n% a\n3 3 2\n1 2 1.5\n2 3 1\n",
    ".edges": "# a comment\n1 2\n2 3 0.5\n3 1 1.0\n",
    ".tsv": "% asym weighted\n% 3 3 3\n1\t2\t1\t1262304000\n2\t3\t2\t1262304001\n",
    ".edgelist": "a b {'weight': 2.0}\nb c {'weight': 1, 'since': '2020-01-01'}\n",
    ".adjlist": "# a\na b c\nb c\n",
    ".csv": "Source,Target,Type,Weight,Label\n1,2,Directed,1,x\n2,3,Undirected,2,\n",
    ".txt": ":START_ID,:END_ID,:TYPE,weight:double\na,b,FOLLOWS,1\nb,c,FRIEND,2\n",
}  # fmt: skip


def seeds() -> list[Seed]:
    """Return the valid files."""
    found = [Seed(each.suffix, each.content, _TABLE) for each in CASES if len(each.content) < MOST_BYTES]
    files = (*(ROOT / "tests/ingest/presets/files").iterdir(), *(ROOT / "datasets/story").iterdir())
    found += [Seed(each.suffix, each.read_bytes(), _TABLE) for each in sorted(files)]
    story = [pv.read_csv(ROOT / f"datasets/story/{name}.csv") for name in ("people", "ties", "interactions", "sales")]
    found += [Seed(".parquet", _parquet(table, kind), _TABLE) for table in story for kind in ("snappy", "none", "zstd")]
    found += [Seed(".xlsx", xlsx({"a": [table.column_names, *_rows(table)]}), _TABLE) for table in story]
    lines = [b"".join(json.dumps(row, default=str).encode() + b"\n" for row in table.to_pylist()) for table in story]
    found += [Seed(".jsonl", each, _TABLE) for each in lines]
    found += [Seed(suffix, text.encode(), _NETWORK) for suffix, text in _GRAPHS.items() for _ in range(4)]
    found += [
        Seed(".toml", each.read_bytes(), _MAPPING) for each in (ROOT / "influence_graph/ingest/presets").glob("*.toml")
    ]
    found += 8 * [Seed(".toml", (ROOT / "influence_graph/model/policy/policy.toml").read_bytes(), _POLICY)]
    found += 8 * [Seed(".toml", (ROOT / "influence_graph/model/touchpoints.toml").read_bytes(), _TOUCHPOINTS)]
    packed = [found[number * 7 % len(found)] for number in range(40)]
    found += [Seed(suffix, pack(each.content), each.commands) for each in packed for suffix, pack in _PACKED.items()]
    return found


def _parquet(table: pa.Table, compression: str) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression=compression)
    return sink.getvalue()


def _rows(table: pa.Table) -> list[list[Any]]:
    return [
        [value if isinstance(value, str | int | float) else str(value or "") for value in row.values()]
        for row in table.to_pylist()
    ]


def _zipped(content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
    return sink.getvalue()


_PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress, ".zip": _zipped, ".zst": lambda content: pa.compress(content, "zstd", asbytes=True),
}  # fmt: skip


def mutated(seed: Seed, others: list[Seed], dice: random.Random) -> bytes:
    """Return the content of *seed* after one to four changes."""
    content = bytearray(seed.content)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 4))):
        change = dice.choice(_CHANGES)
        content = bytearray(change(content, dice, others)[:MOST_BYTES])
    return bytes(content)


def _flipped(content: bytearray, dice: random.Random, others: list[Seed]) -> bytearray:
    del others
    for _ in range(dice.choice((1, 2, 8))):
        if content:
            content[_place(content, dice)] ^= 1 << dice.randrange(8)
    return content


def _cut(content: bytearray, dice: random.Random, others: list[Seed]) -> bytearray:
    del others
    return content[: dice.randrange(len(content) + 1)]


def _without(content: bytearray, dice: random.Random, others: list[Seed]) -> bytearray:
    del others
    start = _place(content, dice)
    return content[:start] + content[start + dice.randrange(1, 50) :]


def _twice(content: bytearray, dice: random.Random, others: list[Seed]) -> bytearray:
    del others
    start = _place(content, dice)
    part = content[start : start + dice.randrange(1, 300)]
    return content[:start] + part * dice.choice((2, 3, 100)) + content[start:]


def _spliced(content: bytearray, dice: random.Random, others: list[Seed]) -> bytearray:
    other = dice.choice(others).content
    start = _place(content, dice)
    return content[:start] + other[_place(other, dice) :]


def _token(content: bytearray, dice: random.Random, others: list[Seed]) -> bytearray:
    del others
    start = _place(content, dice)
    return content[:start] + dice.choice(_TOKENS) + content[start + dice.choice((0, 0, 1, 5)) :]


def _cell(content: bytearray, dice: random.Random, others: list[Seed]) -> bytearray:
    """Put a token in place of one value: of a cell of CSV, a member of JSON, what stands behind = in TOML."""
    lines = bytes(content).split(b"\n")
    at = 0 if dice.random() < 0.2 else dice.randrange(len(lines))
    line, token = lines[at], dice.choice(_TOKENS)
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if isinstance(record, dict) and record:
        record[dice.choice(list(record))] = dice.choice(
            (token.decode("latin-1"), None, [], {}, [[None]], 1e308, 10**30, True)
        )
        lines[at] = json.dumps(record).encode()
    elif b"=" in line:
        lines[at] = line.partition(b"=")[0] + b"= " + token
    else:
        row = line.split(b",")
        row[dice.randrange(len(row))] = token
        lines[at] = b",".join(row)
    return (
        _flipped(bytearray(b"\n".join(lines)), dice, others) if dice.random() < 0.05 else bytearray(b"\n".join(lines))
    )


def _place(content: bytes | bytearray, dice: random.Random) -> int:
    """Return a place in *content*, more often at its ends, where headers and footers are."""
    size = max(1, len(content))
    near = min(size, 200)
    return dice.choice((dice.randrange(size), dice.randrange(near), size - 1 - dice.randrange(near)))


_CHANGES = (_flipped, _cut, _without, _twice, _spliced, _token, _token, _cell, _cell, _cell)


@contextmanager
def reading_only() -> Iterator[None]:
    """Let `import` read what it is given, and store nothing, in the ``with`` block."""
    former = import_.import_dataset

    def read(_: object, importer: Any, path: Path, options: Any, *__: object) -> list[Any]:
        for _ in importer.read(path, options):
            pass
        return []

    import_.import_dataset = read  # type: ignore[assignment]
    try:
        yield
    finally:
        import_.import_dataset = former


def cases(dice: random.Random, folder: Path) -> Iterator[list[str]]:
    """Yield command lines without end, each on a mutated file that was written to *folder*."""
    every = seeds()
    while True:
        seed = dice.choice(every)
        path = folder / f"mutated{seed.suffix}"
        path.write_bytes(mutated(seed, every, dice))
        yield [part.replace("{}", path.name) for part in dice.choice(seed.commands)]
