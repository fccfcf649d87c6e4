"""Files into a store: counts add up, rejects are written, and limits and mistakes stop the run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from influence_graph.app.ingest import IngestOptions, append_all, ingest, require_same
from influence_graph.errors import InputError, NotFound, TooManyRejects, UnreadableFile
from influence_graph.ingest.batching import make_batch
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.rules import Period
from influence_graph.model.records import BATCH_ROWS, BRANDS, PEOPLE, Batch
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.embedded.store import EmbeddedStore

EVENTS = "event_id,at,consumer,brand,kind\n1,2026-01-01T00:00:00Z,ann,nova,wear\n2,soon,ann,nova,wear\n"


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "store")


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + "3,2026-01-02T00:00:00Z,ann,nova,unheard of\n")
    return path


def options(folder: Path, **changes: object) -> IngestOptions:
    return IngestOptions(rejects=folder / "rejects.jsonl", **changes)  # type: ignore[arg-type]


def test_the_counts_of_a_file_add_up_and_rejects_are_written(
    store: EmbeddedStore, events: Path, tmp_path: Path
) -> None:
    (report,) = ingest(store, [events], options(tmp_path))
    assert (report.kind, report.rows, report.inserted, report.rejected) == ("interactions", 3, 2, 1)
    assert report.unknown_kinds == {"unheard of": 1}
    (line,) = (tmp_path / "rejects.jsonl").read_text().splitlines()
    assert (json.loads(line)["line"], json.loads(line)["column"]) == (3, "at")
    (again,) = ingest(store, [events], options(tmp_path))
    assert (again.inserted, again.updated, again.unchanged, again.rejected) == (0, 0, 2, 1)


def test_unknown_kinds_are_those_of_the_stores_own_table(store: EmbeddedStore, events: Path, tmp_path: Path) -> None:
    store.set_touchpoints(TouchpointTable.load().with_lines({"unheard of": {"valence": -1.0}}))
    (report,) = ingest(store, [events], options(tmp_path))
    assert report.unknown_kinds == {}


def test_one_currency_per_store(store: EmbeddedStore, tmp_path: Path) -> None:
    head = "event_id,at,consumer,brand,kind,value,currency\n"
    files = {}
    for name, currency in (("one", ""), ("two", "EUR"), ("three", "USD"), ("four", "EUR")):
        files[name] = tmp_path / f"{name}.csv"
        files[name].write_text(f"{head}{name},2026-01-01T00:00:00Z,ann,nova,purchase,9.5,{currency}\n")
    together = ingest(store, [files["one"], files["two"], files["three"]], options(tmp_path))
    assert [report.inserted for report in together] == [1, 1, 0]
    assert store.currency() == "EUR"
    for dry_run in (True, False):
        found = ingest(store, [files["three"], files["four"]], options(tmp_path, dry_run=dry_run))
        assert [(report.inserted, report.rejected) for report in found] == [(0, 1), (1, 0)]
    (line,) = map(json.loads, (tmp_path / "rejects.jsonl").read_text().splitlines())
    assert (line["column"], line["value"], line["reason"]) == ("currency", "USD", "the other values are in EUR")


def test_a_conflict_counts_as_rejected(store: EmbeddedStore, events: Path, tmp_path: Path) -> None:
    ingest(store, [events], options(tmp_path))
    events.write_text(EVENTS.replace("nova", "sana"))
    (report,) = ingest(store, [events], options(tmp_path))
    assert (report.rows, report.unchanged, report.conflicts, report.rejected) == (2, 0, 1, 2)


def test_a_dry_run_reports_the_same_and_writes_nothing(store: EmbeddedStore, events: Path, tmp_path: Path) -> None:
    (expected,) = ingest(store, [events], options(tmp_path, dry_run=True))
    assert not store.path.exists()
    assert not (tmp_path / "rejects.jsonl").exists()
    assert ingest(store, [events], options(tmp_path)) == [expected]


@pytest.mark.parametrize(("limit", "stops"), [(0, True), (1, False), (None, False)])
def test_more_rejects_than_allowed_stop_the_run(
    store: EmbeddedStore, events: Path, tmp_path: Path, limit: int | None, stops: bool
) -> None:
    if not stops:
        assert ingest(store, [events], options(tmp_path, max_rejects=limit))[0].rejected == 1
        return
    with pytest.raises(TooManyRejects, match=r"1 row rejected, more than --max-rejects 0 .*line 3: at 'soon'"):
        ingest(store, [events], options(tmp_path, max_rejects=limit))


def test_nothing_is_read_where_one_file_has_the_wrong_columns(
    store: EmbeddedStore, events: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("x,y\n1,2\n")
    with pytest.raises(UnreadableFile, match=r"other\.csv matches no kind"):
        ingest(store, [events, tmp_path / "other.csv"], options(tmp_path))
    assert not store.path.exists()


def test_rejects_never_replace_an_input_file(store: EmbeddedStore, events: Path) -> None:
    with pytest.raises(InputError, match="is an input file"):
        ingest(store, [events], IngestOptions(rejects=events))
    assert events.read_text().startswith("event_id")


def test_options_are_those_of_reading_and_some_more(store: EmbeddedStore, events: Path, tmp_path: Path) -> None:
    assert IngestOptions.batch_rows == ReadOptions.batch_rows == BATCH_ROWS
    limit = Period(not_after=datetime(2026, 1, 1, tzinfo=UTC))
    assert ingest(store, [events], options(tmp_path, period=limit))[0].rejected == 2
    with pytest.raises(NotFound, match="did you mean 'interactions'"):
        ingest(store, [events], options(tmp_path, kind="interaction"))


def test_consecutive_batches_of_a_kind_are_one_report_and_progress_counts_records(store: EmbeddedStore) -> None:
    def batch(kind: object, *ids: str) -> Batch:
        return make_batch(kind, {"id": pa.array(ids)}, list(range(len(ids))), "f")  # type: ignore[arg-type]

    seen: list[tuple[str, int, int]] = []
    batches = [batch(PEOPLE, "a", "b"), batch(PEOPLE, "c"), batch(BRANDS, "x"), batch(PEOPLE, "a")]
    reports = append_all(store, batches, lambda *done: seen.append(done))
    assert [(report.kind, report.inserted, report.unchanged) for report in reports] == [
        ("people", 3, 1),
        ("brands", 1, 0),
    ]
    assert seen == [("people", 2, 0), ("people", 3, 0), ("brands", 1, 0), ("people", 1, 0)]


def test_a_data_set_may_be_imported_again_but_not_into_other_records(store: EmbeddedStore) -> None:
    story = IMPORTERS["story"]
    require_same(store, story, None, ImportOptions())
    append_all(store, story.read(None, ImportOptions()))
    require_same(store, story, None, ImportOptions())
    with pytest.raises(InputError, match="records other than those of town"):
        require_same(store, IMPORTERS["town"], None, ImportOptions(people=50))
