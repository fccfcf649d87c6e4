"""``ingest``, ``import``, ``export``, ``push``, ``pull``, ``migrate`` and ``doctor``: notes, counts and exit codes."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.cli.commands.ingest import latest_allowed
from influence_graph.ingest.importers import IMPORTERS
from influence_graph.model.records import KINDS
from tests.cli.commands.conftest import Call

EVENT = "event_id,at,consumer,brand,kind\n"


def test_import_without_a_name_lists_every_set_with_its_license(empty: Call) -> None:
    rows = empty("import", "--format", "jsonl").rows
    assert [row["name"] for row in rows] == list(IMPORTERS)
    assert all(row["license"] for row in rows)


def test_importing_twice_says_that_nothing_changed(call: Call) -> None:
    again = call("import", "story", "--format", "jsonl")
    assert sum(row["inserted"] + row["updated"] for row in again.rows) == 0
    assert "nothing changed: all 362 records were stored already" in again.err


def test_conflicts_of_an_import_are_named_up_to_five(empty: Call, tmp_path: Path) -> None:
    lines = [f" 0000{n} 1997010{n} 1 {n}.00\n" for n in range(1, 8)]
    file = tmp_path / "CDNOW_master.txt"
    file.write_text("customer_id date number_of_cds dollar_value\n" + "".join(lines))
    assert empty("import", "cdnow", file).code == 0
    file.write_text(file.read_text().replace(".00", ".50"))
    again = empty("import", "cdnow", file)
    assert again.err.count("conflict: ") == 5
    assert "… and 2 more conflicts" in again.err
    assert "with another value" in again.err


def test_a_refused_network_stores_nobody(empty: Call, tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_text("ann june 1\njune sam -1\n")
    refused = empty("import", "edges", "e.txt")
    assert refused.code == 1
    assert "e.txt, line 2: weight '-1' is less than 0; write a number of at least 0" in refused.err
    assert empty("export", "people", "--format", "jsonl").rows == []


def test_what_a_network_does_not_tell_is_told_by_options(empty: Call, tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_text("3 2\n1 2 1254192988\n2 3 7\n")
    assert "--size-line" in empty("import", "edges", "e.txt").err
    assert "--third weight" in empty("import", "edges", "e.txt", "--size-line").err
    assert empty("import", "edges", "e.txt", "--size-line", "--third", "weight").code == 0
    weights = [row["weight"] for row in empty("export", "ties", "--format", "jsonl").rows]
    assert sorted(weights) == [7.0, 1254192988.0]
    (tmp_path / "n.csv").write_text("x,y,Value\nann,june,4\n")
    assert "did you mean 'Value'" in empty("import", "edges", "n.csv", "--header", "--weight", "value").err
    assert empty("import", "edges", "n.csv", "--header", "--weight", "Value").code == 0


def test_an_unknown_set_offers_the_nearest(empty: Call) -> None:
    assert "'story'" in empty("import", "stroy").err
    assert empty("import", "stroy").code == 2


@pytest.mark.parametrize(("skew", "rejected"), [("1d", 1), ("48h", 0), ("3000d", 0)])
def test_an_interaction_may_lie_in_the_future_by_the_skew(
    empty: Call, tmp_path: Path, skew: str, rejected: int
) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=30)).isoformat()
    (tmp_path / "e.csv").write_text(f"{EVENT}1,{soon},ann,acme,wear\n")
    (row,) = empty("ingest", "e.csv", "--allow-skew", skew, "--format", "jsonl").rows
    assert row["rejected"] == rejected


@given(st.datetimes(datetime(2000, 1, 1), datetime(9999, 12, 31)), st.timedeltas(timedelta(0), timedelta.max))
def test_the_latest_time_is_never_beyond_the_calendar(now: datetime, skew: timedelta) -> None:
    now = now.replace(tzinfo=UTC)
    found = latest_allowed(now, skew)
    assert now <= found <= datetime.max.replace(tzinfo=UTC)
    if skew < timedelta(days=1) and now.year < 9999:
        assert found == now + skew


def test_interactions_before_the_period_are_rejected(empty: Call, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(
        f"{EVENT}1,2025-12-31T23:59:59Z,ann,acme,wear\n2,2026-01-01T00:00:00Z,ann,acme,wear\n"
    )
    (row,) = empty("ingest", "e.csv", "--not-before", "2026-01-01", "--format", "jsonl").rows
    assert (row["inserted"], row["rejected"]) == (1, 1)
    assert json.loads((tmp_path / "rejects.jsonl").read_text())["line"] == 2


def test_columns_that_mean_nothing_and_kinds_that_are_not_known_are_said(empty: Call, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(
        "event_id,at,consumer,brand,kind,shoe size\n1,2026-01-01T00:00:00Z,ann,acme,serenade,44\n"
    )
    done = empty("ingest", "e.csv")
    assert "columns ignored: shoe size" in done.err
    assert "e.csv: 1 interaction of kind 'serenade' has no meaning yet and counts 0" in done.err
    assert "2 people or brands are named here and declared in no file yet" in done.err


def test_a_kind_may_be_named_where_the_header_does_not_say_it(empty: Call, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id\nann\n")
    assert empty("ingest", "x.csv", "--as", "brands", "--format", "jsonl").rows[0]["kind"] == "brands"
    assert empty("export", "brands", "--format", "jsonl").rows[0]["id"] == "ann"


def test_times_without_a_zone_need_one(empty: Call, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(f"{EVENT}1,2026-07-01 12:00:00,ann,acme,wear\n")
    assert empty("ingest", "e.csv", "--format", "jsonl").rows[0]["rejected"] == 1
    assert empty("ingest", "e.csv", "--timezone", "Europe/Berlin", "--format", "jsonl").rows[0]["inserted"] == 1
    assert empty("export", "interactions", "--format", "jsonl").rows[0]["at"] == "2026-07-01T10:00:00Z"
    unknown = empty("ingest", "e.csv", "--timezone", "Europe/Berln")
    assert (unknown.code, unknown.out) == (2, "")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_exported_in_every_format_with_the_same_rows(call: Call, kind: str) -> None:
    rows = call("export", kind, "--format", "jsonl").rows
    assert json.loads(call("export", kind, "--format", "json").out) == rows
    frame = pd.read_csv(io.StringIO(call("export", kind, "--format", "csv").out), dtype=str, keep_default_na=False)
    assert list(frame.columns) == list(KINDS[kind].names)
    assert len(frame) == len(rows)
    assert call("export", kind, "-o", "out.jsonl").err == f"{len(rows):,} {kind} written to out.jsonl\n"
    assert Path("out.jsonl").read_text() == call("export", kind, "--format", "jsonl").out


def test_a_copy_of_nothing_says_so(empty: Call) -> None:
    empty("migrate")
    assert "the source holds no records" in empty("push", "other").err


def test_a_conflict_between_two_stores_is_named_and_the_target_keeps_its_own(call: Call, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(
        "event_id,at,consumer,brand,points\nsinger-fish,2026-06-13T20:00:00Z,singer,restaurant,8\n"
    )
    assert call("ingest", "e.csv", "--store", "other").code == 0
    pushed = call("push", "other", "--format", "jsonl")
    assert {row["kind"]: row["conflicts"] for row in pushed.rows}["interactions"] == 1
    assert "conflict: " in pushed.err
    assert "other keeps its own" in pushed.err
    (kept,) = [
        r
        for r in call("export", "interactions", "--store", "other", "--format", "jsonl").rows
        if r["event_id"] == "singer-fish"
    ]
    assert kept["points"] == 8.0


def test_pulling_is_pushing_from_the_other_side(call: Call) -> None:
    assert call("pull", "influence-graph-data", "--store", "mine").code == 0
    assert call("export", "ties", "--store", "mine").out == call("export", "ties").out
    assert call("score", "--store", "mine").out == call("score").out


def test_migrate_says_what_it_applied_and_then_that_all_is_well(empty: Call) -> None:
    assert empty("migrate").err.startswith("applied ")
    assert empty("migrate").err == "the schema is up to date\n"


def test_doctor_fails_with_the_code_of_the_store(call: Call, tmp_path: Path) -> None:
    assert call("doctor").code == 0
    Path("influence-graph-data/ledger.duckdb").write_bytes(b"broken" * 1000)
    broken = call("doctor", "--format", "jsonl")
    failed = [row for row in broken.rows if not row["ok"]]
    assert broken.code == 1
    assert [row["check"] for row in failed] == ["store answers", "runs", "erasures", "store is whole"]
    assert failed[0]["remedy"]
    unreachable = call("doctor", "--store", "bolt://127.0.0.1:9", "--format", "jsonl")
    assert unreachable.code == 3


READING = [
    ("rank",), ("rank", "--by", "psi"), ("reach", "annie"), ("seeds", "-k", "2"), ("learn",), ("score",),
    ("score", "--write"),
    ("explain", "singer", "sweater"), ("brand", "sweater"), ("neighbors", "annie"), ("path", "annie", "june"),
    ("shared", "annie", "june"), ("report", "-o", "r.html"), ("policy", "fit"),
    ("policy", "diff", "default", "score-1"),
    ("runs",), ("push", "other"), ("pull", "mistyped", "--store", "new"), ("export", "people"),
    ("export", "people", "-o", "p.csv"), ("doctor",),
]  # fmt: skip


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_mistyped_store_is_an_error_in_every_command_that_reads(
    empty: Call, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = set(tmp_path.iterdir())
    told = empty(*arguments, *(() if "--store" in arguments else ("--store", "mistyped")))
    assert told.code == 1
    assert "there is no store in mistyped" in told.err + told.out
    assert "influence-graph ingest" in told.err + told.out
    assert set(tmp_path.iterdir()) == before


def test_commands_that_need_no_store_do_without(empty: Call) -> None:
    for arguments in (("import",), ("policy", "diff", "default", "default"), ("queries",)):
        assert empty(*arguments).code == 0
