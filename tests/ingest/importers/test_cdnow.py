"""CDNOW: purchases, numbered within a day; from a customer's second day on they repeat."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.interactions.meaning import meaning_of
from influence_graph.errors import UnreadableFile
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.touchpoints import TouchpointTable
from tests.ingest.importers.small import rows

TEXT = """customer_id date number_of_cds dollar_value
 00001 19970101 1 11.77
 00002 19970112 1 12.00
 00002 19970112 5 77.00
 00003 19970102 2 0.00
 00002 19970601 1 9.50
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / IMPORTERS["cdnow"].files[0]
    path.write_text(TEXT)
    return path


def test_each_row_is_a_purchase_with_its_dollars(file: Path) -> None:
    found = rows("cdnow", file)
    assert [row["id"] for row in found["people"]] == ["00001", "00002", "00003"]
    assert found["brands"] == [{"id": "cdnow", "name": "CDNOW", "category": "music shop"}]
    assert [(row["event_id"], row["value"]) for row in found["interactions"]] == [
        ("cdnow:00001:19970101:1", 11.77),
        ("cdnow:00002:19970112:1", 12.0),
        ("cdnow:00002:19970112:2", 77.0),
        ("cdnow:00003:19970102:1", 0.0),
        ("cdnow:00002:19970601:1", 9.5),
    ]
    stated = {"event_id", "at", "consumer", "brand", "kind", "value", "currency", "channel"}
    assert all(set(row) == stated for row in found["interactions"])
    assert {(row["kind"], row["currency"]) for row in found["interactions"]} == {("purchase", "USD")}


def test_purchases_repeat_from_the_second_day_on_however_many_a_day_has(file: Path) -> None:
    (table,) = [
        batch.table for batch in IMPORTERS["cdnow"].read(file, ImportOptions()) if batch.kind.name == "interactions"
    ]
    meaning = meaning_of(read_ledger(table), TouchpointTable.load())
    assert meaning.strength.tolist() == [1.0, 1.0, 1.0, 1.0, 2.0]
    assert meaning.showing("loyalty").tolist() == [False] * 4 + [True]


def test_a_day_is_its_midnight_in_the_zone_also_in_summer(file: Path) -> None:
    assert rows("cdnow", file)["interactions"][0]["at"] == datetime(1997, 1, 1, tzinfo=UTC)
    found = rows("cdnow", file, timezone="America/New_York")["interactions"]
    assert found[0]["at"] == datetime(1997, 1, 1, 5, tzinfo=UTC)
    assert found[4]["at"] == datetime(1997, 6, 1, 4, tzinfo=UTC)


def test_a_prefix_goes_before_people_and_the_brand(file: Path) -> None:
    found = rows("cdnow", file, prefix="x-")
    assert {row["consumer"] for row in found["interactions"]} == {"x-00001", "x-00002", "x-00003"}
    assert {row["brand"] for row in found["interactions"]} == {"x-cdnow"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("date", "day", "date is missing"),
        ("19970102", "1997-01-02", "YYYYMMDD"),
        ("19970102", "19971302", "YYYYMMDD"),
        ("12.00", "twelve", "header must read"),
    ],
)
def test_another_layout_is_refused_with_what_is_expected(file: Path, old: str, new: str, reason: str) -> None:
    file.write_text(TEXT.replace(old, new))
    with pytest.raises(UnreadableFile, match=reason):
        rows("cdnow", file)
