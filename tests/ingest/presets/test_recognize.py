"""Files are recognized by their header, wherever in them the records are, and only the rest of it may be missing."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from influence_graph.app.inspect import inspect
from influence_graph.errors import UnreadableFile
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.rules import Changes
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.presets import preset
from influence_graph.ingest.presets.recognize import recognized
from influence_graph.ingest.source import open_source
from influence_graph.model.records import Reject
from tests.ingest.presets.cases import CASES

FILES = Path(__file__).parent / "files"
EVENT = {"event_date": "20240501", "event_timestamp": "1714557600000000", "event_name": "session_start"}


def names(path: Path, options: ReadOptions | None = None) -> list[str]:
    return [each.name for each in recognized(path, options)]


def test_a_document_of_two_lists_is_for_two_presets() -> None:
    assert names(FILES / "tiktok-user-data.json") == ["tiktok-followers", "tiktok-following"]


def test_what_is_stated_of_the_layout_comes_first() -> None:
    layout = Layout(records="Activity.Following List.Following")
    assert names(FILES / "tiktok-user-data.json", ReadOptions(layout=layout)) == [
        "tiktok-followers",
        "tiktok-following",
    ]
    assert names(FILES / "shopify-orders.csv", ReadOptions(layout=Layout(delimiter=";"))) == []


@pytest.mark.parametrize("text", ["source,target\nann,june\n", '{"source": "ann"}\n', "[]", "{", ""])
def test_other_files_and_broken_ones_are_for_none(text: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    assert names(path) == []


def test_the_remedy_names_the_presets_that_a_file_is_for() -> None:
    with pytest.raises(UnreadableFile) as refused:
        open_source(FILES / "tiktok-user-data.json")
    assert refused.value.remedy == (
        "it looks like tiktok-followers: use --preset tiktok-followers or --preset tiktok-following"
    )
    with pytest.raises(UnreadableFile) as refused:
        open_source(FILES / "hubspot-contacts.csv")
    assert refused.value.remedy == "it looks like hubspot-contacts: use --preset hubspot-contacts"


def revenue(path: Path, events: list[dict[str, object]]) -> list[float | None]:
    path.write_text("".join(json.dumps({**EVENT, **each}) + "\n" for each in events))
    source = open_source(path, ReadOptions(mapping=preset("ga4-events"), changes=Changes(constants={"brand": "acme"})))
    rejects: list[Reject] = []
    values = [value for batch in source.batches(rejects.append) for value in batch.table["value"].to_pylist()]
    assert not rejects
    return values


def test_a_column_behind_the_first_lines_is_read(tmp_path: Path) -> None:
    visits: list[dict[str, object]] = [{"user_pseudo_id": str(number)} for number in range(1500)]
    bought: dict[str, object] = {
        "user_pseudo_id": "1",
        "event_name": "purchase",
        "ecommerce": {"purchase_revenue_in_usd": 9.5},
    }
    assert revenue(tmp_path / "without", visits) == [None] * 1500
    assert revenue(tmp_path / "late", [*visits, bought]) == [None] * 1500 + [9.5]


def test_a_column_that_only_adds_may_be_missing_but_for_a_mapping_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "Id,IsDeleted,AccountId,LastName,FirstName,Email,CreatedDate\n1,0,,Ünal,,u@example.com,2024-01-01T00:00Z\n"
    )
    mapping = preset("salesforce-contacts")
    (batch,) = open_source(path, ReadOptions(mapping=mapping)).batches(lambda reject: pytest.fail(reject.reason))
    assert batch.table["name"].to_pylist() == ["Ünal"]
    assert batch.table["city"].to_pylist() == [None]
    with pytest.raises(UnreadableFile, match="has no column 'MailingCity'"):
        open_source(path, ReadOptions(mapping=replace(mapping, header=())))


def test_a_document_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    options = ReadOptions(mapping=preset("x-followers"), changes=Changes(constants={"target": "1"}))
    source = open_source(FILES / "x-followers.js", options)
    assert list(tmp_path.iterdir())
    assert sum(batch.table.num_rows for batch in source.batches(lambda reject: pytest.fail(reject.reason))) == 22
    del source
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["bluesky-followers", "instagram-following", "x-following"])
def test_inspection_finds_the_preset_and_tries_it(name: str) -> None:
    seen = inspect(FILES / CASES[name].file)
    assert (seen.preset, [question.about for question in seen.questions]) == (name, list(preset(name).ask))
    assert (seen.accepted, seen.rejected) == (CASES[name].rows, 0)


def test_inspection_asks_which_list_of_a_document_with_both_is_meant() -> None:
    seen = inspect(FILES / CASES["tiktok-followers"].file)
    assert (seen.preset, [question.about for question in seen.questions]) == ("", ["--preset"])
