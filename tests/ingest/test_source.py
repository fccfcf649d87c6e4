from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.detect import detect_kind
from influence_graph.ingest.rules import Period
from influence_graph.ingest.source import ReadOptions, open_source
from influence_graph.model.records import INTERACTIONS, KINDS, PEOPLE

HEAD = "event_id,at,consumer,brand,kind,direction,touchpoint\n"


def interactions(tmp_path, rows: int):
    path = tmp_path / "interactions.csv"
    kinds = ["complaint", "recommend", "giveaway", "never heard of", ""]
    lines = (f"e{i},2024-01-01T00:00:00Z,c{i % 7},b,{kinds[i % 5]},,\n" for i in range(rows))
    path.write_text(HEAD + "".join(lines))
    return path


def test_what_a_record_does_not_say_stays_unsaid(tmp_path):
    source = open_source(interactions(tmp_path, 10))
    (batch,) = source.batches(lambda reject: None)
    assert batch.table.schema == INTERACTIONS.schema
    assert batch.table["direction"].null_count == batch.table["touchpoint"].null_count == 10
    assert source.kinds == {"complaint": 2, "recommend": 2, "giveaway": 2, "never heard of": 2}


def test_one_currency_per_file_whatever_the_batches(tmp_path):
    path = tmp_path / "interactions.csv"
    stated = ["", "EUR", "USD", "", "eur", "USD"]
    lines = (f"e{i},2024-01-01T00:00:00Z,c,b,{i},{currency}\n" for i, currency in enumerate(stated))
    path.write_text("event_id,at,consumer,brand,value,currency\n" + "".join(lines))
    for rows in (1, 100):
        source, rejects = open_source(path, ReadOptions(batch_rows=rows)), []
        ids = [id_ for batch in source.batches(rejects.append) for id_ in batch.table["event_id"].to_pylist()]
        assert ids == ["e0", "e1", "e3", "e4"]
        assert [(bad.line, bad.column, bad.value, bad.reason) for bad in rejects] == [
            (line, "currency", "USD", "the other values are in EUR") for line in (4, 7)
        ]
        assert source.currency == "EUR"


def test_what_is_stated_is_kept(tmp_path):
    path = tmp_path / "interactions.csv"
    path.write_text(HEAD + "1,2024-01-01T00:00:00Z,c,b,giveaway,To_Brand,problem_recovery\n")
    (batch,) = open_source(path).batches(lambda reject: None)
    assert batch.table.select(["direction", "touchpoint"]).to_pylist() == [
        {"direction": "to_brand", "touchpoint": "problem_recovery"}
    ]


def test_interactions_outside_the_period_are_rejected(tmp_path):
    path = tmp_path / "interactions.csv"
    path.write_text(
        "event_id,at,consumer,brand,recorded_at\n"
        "1,2024-01-01T00:00:00Z,c,b,\n"
        "2,2023-12-31T23:59:59Z,c,b,\n"
        "3,2024-06-01T00:00:01Z,c,b,2030-01-01T00:00:00Z\n"
        "4,2024-05-01T00:00:00Z,c,b,2024-06-01T00:00:00.000001Z\n"
        "5,2024-06-01T00:00:00Z,c,b,2024-06-01T00:00:00Z\n"
    )
    period = Period(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))
    rejects = []
    (batch,) = open_source(path, ReadOptions(period=period)).batches(rejects.append)
    assert batch.table.column("event_id").to_pylist() == ["1", "5"]
    assert [(r.line, r.column) for r in rejects] == [(3, "at"), (4, "at"), (5, "recorded_at")]
    assert rejects[0].reason == "is before the limit 2024-01-01 00:00 UTC"
    assert rejects[1].reason == "is in the future: the limit is 2024-06-01 00:00 UTC"
    assert rejects[1].value.startswith("2024-06-01T00:00:01")
    assert all(r.remedy for r in rejects)


def test_campaigns_may_be_planned(tmp_path):
    path = tmp_path / "campaigns.csv"
    path.write_text("event_id,at,brand,note\nk,2030-01-01T00:00:00Z,b,\n")
    period = Period(not_after=datetime(2024, 6, 1, tzinfo=UTC))
    (batch,) = open_source(path, ReadOptions(period=period)).batches(print)
    assert batch.table.num_rows == 1


def test_a_source_can_be_read_again(tmp_path):
    source = open_source(interactions(tmp_path, 50))
    first, second = ([batch.table for batch in source.batches(print)] for _ in range(2))
    assert first == second
    assert source.rows == 50
    assert source.kinds["never heard of"] == 10


def test_batches_are_no_longer_than_requested_and_lose_nothing(tmp_path):
    path = interactions(tmp_path, 1000)
    (whole,) = open_source(path).batches(print)
    parts = list(open_source(path, ReadOptions(batch_rows=99)).batches(print))
    assert [len(part.lines) for part in parts] == [99] * 10 + [10]
    assert (
        [line for part in parts for line in part.lines.to_pylist()] == whole.lines.to_pylist() == list(range(2, 1002))
    )


def test_progress_ends_at_the_size_of_the_file(tmp_path):
    source = open_source(interactions(tmp_path, 1000))
    assert source.bytes_read == 0
    list(source.batches(print))
    assert source.bytes_read == source.size > 0


def test_batch_rows_must_be_positive(tmp_path):
    with pytest.raises(InputError, match="batch_rows is 0"):
        open_source(interactions(tmp_path, 1), ReadOptions(batch_rows=0))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_all_columns_of_a_kind_are_that_kind(kind, tmp_path):
    assert detect_kind(tmp_path, kind.names) is kind


def test_required_columns_are_enough_but_for_people_and_brands(tmp_path):
    for kind in KINDS.values():
        if kind.required != ["id"]:
            assert detect_kind(tmp_path, kind.required) is kind


def test_what_is_nearest_and_what_it_lacks(tmp_path):
    with pytest.raises(UnreadableFile, match="nearest is interactions, which lacks brand") as error:
        detect_kind(tmp_path, ["event_id", "at", "consumer", "points"])
    assert "--as" in error.value.remedy


def test_more_fields_of_one_kind_decide(tmp_path):
    assert detect_kind(tmp_path, ["id", "name", "followers"]) is PEOPLE
    assert detect_kind(tmp_path, ["event_id", "at", "consumer", "brand", "segment", "note", "kind"]) is INTERACTIONS


def test_long_headers_are_cut_in_messages(tmp_path):
    with pytest.raises(UnreadableFile, match="and 80 more"):
        detect_kind(tmp_path, [f"column {i}" for i in range(100)])


def test_malformed_lines_do_not_break_a_file_into_small_batches(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text("source,target\n" + "".join(f"a{i},b{i}{',x' if i % 500 == 0 else ''}\n" for i in range(100_000)))
    rejects = []
    batches = list(open_source(path).batches(rejects.append))
    assert [batch.table.num_rows for batch in batches] == [100_000 - 200]
    assert batches[0].lines.to_pylist() == sorted(set(range(2, 100_002)) - {reject.line for reject in rejects})


@pytest.mark.parametrize("kind", ["people", "brands"])
def test_the_file_name_decides_where_the_header_cannot(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}-2026.csv"
    path.write_text("id,name\na,A\n")
    assert open_source(path).kind.name == kind
