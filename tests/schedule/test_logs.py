"""What a scheduler logs: ids of ticks and runs, and nobody's name or password."""

from __future__ import annotations

import io
import json
import logging
import os
import stat
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from influence_graph.errors import InputError, MissingExtra, NotFound, StoreUnreachable
from influence_graph.schedule.logs import FIELDS, HIDDEN, bound, logging_to, why
from influence_graph.schedule.observability import LogSettings
from influence_graph.secret_files import read_secret

TICK = "nightly@2026-11-29T02:00:00+00:00"


def logged(**fields: Any) -> dict[str, Any]:
    stream = io.StringIO()
    with logging_to(LogSettings(), stream) as log:
        log.warning("something", **fields)
    [line] = stream.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_is_an_object_with_time_level_and_what_is_bound() -> None:
    stream = io.StringIO()
    with logging_to(LogSettings(), stream) as log, bound(tick=TICK):
        log.info("tick began", schedule="nightly")
        with bound(recalculation="r1"):
            log.bind(run="x").info("step done", step="rank", seconds=timedelta(seconds=1.5), at=None)
        log.debug("not logged")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert datetime.fromisoformat(first.pop("timestamp")).tzinfo is not None
    assert first == {"event": "tick began", "level": "info", "schedule": "nightly", "tick": TICK}
    assert (second["tick"], second["recalculation"], second["run"]) == (TICK, "r1", "x")
    assert second["seconds"] == 1.5


def test_a_field_that_may_hold_an_id_of_a_person_keeps_its_name_alone() -> None:
    line = logged(consumer="ann", ids=["ann", "bob"], count=2, rule="bond-of-vips")
    assert (line["consumer"], line["ids"], line["count"], line["rule"]) == (HIDDEN, HIDDEN, 2, "bond-of-vips")
    assert not FIELDS & {"id", "ids", "consumer", "person", "brand", "name", "message", "password", "query"}


def test_of_an_error_is_logged_what_names_nobody() -> None:
    assert logged(error=NotFound("there is no consumer 'ann'"))["error"] == "NotFound"
    assert why(InputError("ann is no brand")) == "InputError"
    assert why(KeyError("ann")) == "KeyError"
    assert why(StoreUnreachable("no Neo4j answers at bolt://h:1", remedy="start it")) == (
        "StoreUnreachable: no Neo4j answers at bolt://h:1; start it"
    )
    assert why(PermissionError(13, "Permission denied", "/home/ann")) == "PermissionError: Permission denied"


def test_passwords_and_paths_of_webhooks_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "open-sesame")
    (tmp_path / "s").write_text("s3cr3t-of-the-webhook")
    (tmp_path / "s").chmod(0o600)
    read_secret(tmp_path / "s", "webhook")
    line = logged(
        store="bolt://ann:pa@ss@host:7687",
        why="the header open-sesame and s3cr3t-of-the-webhook",
        address="https://hooks.example.com/T00/B00/XXXX?x=1",
        files=["a", "open-sesame"],
    )
    assert line["store"] == "bolt://…@host:7687"
    assert line["why"] == f"the header {HIDDEN} and {HIDDEN}"
    assert line["address"] == f"https://hooks.example.com/{HIDDEN}"
    assert line["files"] == ["a", HIDDEN]


def test_values_are_one_printable_line() -> None:
    line = logged(why="a\nb\x1b[31m\u202ec" + "x" * 1000, until=datetime(2026, 1, 2, tzinfo=UTC))
    assert line["why"].startswith("a\\nb\\x1b[31m\\u202ec")
    assert len(line["why"]) <= 500
    assert line["until"] == "2026-01-02T00:00:00+00:00"


def test_warnings_of_libraries_are_logged_without_what_they_fill_in() -> None:
    stream = io.StringIO()
    with logging_to(LogSettings(), stream):
        logging.getLogger("neo4j.io").warning("failed for %s, retried in %s s", "ann", 3)
        logging.getLogger("neo4j.io").info("C: RUN %s", "ann")
        logging.getLogger("other").error("ann is wrong", exc_info=ValueError("ann"))
    logging.getLogger("neo4j.io").warning("after its end")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["logger"], first["text"]) == ("neo4j.io", "failed for %s, retried in %s s")
    assert (second["level"], second["error"], second.get("text")) == ("error", "ValueError", None)
    assert "ann" not in stream.getvalue()


def test_on_a_console_a_line_is_for_people() -> None:
    stream = io.StringIO()
    with logging_to(LogSettings(format="console"), stream) as log:
        log.warning("tick failed", tick=TICK)
    assert "tick failed" in stream.getvalue()
    assert f"tick={TICK}" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_levels() -> None:
    for level, expected in (("debug", 4), ("info", 3), ("warning", 2), ("error", 1)):
        stream = io.StringIO()
        with logging_to(LogSettings(level=level), stream) as log:
            for method in ("debug", "info", "warning", "error"):
                getattr(log, method)(method)
        assert len(stream.getvalue().splitlines()) == expected


def test_a_file_is_private_grows_and_is_opened_anew_after_it_was_moved(tmp_path: Path) -> None:
    path = tmp_path / "scheduler.log"
    for _ in range(2):
        with logging_to(LogSettings(file=path)) as log:
            log.info("one")
    assert len(path.read_text().splitlines()) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with logging_to(LogSettings(file=path)) as log:
        path.rename(tmp_path / "scheduler.log.1")
        log.info("two")
        path.unlink()
        log.info("three")
    assert "three" in path.read_text()
    assert "two" not in path.read_text()


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with logging_to(LogSettings(file=path)) as log:
        threads = [threading.Thread(target=lambda: [log.info("x", why="y" * 400) for _ in range(50)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 400


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_said_once_and_ends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(LogSettings(file=Path("/dev/full"))) as log:
        log.info("one")
        log.info("two")
    assert capsys.readouterr().err.count("the log cannot be written") == 1


def test_what_cannot_be_a_log_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match=r"cannot write the log to .*: Is a directory"),
        logging_to(LogSettings(file=tmp_path)),
    ):
        pass
    with pytest.raises(InputError, match=r"level is 'warn', must be one of .*; did you mean 'warning'"):
        LogSettings(level="warn")
    with pytest.raises(InputError, match="format is 'xml', must be one of json, console; use json or console"):
        LogSettings(format="xml")


def test_without_structlog_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "structlog", None)
    with pytest.raises(MissingExtra, match=r"influence-graph\[schedule\]"), logging_to(LogSettings()):
        pass


def test_no_secret_of_the_environment_is_too_short_to_be_kept_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "a")
    assert logged(why="a man")["why"] == "a man"  # else every a would be hidden, and the log tell the password
    assert os.environ["NEO4J_PASSWORD"] == "a"
