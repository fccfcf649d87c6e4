"""A campaign has the day where it took place, and returns among sales are told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from influence_graph.app.ingest import IngestOptions, ingest
from influence_graph.ingest.source import ReadOptions, open_source
from influence_graph.model.records import CAMPAIGNS, Reject
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.stores.given import rows

LATE = "2026-05-01T22:00-05:00"


def read(path: Path, text: str, **options: str) -> tuple[dict[str, date], list[Reject]]:
    path.write_text(text, encoding="utf-8")
    rejects: list[Reject] = []
    found = [batch.table for batch in open_source(path, ReadOptions(**options)).batches(rejects.append)]  # type: ignore[arg-type]
    return {row["event_id"]: row["day"] for table in found for row in table.to_pylist()}, rejects


def test_a_campaign_without_a_day_has_the_date_of_its_time_as_written(tmp_path: Path) -> None:
    text = f"event_id,at,brand\na,{LATE},x\nb,2026-05-01T22:00Z,x\nc,2026-05-01T01:00+09:00,x\n"
    found, rejects = read(tmp_path / "campaigns.csv", text)
    assert found == dict.fromkeys("abc", date(2026, 5, 1))
    assert not rejects


def test_a_time_without_a_zone_has_the_date_that_is_written(tmp_path: Path) -> None:
    text = "event_id,at,brand\na,2026-05-01 01:00,x\nb,2026-05-01,x\n"
    found, _ = read(tmp_path / "campaigns.csv", text, timezone="Asia/Tokyo")
    assert found == dict.fromkeys("ab", date(2026, 5, 1))


def test_json_lines_keep_the_day_too(tmp_path: Path) -> None:
    text = f'{{"event_id": "a", "at": "{LATE}", "brand": "x"}}\n'
    assert read(tmp_path / "campaigns.jsonl", text)[0] == {"a": date(2026, 5, 1)}


def test_a_typed_column_has_the_date_of_its_zone(tmp_path: Path) -> None:
    at = pa.array([datetime(2026, 5, 2, 3, tzinfo=UTC)], pa.timestamp("ms", tz="America/Chicago"))
    pq.write_table(pa.table({"event_id": ["a"], "at": at, "brand": ["x"]}), tmp_path / "campaigns.parquet")
    (batch,) = open_source(tmp_path / "campaigns.parquet").batches(pytest.fail)
    assert batch.table["day"].to_pylist() == [date(2026, 5, 1)]


def test_a_stated_day_is_kept_unless_it_is_no_day_of_that_time(tmp_path: Path) -> None:
    days = ("2026-04-29", "2026-04-30", "2026-05-01", "2026-05-02", "2026-05-03", "soon", "2026-05-01T03:00")
    text = "event_id,at,brand,day\n" + "".join(f"{day},2026-05-01T12:00Z,x,{day}\n" for day in days)
    found, rejects = read(tmp_path / "campaigns.csv", text)
    assert found == {day: date.fromisoformat(day) for day in days[1:4]}
    assert [(each.line, each.column, each.value) for each in rejects] == [
        (2, "day", "2026-04-29"),
        (6, "day", "2026-05-03"),
        (7, "day", "soon"),
        (8, "day", "2026-05-01T03:00"),
    ]
    assert rejects[0].reason == "is more than one day from the date of at in UTC"
    assert "leave out day" in rejects[0].remedy


def test_the_days_are_within_what_is_taken(tmp_path: Path) -> None:
    found, rejects = read(tmp_path / "campaigns.csv", "event_id,at,brand\na,1899-12-31T23:30-02:00,x\n")
    assert (found, rejects) == ({"a": date(1900, 1, 1)}, [])


def test_what_is_stored_comes_out_and_in_again(tmp_path: Path) -> None:
    file = tmp_path / "campaigns.csv"
    file.write_text(f"event_id,at,brand\na,{LATE},x\n", encoding="utf-8")
    store = EmbeddedStore(tmp_path / "store")
    options = IngestOptions(rejects=tmp_path / "rejects.jsonl")
    reports = [ingest(store, [file], options)[0] for _ in range(2)]
    assert [(each.inserted, each.unchanged, each.conflicts) for each in reports] == [(1, 0, 0), (0, 1, 0)]
    (row,) = rows(store, CAMPAIGNS)
    assert (row["at"], row["day"]) == (datetime(2026, 5, 2, 3, tzinfo=UTC), date(2026, 5, 1))
    file.write_text("event_id,at,brand\na,2026-05-02T03:00Z,x\n", encoding="utf-8")
    assert ingest(store, [file], options)[0].unchanged == 1
    assert rows(store, CAMPAIGNS) == [row]


def test_returns_among_sales_are_noted_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text("brand,date,value\nx,2026-05-01,-2\nx,2026-05-02,3\nx,2026-05-03,-1\nx,soon,-1\n", encoding="utf-8")
    report = ingest(EmbeddedStore(tmp_path / "store"), [file], IngestOptions(rejects=tmp_path / "rejects.jsonl"))[0]
    assert (report.inserted, report.rejected) == (3, 1)
    assert report.notes == ["2 negative values kept as stated: returns lower the sum"]
