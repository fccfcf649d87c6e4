"""``schedule run|status|install`` as users run them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from influence_graph.stores.base import RECALCULATION
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.cli.conftest import COMMAND, Run

DAILY = ("--every", "1d", "--only", "rank")
FILE = "event_id,at,consumer,brand,kind,points\ne1,2026-01-01T12:00:00Z,ann,acme,wear,1\ne2,never,ann,acme,wear,1\n"


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return a scheduler on the default store that has started."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))}
    command = [*COMMAND, "schedule", "run", "--every", "1d", "--name", "nightly"]
    process = subprocess.Popen(command, cwd=tmp_path, env=kept, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        assert "nightly: started; the next tick is" in process.stderr.readline()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_once_carries_out_what_is_due_empties_the_inbox_and_is_on_record(run: Run, tmp_path: Path) -> None:
    run("import", "story")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "events.csv").write_text(FILE)
    (tmp_path / "influence-graph.toml").write_text('[inbox]\nfolder = "inbox"\nsettle = "0.2s"\n')
    done = run("schedule", "run", "--once", *DAILY)
    assert done.code == 0, done.err
    assert "2 rows: 1 inserted, 1 rejected; it lies in inbox/done now" in done.err
    assert re.search(r"default@\d{4}-\d\d-\d\dT00:00:00\+00:00: done", done.err)
    assert (inbox / "done" / "events.csv.rejects.jsonl").exists()
    again = run("schedule", "run", "--once", *DAILY)
    assert (again.code, "nothing was due" in again.err) == (0, True)
    status = run("schedule", "status", "--format", "json")
    assert status.code == 1
    (row,) = json.loads(status.out)
    assert (row["schedule"], row["running"], row["became"], row["done"], row["failed"]) == (
        "default",
        False,
        "done",
        1,
        0,
    )
    (tick,) = run("schedule", "status", "--ticks", "--format", "jsonl").rows
    (kept,) = EmbeddedStore(tmp_path / "influence-graph-data").recalculations()
    assert (tick["became"], tick["recalculation"], tick["covers"]) == ("done", kept.id, 0)


def test_a_scheduler_is_known_while_it_runs_and_ends_in_seconds(
    run: Run, tmp_path: Path, scheduler: subprocess.Popen[str]
) -> None:
    status = run("schedule", "status", "--name", "nightly", "--format", "jsonl")
    assert status.code == 0, status.err
    (row,) = status.rows
    assert row["running"]
    assert row["owner"].endswith(f":{scheduler.pid}")
    assert row["next"].endswith("T00:00:00Z")
    assert "the lease 'recalculation' is free" in status.err
    begun = time.monotonic()
    scheduler.send_signal(signal.SIGTERM)
    _, err = scheduler.communicate(timeout=60)
    print(f"ended {time.monotonic() - begun:.1f} s after SIGTERM")  # noqa: T201 - shown with -s
    assert scheduler.returncode == 130
    assert "nightly: stopped" in err
    assert "error: stopped; what was being written is kept whole or not at all" in err
    after = run("schedule", "status", "--format", "jsonl")
    assert (after.code, after.rows[0]["running"]) == (1, False)
    assert "nightly: no scheduler is running" in after.err


def test_a_scheduler_that_was_killed_is_named(run: Run, scheduler: subprocess.Popen[str]) -> None:
    scheduler.kill()
    scheduler.wait()
    status = run("schedule", "status", "--format", "csv")
    assert status.code == 1
    assert re.search(rf"nightly: \S+:{scheduler.pid} is not running; it was last heard of at 20", status.err)


def test_who_holds_the_lease_is_told_since_when_and_until_when(run: Run, tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "influence-graph-data").lease(RECALCULATION, 600):
        status = run("schedule", "status")
    assert re.search(rf"is held by \S+:{os.getpid()} since 20\S+ \S+ until 20\S+ \S+ UTC, for \d+ s more", status.err)


def test_schedules_of_the_configuration_run_together(run: Run, tmp_path: Path) -> None:
    run("import", "story")
    (tmp_path / "influence-graph.toml").write_text(
        '[schedule.nightly]\ncron = "30 2 * * *"\ntimezone = "Europe/Berlin"\nonly = ["rank"]\n'
        '[schedule.hourly]\nevery = "1h"\nonly = ["rank"]\n'
    )
    done = run("schedule", "run", "--once")
    assert done.code == 0, done.err
    names = {row["schedule"] for row in run("schedule", "status", "--format", "jsonl").rows}
    assert names == {"nightly", "hourly"}
    one = run("schedule", "run", "--once", "--name", "nightly")
    assert "nothing was due" in one.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "neither --cron nor --every is given for the schedule default; give one of them"),
        (("--cron", "0 25 * * *"), "'25' is no hour of a cron expression: it takes 0-23"),
        (("--cron", "0 0 30 2 *"), "is never due"),
        (("--cron", "0 2 * *"), "has 4 fields, not 5"),
        (("--every", "soon"), "'soon' is not a duration"),
        (("--every", "1h", "--cron", "0 2 * * *"), "both --cron and --every are given"),
        (("--every", "1h", "--jitter", "2d"), "--jitter is 172800 s"),
        (("--every", "1h", "--timezone", "Europe/Brelin"), "did you mean 'Europe/Berlin'"),
        (("--every", "1h", "--name", "a b"), "'a b' is no name of a schedule"),
        (("--every", "1h", "--inbox", "none"), "the inbox none does not exist"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_2(run: Run, arguments: tuple[str, ...], message: str) -> None:
    done = run("schedule", "run", *arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_an_unknown_step_and_an_unknown_schedule_are_named(run: Run) -> None:
    done = run("schedule", "run", "--every", "1h", "--only", "rnak")
    assert done.code == 1
    assert "no step 'rnak'; did you mean 'rank'?" in done.err
    run("import", "story")
    run("schedule", "run", "--once", "--name", "nightly", *DAILY)
    done = run("schedule", "status", "--name", "nigthly")
    assert done.code == 2
    assert "knows no schedule 'nigthly'; did you mean 'nightly'?" in done.err


def test_what_is_installed_can_be_run_from_anywhere(run: Run, tmp_path: Path) -> None:
    run("import", "story")
    units = tmp_path / "units"
    units.mkdir()
    done = run("schedule", "install", *DAILY, "--write", units, NEO4J_PASSWORD="open-sesame")
    assert done.code == 0, done.err
    assert sorted(each.name for each in units.iterdir()) == [
        f"influence-graph-default.{ending}" for ending in ("crontab", "service", "timer")
    ]
    assert not [each for each in units.iterdir() if "open-sesame" in each.read_text()]
    line = (units / "influence-graph-default.crontab").read_text()
    assert line.startswith("0 * * * * cd ")
    command = line.split(" ", 5)[5].replace("\\%", "%")
    told = subprocess.run(["/bin/sh", "-c", command], cwd="/", capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "T00:00:00+00:00: done" in told.stderr
    printed = run("schedule", "install", *DAILY)
    assert "OnCalendar=*-*-* *:00:00 UTC" in printed.out
    missing = run("schedule", "install", *DAILY, "--write", "nowhere")
    assert (missing.code, "there is no folder nowhere" in missing.err) == (2, True)
