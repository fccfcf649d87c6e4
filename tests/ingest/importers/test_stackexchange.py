"""Stack Exchange: one question per line, its author at second 0."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from influence_graph.errors import UnreadableFile
from tests.ingest.importers.small import rows

START = datetime(2010, 1, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "edges.txt").write_text("1,2\n3,2\n")
    (tmp_path / "cascades.txt").write_text("1 2 60,3 3600,\n\n5 1 7,\n")
    return tmp_path


def test_a_line_is_a_question_and_each_pair_an_activation(folder: Path) -> None:
    found = rows("stackexchange", folder)
    assert [row["id"] for row in found["brands"]] == ["question-1", "question-3"]
    events = [(row["brand"], row["consumer"], row["at"] - START) for row in found["interactions"]]
    assert events == [
        ("question-1", "1", timedelta(0)),
        ("question-1", "2", timedelta(seconds=60)),
        ("question-1", "3", timedelta(hours=1)),
        ("question-3", "5", timedelta(0)),
        ("question-3", "1", timedelta(seconds=7)),
    ]
    assert {row["kind"] for row in found["interactions"]} == {"mention"}


def test_links_are_following_and_people_are_those_of_both_files(folder: Path) -> None:
    found = rows("stackexchange", folder)
    assert [(row["source"], row["target"]) for row in found["ties"]] == [("1", "2"), ("3", "2")]
    assert [row["id"] for row in found["people"]] == ["1", "3", "2", "5"]


@pytest.mark.parametrize("line", ["1 2 soon,", "1 2,", "1 2 3 4,", "1 2 60 3 70"])
def test_a_line_of_another_shape_is_refused_with_the_shape(folder: Path, line: str) -> None:
    (folder / "cascades.txt").write_text(f"1 2 60,\n{line}\n")
    with pytest.raises(UnreadableFile, match="user seconds"):
        rows("stackexchange", folder)
