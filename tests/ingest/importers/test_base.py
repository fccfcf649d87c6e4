"""How the files of a data set are found, and which options there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.importers import IMPORTERS, Importer, ImportOptions
from influence_graph.ingest.importers.story import read as read_story
from influence_graph.model.records import KINDS
from tests.ingest.importers.small import rows


def test_every_importer_says_what_it_is_and_has_its_module() -> None:
    for name, importer in IMPORTERS.items():
        assert importer.name == name
        assert all((importer.about, importer.citation, importer.license, importer.source))


def importer(*files: str) -> Importer:
    return Importer("edges", "about", "citation", "license", files, "somewhere")


def test_a_set_of_two_files_is_found_by_its_folder_or_either_file(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).touch()
    expected = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in (tmp_path, *expected):
        assert importer("a.csv", "b.csv").files_of(path) == expected


def test_a_set_of_one_file_may_have_another_name(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").touch()
    assert importer("a.csv").files_of(tmp_path / "mine.csv") == [tmp_path / "mine.csv"]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    with pytest.raises(UnreadableFile, match=r"does not contain b\.csv, c\.csv"):
        importer("a.csv", "b.csv", "c.csv").files_of(tmp_path)
    with pytest.raises(UnreadableFile, match="is a folder"):
        importer("*").files_of(tmp_path)
    with pytest.raises(UnreadableFile, match="needs a path"):
        importer("a.csv").files_of(None)


def test_a_date_is_the_start_of_a_day_in_utc_or_the_one_given_in_its_zone() -> None:
    assert ImportOptions().date_or(2011, 5, 1) == datetime(2011, 5, 1, tzinfo=UTC)
    given = datetime(2020, 1, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    found = ImportOptions(at=given).date_or(2011, 5, 1)
    assert (found, found.tzinfo) == (datetime(2020, 1, 1, 7, tzinfo=UTC), UTC)


@pytest.mark.parametrize("options", [{"at": datetime(2020, 1, 1)}, {"tie_kind": "follow"}, {"tie_kind": ""}])
def test_options_outside_their_limits_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(InputError):
        ImportOptions(**options)


def test_the_story_is_that_of_the_project_or_of_a_folder_like_it(tmp_path: Path) -> None:
    found = rows("story", None)
    assert list(found) == list(KINDS)
    assert [len(records) for records in found.values()] == [20, 7, 24, 80, 3, 228]
    with pytest.raises(UnreadableFile):
        list(read_story([tmp_path], ImportOptions()))
