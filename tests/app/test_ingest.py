"""Files into a store: counts add up, rejects are written, and limits and mistakes stop the run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from influence_graph.app.ingest import IngestOptions, append_all, ingest, refuse_without_record, require_same
from influence_graph.errors import InputError, NotFound, TooManyRejects, UnreadableFile
from influence_graph.ingest.batching import make_batch
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.ingest.mapping.file import parse_mapping
from influence_graph.ingest.mapping.rules import changes_of
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.rules import Period
from influence_graph.model.records import BATCH_ROWS, BRANDS, PEOPLE, Batch
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.embedded.store import EmbeddedStore

EVENTS = "event_id,at,consumer,brand,kind\n1,2026-01-01T00:00:00Z,ann,nova,wear\n2,soon,ann,nova,wear\n"

REJECT = '{"file": "a.csv", "line": 2, "column": "at", "value": "x", "reason": "is no time", "remedy": ""}\n'


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


def written(folder: Path, text: str, name: str = "in.csv") -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_ties_of_one_file_are_summed_and_the_same_file_changes_nothing(store: EmbeddedStore, tmp_path: Path) -> None:
    path = written(tmp_path, "source,target,weight\nann,june,1\nann,june,2\nann,june,5\nann,sam,1\n")
    (report,) = ingest(store, [path], options(tmp_path))
    assert (report.rows, report.inserted, report.updated, report.unchanged) == (4, 2, 0, 2)
    assert report.notes == ["2 rows repeat a tie: their weights were added, 1 for each without one"]
    stored = {row["target"]: row["weight"] for table in store.records("ties") for row in table.to_pylist()}
    assert stored == {"june": 8.0, "sam": 1.0}
    (again,) = ingest(store, [path], options(tmp_path, batch_rows=1))
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 4)


def test_a_tie_without_a_weight_counts_one_each_time(store: EmbeddedStore, tmp_path: Path) -> None:
    (report,) = ingest(store, [written(tmp_path, "source,target\nann,june\nann,june\n")], options(tmp_path))
    assert report.notes == ["1 row repeats a tie: their weights were added, 1 for each without one"]
    (tie,) = (row for table in store.records("ties") for row in table.to_pylist())
    assert tie["weight"] == 2.0


def test_skipped_rows_are_none_of_the_rows_of_a_report(store: EmbeddedStore, tmp_path: Path) -> None:
    mapping = parse_mapping('kind = "people"\n[skip]\nstate = ["gone"]\n[fields]\nid = "mail"\n', "m.toml")
    path = written(tmp_path, "mail,state\nann,here\nbob,gone\n,here\n")
    (report,) = ingest(store, [path], options(tmp_path, mapping=mapping))
    assert (report.rows, report.inserted, report.rejected, report.skipped) == (2, 1, 1, {"state is gone": 1})


def test_a_file_without_a_good_row_is_refused_with_the_commonest_reason(store: EmbeddedStore, tmp_path: Path) -> None:
    text = "source,target,kind\nann,june,retweet\nann,,follows\nbob,june,retweet\n"
    reports = ingest(store, [written(tmp_path, text)], options(tmp_path))
    with pytest.raises(TooManyRejects) as refused:
        refuse_without_record(reports)
    assert "all 3 rows were rejected: kind 'retweet' " in refused.value.message
    assert "(line 2, and 1 more)" in refused.value.message
    good = ingest(store, [written(tmp_path, f"{text}ann,june,follows\n")], options(tmp_path))
    refuse_without_record(good)
    bad = ingest(store, [written(tmp_path, "id,name\n,x\n", "people.csv")], options(tmp_path, kind="people"))
    with pytest.raises(TooManyRejects, match="its only row was rejected"):
        refuse_without_record([*good, *bad])


@pytest.mark.parametrize(
    ("content", "stays"),
    [
        (REJECT, False),
        (f"{REJECT}mine\n", True),
        ('{"id": "ann"}\n', True),
        ("", True),
    ],
)
def test_rejects_of_an_earlier_run_go_and_other_files_stay(
    store: EmbeddedStore, tmp_path: Path, content: str, stays: bool
) -> None:
    rejects = written(tmp_path, content, "rejects.jsonl")
    path = written(tmp_path, "id\nann\n", "people.csv")
    ingest(store, [path], options(tmp_path, kind="people", dry_run=True))
    assert rejects.read_text() == content
    ingest(store, [path], options(tmp_path, kind="people"))
    assert rejects.exists() == stays


def test_rejects_of_this_run_replace_those_of_an_earlier_one(
    store: EmbeddedStore, events: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        ingest(store, [events], options(tmp_path))
        assert len((tmp_path / "rejects.jsonl").read_text().splitlines()) == 1


def test_nothing_is_stored_where_a_mapping_does_not_fit_the_second_file(
    store: EmbeddedStore, events: Path, tmp_path: Path
) -> None:
    other = written(tmp_path, "Email\nann\n", "other.csv")
    changes = changes_of(["event_id=event_id"], [])
    with pytest.raises(InputError, match=r"other\.csv has no column 'event_id'"):
        ingest(store, [events, other], options(tmp_path, kind="interactions", changes=changes))
    assert not store.path.exists()
    assert not (tmp_path / "rejects.jsonl").exists()
