"""Small tables beside the store are read by the rules of record files, and a bad row refuses them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from influence_graph.analyses.learning.learn import learn
from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.side_tables import SUFFIXES, read_actions, read_daily, read_numbers
from influence_graph.model.graph import Graph

DAYS = 86_400.0
UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs", "Mn")
IDS = st.text(st.characters(exclude_categories=UNSEEN, exclude_characters="ㅤᅟᅠﾠ"), min_size=1, max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text).replace("'", "’")  # a leading one guards a formula in CSV
)
NUMBERS = st.floats(-1e12, 1e12, allow_subnormal=False)
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(tmp_path: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


DELIMITERS = st.sampled_from([",", ";", "\t"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
HEADERS: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str, str.upper, str.title, " {} ".format])
BLANKS = st.sampled_from(["", " ", "   "])


@st.composite
def dialects(draw: st.DrawFn, rows: list[dict[str, Any]]) -> tuple[str, bytes]:
    """Return the name and the content of a CSV file that holds *rows*, in one of the ways people write them."""
    header, delimiter = draw(HEADERS), draw(DELIMITERS)
    out = io.StringIO()
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow([header(name) for name in rows[0]])
    before, after, form = draw(BLANKS), draw(BLANKS), draw(st.sampled_from(["NFC", "NFD"]))
    for row in rows:
        writer.writerow([before + unicodedata.normalize(form, str(value)) + after for value in row.values()])
    content = out.getvalue().encode(draw(ENCODINGS))
    return ("t.csv.gz", gzip.compress(content)) if draw(st.booleans()) else ("t.csv", content)


@QUICK
@given(st.data(), st.dictionaries(IDS, NUMBERS, min_size=1, max_size=6))
def test_numbers_do_not_depend_on_how_the_table_is_written(
    tmp_path: Path, data: st.DataObject, numbers: dict[str, float]
) -> None:
    rows = [{"id": id_, "cost": value} for id_, value in numbers.items()]
    name, content = data.draw(dialects(rows))
    found = read_numbers(write(tmp_path, content, name), "cost")
    assert list(found.items()) == list(numbers.items())


@QUICK
@given(st.data(), st.lists(st.tuples(IDS, IDS, MOMENTS), min_size=1, max_size=6))
def test_actions_do_not_depend_on_how_the_table_is_written(
    tmp_path: Path, data: st.DataObject, actions: list[tuple[str, str, datetime]]
) -> None:
    rows = [{"user": user, "item": item, "time": at} for user, item, at in actions]
    name, content = data.draw(dialects([row | {"time": row["time"].isoformat()} for row in rows]))
    lines = "\n".join(json.dumps(row | {"time": row["time"].isoformat()}) for row in rows)
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    for path in (
        write(tmp_path, content, name),
        write(tmp_path, lines, "t.jsonl"),
        write(tmp_path, gzip.compress(lines.encode()), "t.jsonl.gz"),
        write(tmp_path, sink.getvalue(), "t.parquet"),
    ):
        found = read_actions(path)
        assert found.columns.tolist() == ["user", "item", "time"]
        assert [(row.user, row.item, row.time.to_pydatetime()) for row in found.itertuples()] == actions


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_numbers_are_read_from_each_format_and_ids_stay_as_written(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"t.{suffix}"
    frame = pd.DataFrame({"id": ["007", "NA", "true"], "cost": [1.5, 2.0, 3.0]})
    if suffix == "csv":
        frame.to_csv(path, index=False)
    elif suffix == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_parquet(path)
    assert read_numbers(path, "cost") == {"007": 1.5, "NA": 2.0, "true": 3.0}


def test_a_column_that_may_be_missing_has_its_default(tmp_path: Path) -> None:
    path = write(tmp_path, "id\nann\nbob\n")
    assert read_numbers(path, "weight", default=1.0) == {"ann": 1.0, "bob": 1.0}
    with pytest.raises(InputError, match="no column 'weight'; its columns are 'id': rename one"):
        read_numbers(path, "weight")


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("id,value\nann,2\n", "value"),
        ("id,wieght\nann,two\n", "wieght"),
        ("id,name,score\nann,Ann,7\n", "score"),
        ('id,price\nann,"1,5"\nbob,\n', "price"),
    ],
)
def test_numbers_under_another_name_are_named_and_no_default_takes_their_place(
    tmp_path: Path, text: str, column: str
) -> None:
    with pytest.raises(InputError, match=f"no column 'weight', and its column '{column}' may be meant; call it weight"):
        read_numbers(write(tmp_path, text), "weight", default=1.0)


def test_numbers_of_other_files_under_another_name_are_named_too(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["ann"], "score": [2.5]}), tmp_path / "t.parquet")
    for path in (tmp_path / "t.parquet", write(tmp_path, '{"id": 1, "score": 2.5}\n', "t.jsonl")):
        with pytest.raises(InputError, match="its column 'score' may be meant"):
            read_numbers(path, "weight", default=1.0)


@pytest.mark.parametrize("beside", ["name\nann,Ann", "joined\nann,2024-01-01", "x\nann,"])
def test_a_column_beside_that_holds_no_numbers_may_stand_there(tmp_path: Path, beside: str) -> None:
    assert read_numbers(write(tmp_path, f"id,{beside}\n"), "weight", default=1.0) == {"ann": 1.0}


@pytest.mark.parametrize("header", ["id,Weight", "ID,WEIGHT", " Id , weight "])
def test_names_of_columns_are_read_in_any_case(tmp_path: Path, header: str) -> None:
    assert read_numbers(write(tmp_path, f"{header}\n\u00a01,100\n3,1\n"), "weight", default=1.0) == {"1": 100, "3": 1}


def test_a_column_that_is_there_must_be_filled_also_where_it_may_be_missing(tmp_path: Path) -> None:
    path = write(tmp_path, "id,Weight\nann,2\nbob,\n")
    with pytest.raises(InputError, match="line 3: Weight is empty"):
        read_numbers(path, "weight", default=1.0)


def test_the_columns_of_actions_come_in_one_order_and_others_are_ignored(tmp_path: Path) -> None:
    path = write(tmp_path, "time,item,extra,user\n5,x,1,ann\n")
    found = read_actions(path)
    assert found.columns.tolist() == ["user", "item", "time"]
    assert found.to_numpy().tolist() == [["ann", "x", 5.0]]


BAD = {
    "twice": ("id,cost\nann,1\nbob,1\n ann ,2\n", InputError, "line 4: id 'ann' is already in line 2"),
    "twice in other bytes": ("id,cost\né,1\ne\u0301,2\n", InputError, "line 3: id 'é' is already in line 2"),
    "no value": ("id,cost\nann,1\nbob,\n", InputError, "line 3: cost is empty"),
    "no id": ("id,cost\n,1\n", InputError, "line 2: id is empty"),
    "words": ("id,cost\nann,1\nbob,dear\n", InputError, "line 3: cost 'dear' is not a number"),
    "thousands": ('id,cost\nann,"1,000"\n', InputError, "line 2: cost '1,000' has thousands separators"),
    "invisible": ("id,cost\nann,1\na\u200bnn,2\n", InputError, "ZERO WIDTH SPACE U+200B"),
    "header only": ("id,cost\n", InputError, "no record"),
    "nothing": ("", UnreadableFile, "is empty"),
    "a value too many": ("id,cost\nann,2,3\n", InputError, "line 2: 'ann,2,3': 3 fields where the header has 2"),
    "other columns": ("id,price\nann,2\n", InputError, "no column 'cost'; its columns are 'id', 'price'"),
}


@pytest.mark.parametrize(("text", "error", "reason"), BAD.values(), ids=BAD)
def test_a_table_that_cannot_be_used_is_refused_on_one_line(
    tmp_path: Path, text: str, error: type[InputError], reason: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(error, match=re.escape(reason)) as caught:
        read_numbers(path, "cost")
    assert str(path) in caught.value.message
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_an_unknown_suffix_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot read"):
        read_numbers(tmp_path / "nowhere.csv", "cost")
    for name in ("t.txt", "t", "t.gz", "t.csv.zip"):
        with pytest.raises(InputError, match="unknown suffix") as caught:
            read_numbers(write(tmp_path, "id\n", name), "cost")
        assert all(suffix in caught.value.remedy for suffix in SUFFIXES)
    with pytest.raises(InputError, match=r"t\.jsonl, line 1: '\{x': is not JSON"):
        read_numbers(write(tmp_path, "{x", "t.jsonl"), "cost")


@pytest.mark.parametrize(
    ("first", "second", "delay"),
    [
        ("2026-01-01", "2026-01-03", 2 * DAYS),
        ("2026-01-01", "2026-01-02T13:00:00+01:00", 1.5 * DAYS),
        ("1.5", "4", 2.5),
    ],
)
def test_times_of_a_log_are_iso_8601_or_seconds(tmp_path: Path, first: str, second: str, delay: float) -> None:
    log = write(tmp_path, f"user,item,time\nann,x,{first}\nbob,x,{second}\n")
    found = learn(Graph.from_edges(["ann"], ["bob"]), read_actions(log))
    assert found.to_frame()["mean_delay"].tolist() == [delay]


def test_times_without_a_zone_are_utc(tmp_path: Path) -> None:
    log = write(tmp_path, "user;item;time\nann;x;2026-01-01\nann;x;2026-01-01T00:00+02:00\n")
    assert read_actions(log)["time"].tolist() == [pd.Timestamp("2026-01-01T00Z"), pd.Timestamp("2025-12-31T22Z")]


@pytest.mark.parametrize("first", ["5", "2026-01-01"])
def test_the_first_time_decides_and_another_kind_of_time_is_refused(tmp_path: Path, first: str) -> None:
    other = {"5": "2026-01-01", "2026-01-01": "5"}[first]
    log = write(tmp_path, f"user,item,time\nann,x,{first}\nbob,x,{other}\n")
    with pytest.raises(InputError, match=f"line 3: time '{other}' is"):
        read_actions(log)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (pa.array([1, 2]), [1.0, 2.0]),
        (pa.array([1.5, 2.5], pa.float32()), [1.5, 2.5]),
        (pa.array(["1", "2"]).dictionary_encode(), [1.0, 2.0]),
        (pa.array([0, 86_400], pa.timestamp("s")), [pd.Timestamp("1970-01-01T00Z"), pd.Timestamp("1970-01-02T00Z")]),
        (pa.array([0, 1], pa.date32()), [pd.Timestamp("1970-01-01T00Z"), pd.Timestamp("1970-01-02T00Z")]),
    ],
    ids=["integers", "floats", "dictionary", "timestamps", "dates"],
)
def test_times_in_parquet_have_a_type_of_their_own(tmp_path: Path, times: pa.Array, expected: list[Any]) -> None:
    pq.write_table(pa.table({"user": ["a", "b"], "item": ["x", "x"], "time": times}), tmp_path / "t.parquet")
    assert read_actions(tmp_path / "t.parquet")["time"].tolist() == expected


@pytest.mark.parametrize("times", [pa.array([True, False]), pa.array([[1], [2]])], ids=["booleans", "lists"])
def test_parquet_types_that_are_no_times_are_refused(tmp_path: Path, times: pa.Array) -> None:
    pq.write_table(pa.table({"user": ["a", "b"], "item": ["x", "x"], "time": times}), tmp_path / "t.parquet")
    with pytest.raises(UnreadableFile, match="column 'time' has the type"):
        read_actions(tmp_path / "t.parquet")


def test_json_times_are_numbers_of_seconds_or_texts(tmp_path: Path) -> None:
    line = '{{"user": 1, "item": "x", "time": {}}}\n'
    seconds = write(tmp_path, line.format("1.5") + line.format("2"), "s.jsonl")
    assert read_actions(seconds)["time"].tolist() == [1.5, 2.0]
    texts = write(tmp_path, line.format('"1.5"') + line.format('"2026-01-01"'), "m.jsonl")
    with pytest.raises(InputError, match="line 2: time '2026-01-01' is not a number"):
        read_actions(texts)
    with pytest.raises(InputError, match="line 1: time is empty"):
        read_actions(write(tmp_path, line.format("null"), "n.jsonl"))


def test_daily_values_are_read_with_and_without_units(tmp_path: Path) -> None:
    alone = read_daily(write(tmp_path, "Date;Value;note\n2026-01-02;1.5;x\n2026-01-01;2;\n"))
    assert list(alone.columns) == ["date", "value"]
    assert alone["value"].tolist() == [1.5, 2.0]
    units = read_daily(write(tmp_path, '{"unit": 7, "date": "2026-01-02", "value": 3}\n', "t.jsonl"))
    assert units.astype(str).values.tolist() == [["7", "2026-01-02", "3.0"]]
    frame = pa.table({"unit": ["a"], "date": pa.array([datetime(2026, 1, 2).date()]), "value": [4.0]})
    pq.write_table(frame, tmp_path / "t.parquet")
    assert read_daily(tmp_path / "t.parquet")["unit"].tolist() == ["a"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("day,value\n2026-01-01,1\n", "no column 'date'"),
        ("date,value\n2026-01-01,\n", "value"),
        ("date,value\nsoon,1\n", "date"),
        ("unit,date,value\n,2026-01-01,1\n", "unit"),
        ("date,value\n", "no record"),
    ],
)
def test_bad_daily_values_refuse_the_file(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_daily(write(tmp_path, content))
