"""Mappings applied to files: fields, joined columns, constants, digests, skipped rows, and refusals in one line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.mapping.file import parse_mapping
from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.ingest.mapping.rules import changes_of
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.source import Source, open_source
from influence_graph.model.records import INTERACTIONS, Reject

ORDERS = """Order;Line;Email;Created at;Total;NPS;State
1001;1;Ann@x.org;14/07/2025 10:30;8,50;10;paid
1001;2;Ann@x.org;14/07/2025 10:30;1.234,00;0;paid
1002;1;bob@x.org;;3;5;Void
1003;1;bob@x.org;15/07/2025 00:00;;5;
1003;1;bob@x.org;15/07/2025 00:00;;5; paid
"""
SHOP = """
kind = "interactions"
timezone = "Europe/Berlin"
[skip]
"created AT" = [""]
State = ["void", ""]
[fields]
event_id = {columns = ["Order", "Line"], prefix = "shop-"}
at = {column = "Created at", format = "%d/%m/%Y %H:%M"}
consumer = "email"
brand = {constant = "acme"}
kind = {constant = "purchase"}
value = {column = "Total", decimal = ","}
valence = {column = "NPS", scale = [0, 10]}
"""


def write(folder: Path, text: str = ORDERS, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path, options: ReadOptions) -> tuple[list[dict[str, Any]], list[Reject], Source]:
    source, rejects = open_source(path, options), []
    rows = [row for batch in source.batches(rejects.append) for row in batch.table.to_pylist()]
    return rows, rejects, source


def mapped(
    mapping: str | None = None, maps: tuple[str, ...] = (), sets: tuple[str, ...] = (), **options: Any
) -> ReadOptions:
    parsed = None if mapping is None else parse_mapping(mapping, "m.toml")
    return ReadOptions(mapping=parsed, changes=changes_of(maps, sets), **options)


def test_fields_are_made_of_columns_constants_and_parts(tmp_path: Path) -> None:
    rows, rejects, source = read(write(tmp_path), mapped(SHOP))
    assert not rejects
    names = ("event_id", "consumer", "brand", "kind", "value", "valence")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("shop-1001-1", "Ann@x.org", "acme", "purchase", 8.5, 1.0),
        ("shop-1001-2", "Ann@x.org", "acme", "purchase", 1234.0, -1.0),
        ("shop-1003-1", "bob@x.org", "acme", "purchase", None, 0.0),
    ]
    assert [row["at"].isoformat() for row in rows[:1]] == ["2025-07-14T08:30:00+00:00"]
    assert source.skipped == {"Created at is empty": 1, "State is empty": 1}
    assert source.rows == 3
    assert source.ignored_columns == ()


def test_changes_come_before_the_mapping_and_a_mapping_before_its_layout(tmp_path: Path) -> None:
    options = mapped(SHOP, maps=("consumer=Order prefix buyer-",), sets=("brand=nova",))
    rows, _, _ = read(write(tmp_path), options)
    assert {(row["consumer"], row["brand"]) for row in rows} == {("buyer-1001", "nova"), ("buyer-1003", "nova")}


def test_without_a_mapping_columns_named_like_fields_map_by_themselves(tmp_path: Path) -> None:
    path = write(tmp_path, "ID,Consumer,Email,at,brand\ne1,x,ann,2026-01-01T00:00:00Z,acme\n")
    rows, _, source = read(path, mapped(maps=("event_id=ID", "consumer=Email")))
    assert [(row["event_id"], row["consumer"], row["brand"]) for row in rows] == [("e1", "ann", "acme")]
    assert (source.kind.name, source.ignored_columns) == ("interactions", ("Consumer",))


def test_one_column_may_serve_several_fields_in_every_format(tmp_path: Path) -> None:
    options = mapped(maps=("event_id=n", "consumer=n prefix c-", "at=t unit s", "valence=v"), sets=("brand=b",))
    values = {"n": [7, 8], "t": [1_700_000_000, 1_700_000_001], "v": [0.5, -1.0]}
    (tmp_path / "t.csv").write_text("n,t,v\n7,1700000000,0.5\n8,1700000001,-1.0\n")
    pq.write_table(pa.table(values), tmp_path / "t.parquet")
    records = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    found = [read(tmp_path / f"t.{suffix}", options) for suffix in ("csv", "parquet", "jsonl")]
    assert all(not rejects for _, rejects, _ in found)
    assert found[0][0] == found[1][0] == found[2][0]
    assert [(row["event_id"], row["consumer"], row["at"].timestamp()) for row in found[0][0]] == [
        ("7", "c-7", 1_700_000_000),
        ("8", "c-8", 1_700_000_001),
    ]


def test_parts_of_an_id_keep_their_places_and_those_of_a_text_are_words(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\n1, x ,Ann\n,x,\n1,,Bo\n,,\n")
    mapping = Mapping(kind="people", fields={"id": Rule(columns=("a", "b")), "name": Rule(columns=("c", "a", "b"))})
    rows, rejects, _ = read(path, ReadOptions(mapping=mapping))
    assert [(row["id"], row["name"]) for row in rows] == [("1-x", "Ann 1 x"), ("-x", "x"), ("1-", "Bo 1")]
    assert [(reject.line, reject.column, reject.reason) for reject in rejects] == [(5, "a + b", "is empty")]


def test_a_reject_names_the_column_as_it_is_written(tmp_path: Path) -> None:
    path = write(tmp_path, ORDERS.replace("14/07/2025 10:30;8,50", "32/07/2025 10:30;8,50"))
    _, rejects, _ = read(path, mapped(SHOP))
    assert [(reject.line, reject.column, reject.value) for reject in rejects] == [(2, "Created at", "32/07/2025 10:30")]


def test_bytes_that_are_no_text_do_not_stop_skipping_or_joining(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,\xff\n2,void\n3,x\n")
    mapping = Mapping(kind="people", fields={"id": Rule(columns=("a", "b"))}, skip={"b": ("VOID",)})
    rows, rejects, source = read(path, ReadOptions(mapping=mapping))
    assert [row["id"] for row in rows] == ["3-x"]
    assert (len(rejects), source.skipped) == (1, {"b is VOID": 1})


DIGEST = mapped(maps=("event_id=digest", "consumer=Email", "at=Day"), sets=("brand=acme",), timezone="UTC")
LOG = "Email,Day,Note\nann,2026-01-01,x\nann,2026-01-01,y\nbob,2026-01-02,x\nann,2026-01-01,x\n"


def ids(path: Path, options: ReadOptions = DIGEST) -> list[str]:
    return [row["event_id"] for row in read(path, options)[0]]


def test_digests_are_of_the_values_that_are_read_and_number_equal_rows(tmp_path: Path) -> None:
    first = ids(write(tmp_path, LOG))
    assert re.fullmatch("[0-9a-f]{32}", first[0])
    assert first[1:] == [f"{first[0]}-2", first[2], f"{first[0]}-3"]
    assert first[2] != first[0]


def test_the_same_rows_have_the_same_digests_whatever_follows_or_how_they_are_cut(tmp_path: Path) -> None:
    first = ids(write(tmp_path, LOG))
    assert ids(write(tmp_path, LOG + "ann,2026-01-01,z\n")) == [*first, f"{first[0]}-4"]
    small = mapped(
        maps=("event_id=digest", "consumer=Email", "at=Day"), sets=("brand=acme",), timezone="UTC", batch_rows=1
    )
    assert ids(write(tmp_path, LOG), small) == first
    swapped = "".join(",".join(line.split(",")[::-1]) + "\n" for line in LOG.split())
    assert ids(write(tmp_path, swapped)) == first


def test_digests_do_not_depend_on_how_json_is_parsed(tmp_path: Path) -> None:
    options = mapped(maps=("event_id=digest", "value=v"), sets=("brand=b", "consumer=c", "at=2026-01-01T00:00:00Z"))
    good = '{"v": 1.50, "brand": "b", "at": 1}\n{"v": 2, "brand": "b", "at": 2}\n'
    whole = ids(write(tmp_path, good, "w.jsonl"), options)
    broken = ids(write(tmp_path, good + "{\n", "b.jsonl"), options)
    assert len(set(whole)) == 2
    assert broken == whole


REFUSED = {
    "missing column": (mapped(SHOP.replace('"email"', '"E mail"')), "orders.csv has no column 'E mail'", "'Email'"),
    "missing column to skip": (mapped(SHOP.replace("State", "Status")), "has no column 'Status'", "'State'"),
    "column twice in a rule": (mapped(SHOP.replace('"Order", "Line"', '"Order", "order"')), "'Order' twice", "once"),
    "required field": (mapped(SHOP.replace('consumer = "email"', "")), "consumer, required of", "--map consumer="),
    "no id": (
        mapped(maps=("at=Created at", "consumer=Email"), sets=("brand=a",), kind=INTERACTIONS),
        "event_id, required",
        "digest",
    ),
    "no fields, no kind": (mapped(maps=("at=Created at",)), "matches no kind of record", "--as"),
    "field of another kind": (mapped(SHOP, sets=("followers=3",)), "no field 'followers'", ""),
    "constant that is no time": (mapped(SHOP, sets=("at=soon",)), "at=soon", ""),
    "constant out of range": (mapped(SHOP, sets=("valence=2",)), "valence=2", "at most 1"),
    "unit of a text": (mapped(SHOP, maps=("kind=State unit s",)), "unit is for times", "leave out unit"),
    "digest of a time": (mapped(SHOP, maps=("at=digest",)), "cannot be a digest", "one column"),
    "several columns of a number": (
        mapped(SHOP, maps=("value=Total + NPS",)),
        "cannot be several columns",
        "one column",
    ),
    "another kind": (mapped(SHOP, kind="ties"), "the mapping is of interactions, not ties", "--as"),
    "question": (
        mapped(SHOP.replace('brand = {constant = "acme"}', "") + '[ask]\nbrand = "the brand of the shop"\n'),
        "needs the brand of the shop",
        "--set brand=",
    ),
    "another header": (
        mapped(
            SHOP.replace("[skip]", 'name = "shop"\nheader = ["Order", "Stars"]\n[skip]').replace("\nname", "\nname")
        ),
        "is no shop: it lacks 'Stars'",
        "inspect",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_mapping_that_does_not_fit_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    options, message, remedy = REFUSED[name]
    with pytest.raises(InputError) as refused:
        open_source(write(tmp_path), options)
    assert message in refused.value.message
    assert remedy in refused.value.remedy
    assert "\n" not in str(refused.value)


def test_a_needed_column_twice_is_refused_and_another_one_is_not(tmp_path: Path) -> None:
    path = write(tmp_path, "id,Name,x,NAME,x\n1,a,,b,\n")
    with pytest.raises(UnreadableFile, match="more than once in its header"):
        read(path, ReadOptions(kind="people"))
    (row,), _, _ = read(path, mapped('kind = "people"\n[fields]\nid = "id"\n'))
    assert (row["id"], row["name"]) == ("1", None)


def test_a_change_takes_the_place_of_a_column_of_the_header(tmp_path: Path) -> None:
    shop = SHOP.replace("[skip]", 'header = ["Order", "Mail"]\n[skip]').replace('"email"', '"Mail"')
    with pytest.raises(UnreadableFile, match="lacks 'Mail'"):
        read(write(tmp_path), mapped(shop))
    assert len(read(write(tmp_path), mapped(shop, maps=("consumer=Email",)))[0]) == 3


def test_a_decimal_mark_for_all_is_that_of_numbers_that_state_none(tmp_path: Path) -> None:
    path = write(tmp_path, "source;target;weight\na;b;0,5\na;c;1.000,25\n")
    rows, rejects, _ = read(path, ReadOptions(decimal=","))
    assert ([row["weight"] for row in rows], rejects) == ([0.5, 1000.25], [])
