"""Ciao: trust becomes following, stars become valence, epochs become times."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.importers import IMPORTERS
from tests.ingest.importers.small import rows

TRUST, RATINGS = IMPORTERS["ciao"].files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / TRUST).write_text("truster,trustee\n1,2\n3,2\n")
    (tmp_path / RATINGS).write_text(
        "user,product,category,rating,helpfulness,epoch\n"
        "1,9,4,5,3,1000000000\n2,9,7,1,3,1000000100\n1,9,4,3,3,1000000200\n4,8,2,2,3,1000000300\n"
    )
    return tmp_path


def test_people_are_those_of_both_files_in_the_order_met(folder: Path) -> None:
    assert [row["id"] for row in rows("ciao", folder)["people"]] == ["1", "3", "2", "4"]


def test_trust_is_following(folder: Path) -> None:
    assert rows("ciao", folder)["ties"] == [
        {"source": "1", "target": "2", "kind": "follows"}, {"source": "3", "target": "2", "kind": "follows"}
    ]  # fmt: skip


def test_a_product_has_the_first_category_that_the_file_gives_it(folder: Path) -> None:
    assert rows("ciao", folder)["brands"] == [
        {"id": "9", "category": "category 4"}, {"id": "8", "category": "category 2"}
    ]  # fmt: skip


def test_stars_are_valence_and_repeats_are_events_of_their_own(folder: Path) -> None:
    found = rows("ciao", folder)["interactions"]
    assert [(row["event_id"], row["valence"]) for row in found] == [
        ("ciao:1:9:1", 1.0), ("ciao:2:9:1", -1.0), ("ciao:1:9:2", 0.0), ("ciao:4:8:1", -0.5)
    ]  # fmt: skip
    assert found[0]["at"] == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    assert {row["kind"] for row in found} == {"review"}


@pytest.mark.parametrize(("file", "column"), [(TRUST, "trustee"), (RATINGS, "rating")])
def test_a_missing_column_is_named(folder: Path, file: str, column: str) -> None:
    path = folder / file
    path.write_text(path.read_text().replace(column, "other", 1))
    with pytest.raises(UnreadableFile, match=f"{column} is missing"):
        rows("ciao", folder)


def test_stars_that_are_no_number_are_refused(folder: Path) -> None:
    (folder / RATINGS).write_text("user,product,category,rating,epoch\n1,9,4,good,1\n")
    with pytest.raises(UnreadableFile, match="as it was published"):
        rows("ciao", folder)
