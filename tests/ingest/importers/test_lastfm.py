"""Last.fm: plays at one nominal date, each friendship once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from influence_graph.ingest.importers import IMPORTERS
from tests.ingest.importers.small import rows

ARTISTS, PLAYS, FRIENDS = IMPORTERS["lastfm"].files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ARTISTS).write_text('id\tname\turl\n1\tThe "Quoted\tu\n2\t \x01Ame\u0301lie \tu\n', encoding="utf-8")
    (tmp_path / PLAYS).write_text("userID\tartistID\tweight\n7\t1\t13\n9\t2\t1\n")
    (tmp_path / FRIENDS).write_text("userID\tfriendID\n7\t9\n9\t7\n9\t10\n10\t9\n")
    return tmp_path


def test_a_friendship_stated_by_both_is_one_tie(folder: Path) -> None:
    ties = rows("lastfm", folder)["ties"]
    assert [(row["source"], row["target"], row["kind"]) for row in ties] == [
        ("7", "9", "friend"), ("10", "9", "friend")
    ]  # fmt: skip


def test_names_keep_their_quotes_and_lose_what_cannot_be_printed(folder: Path) -> None:
    assert [row.get("name") for row in rows("lastfm", folder)["brands"]] == ['The "Quoted', "Amélie"]


def test_plays_are_the_weight_at_the_date_that_was_given(folder: Path) -> None:
    found = rows("lastfm", folder)["interactions"]
    assert [(row["event_id"], row["weight"]) for row in found] == [("lastfm:7:1", 13.0), ("lastfm:9:2", 1.0)]
    assert {row["at"] for row in found} == {datetime(2011, 5, 1, tzinfo=UTC)}
    day = datetime(2012, 1, 2, 3, tzinfo=UTC)
    assert {row["at"] for row in rows("lastfm", folder, at=day)["interactions"]} == {day}


def test_people_who_only_have_friends_are_people_too(folder: Path) -> None:
    assert {row["id"] for row in rows("lastfm", folder)["people"]} == {"7", "9", "10"}
    assert {row["id"] for row in rows("lastfm", folder, prefix="fm:")["people"]} == {"fm:7", "fm:9", "fm:10"}
