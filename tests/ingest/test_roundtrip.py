"""The same records give the same batches from every format; no corruption loses a record silently."""

from __future__ import annotations

import csv
import gzip
import json
import random
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from influence_graph.ingest.readers import csv_file, json_lines
from influence_graph.ingest.readers.blocks import LineBlocks
from influence_graph.ingest.source import ReadOptions, open_source
from influence_graph.model.records import INTERACTIONS, PEOPLE, Reject
from influence_graph.spreadsheets import guarded

UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs", "Mn")
IDS = st.text(st.characters(exclude_categories=UNSEEN, exclude_characters="|ㅤᅟᅠﾠ"), min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=UNSEEN), min_size=1, max_size=20)
NUMBERS = st.floats(0, 1, allow_subnormal=False)
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))
RECORDS = st.fixed_dictionaries(
    {"event_id": IDS, "at": MOMENTS, "consumer": IDS, "brand": IDS},
    optional={
        "direction": st.sampled_from(("to_brand", "to_consumer")),
        "kind": TEXTS,
        "points": st.floats(allow_nan=False, allow_infinity=False),
        "confidence": NUMBERS,
        "platform": TEXTS,
        "with_brands": st.lists(IDS, min_size=1, max_size=3).map(lambda ids: "|".join(ids) + "|"),
        "recorded_at": MOMENTS,
        "item": IDS,
        "replaces": IDS.map(lambda id_: f"{id_}+"),
    },
)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def plain(record: dict) -> dict:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in record.items()}


def as_csv(records: list[dict], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, INTERACTIONS.names)
        writer.writeheader()
        writer.writerows({k: guarded(v) if isinstance(v, str) else v for k, v in plain(r).items()} for r in records)


def as_jsonl(records: list[dict], path: Path) -> None:
    head = json.dumps(dict.fromkeys(INTERACTIONS.names) | plain(records[0]))  # every key once
    path.write_text("\n".join([head, *(json.dumps(plain(record)) for record in records[1:])]), "utf-8")


def as_parquet(records: list[dict], path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(records, INTERACTIONS.schema), path)


def accepted(path: Path) -> pa.Table:
    rejects: list[Reject] = []
    batches = list(open_source(path, ReadOptions(kind=INTERACTIONS)).batches(rejects.append))
    assert rejects == []
    return pa.concat_tables([batch.table for batch in batches])


@QUICK
@given(st.lists(RECORDS, min_size=1, max_size=6))
def test_formats_agree(tmp_path, records):
    tables = []
    for write in (as_csv, as_jsonl, as_parquet):
        path = tmp_path / write.__name__
        write(records, path)
        tables.append(accepted(path))
        packed = tmp_path / "packed.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        tables.append(accepted(packed))
    assert all(table.equals(tables[0]) for table in tables)
    assert tables[0].column("at").to_pylist() == [record["at"] for record in records]
    assert tables[0].column("points").to_pylist() == [record.get("points") for record in records]


@pytest.mark.parametrize("seed", range(30))
def test_corruption_within_lines_never_loses_a_record(tmp_path, seed):
    random_ = random.Random(seed)
    lines = [f"e{i},2024-01-01T00:00:0{i % 10}Z,c{i % 5},b{i % 3},{i / 7}".encode() for i in range(200)]
    spoiled = [spoil(line, random_) if random_.random() < 0.3 else line for line in lines]
    path = tmp_path / "i.csv"
    path.write_bytes(b"event_id,at,consumer,brand,points\n" + b"\n".join(spoiled))
    source, rejects = open_source(path), []
    kept = [line for batch in source.batches(rejects.append) for line in batch.lines.to_pylist()]
    untouched = {number for number, (a, b) in enumerate(zip(lines, spoiled, strict=True), start=2) if a == b}
    assert sorted(kept + [reject.line for reject in rejects]) == list(range(2, 202))
    assert source.rows == 200
    assert untouched <= set(kept)


def spoil(line: bytes, random_: random.Random) -> bytes:
    """Change some bytes; no line feed, and no quote, which could join lines."""
    place = random_.randrange(len(line))
    return line[:place] + bytes(random_.choices(b"\x00\x1b ,,;.-x9\x80\xc3\xff", k=2)) + line[place + 1 :]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_records_do_not_depend_on_where_blocks_are_cut(tmp_path, monkeypatch, kind):
    random_ = random.Random(5)
    path = tmp_path / f"people.{kind}"
    rows = [(f"p{i}", "\n".join(random_.choices(("x" * 70, 'a "quoted" word', ",;"), k=4))) for i in range(20_000)]
    with path.open("w", newline="") as file:
        if kind == "csv":
            csv.writer(file, lineterminator="\n").writerows([("id", "name"), *rows])
            file.write('last,6" pipe\n"open,quote\nafter,it\n')
        else:
            file.writelines(json.dumps({"id": i, "name": name, "city": None}) + "\n" for i, name in rows)
            file.write("{\n")
    options = ReadOptions(kind=PEOPLE)
    results = []
    for block in (16 << 20, 400_000, 270_001):
        for module in (csv_file, json_lines):
            monkeypatch.setattr(module, "LineBlocks", partial(small_blocks, block))
        rejects: list[Reject] = []
        batches = list(open_source(path, options).batches(rejects.append))
        table = pa.concat_tables([batch.table for batch in batches])
        results.append((table.to_pylist(), [n for b in batches for n in b.lines.to_pylist()], rejects))
    assert results[0] == results[1] == results[2]
    assert len(results[0][0]) == (20_002 if kind == "csv" else 20_000)
    assert len(results[0][2]) == 1


def small_blocks(limit: int, stream, block_bytes: int = 16 << 20) -> LineBlocks:
    return LineBlocks(stream, min(limit, block_bytes))
