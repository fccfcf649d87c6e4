"""Questions about a file: on a terminal only, and the command that repeats the answers."""

from __future__ import annotations

import os
import pty
import select
import shlex
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Run

ORDERS = "Order No,Order Date,Email,Total,Order Status\n" + "".join(
    f"{n},0{n % 9 + 1}/04/2025,p{n % 5}@example.org,{n}.50,{'paid' if n % 4 else 'refunded'}\n" for n in range(1, 21)
)


def _talk(folder: Path, arguments: list[str], answers: list[str], seconds: float = 60) -> tuple[int, str]:
    """Run the command on a terminal; give each answer when the program waits for one."""
    main, side = pty.openpty()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("INFLUENCE_GRAPH_", "NEO4J_")) and k != "CI"}
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        stdin=side,
        stdout=subprocess.PIPE,
        stderr=side,
        env={**kept, "COLUMNS": "200"},
    )
    os.close(side)
    shown, left, deadline = "", list(answers), time.monotonic() + seconds
    while time.monotonic() < deadline:
        ready, _, _ = select.select([main], [], [], 0.2)
        try:
            fresh = os.read(main, 4096).decode("utf-8", "replace") if ready else ""
        except OSError:  # the program ended
            break
        shown += fresh
        if left and shown.rstrip(" ").endswith((":", "]")):
            os.write(main, f"{left.pop(0)}\n".encode())
            shown += "\n"
        if not ready and process.poll() is not None:
            break
    if process.poll() is None:
        time.sleep(1)
        process.kill()
    process.communicate()
    code = process.returncode
    os.close(main)
    return code, shown.replace("\r", "")


def test_a_terminal_is_asked_and_told_the_command_that_repeats_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    answers = ["y", "2", "acme", "Europe/Nowhere", "Europe/Berlin", "y", "y"]
    code, shown = _talk(tmp_path, ["ingest", "orders.csv"], answers)
    assert code == 0, shown
    assert "orders.csv looks like purchase interactions" in shown
    assert "day first" in shown
    assert "month first" in shown
    assert "no time zone is named" in shown
    rows = run("export", "interactions", "--format", "jsonl").rows
    assert len(rows) == 15  # refunded orders are left out
    assert {row["brand"] for row in rows} == {"acme"}
    assert len({row["at"][5:7] for row in rows}) > 5  # month first: the second number is always 4
    command = shown.partition("the same without questions: ")[2].splitlines()[0]
    again = run(*shlex.split(command)[1:])
    assert again.code == 0, again.err
    assert again.rows[0]["unchanged"] == 15


def test_no_is_no(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    code, shown = _talk(tmp_path, ["ingest", "orders.csv"], ["n"])
    assert code == 2
    assert "influence-graph inspect orders.csv" in shown
    assert not (tmp_path / "influence-graph-data").exists()


def test_the_kind_is_asked_where_two_fit(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fans.csv").write_text("Timestamp,Username\n2025-07-14 10:00:00,ann.o\n2025-07-15 10:00:00,sam.p\n")
    code, shown = _talk(tmp_path, ["ingest", "fans.csv"], ["2", "y"])
    assert code == 0, shown
    assert "1  interactions" in shown
    assert {row["id"] for row in run("export", "people", "--format", "jsonl").rows} == {"ann.o", "sam.p"}


@pytest.mark.parametrize("arguments", [["ingest", "orders.csv"], ["ingest", "orders.csv", "--dry-run"]])
def test_without_a_terminal_there_is_one_line(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    done = run(*arguments)
    assert done.code == 1
    assert len(done.err.strip().splitlines()) == 1
    assert "influence-graph inspect orders.csv" in done.err
    assert not (tmp_path / "influence-graph-data").exists()


def test_a_record_file_is_not_asked_about(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("source,target\nann,june\n")
    code, shown = _talk(tmp_path, ["ingest", "ties.csv"], [])
    assert code == 0
    assert "looks like" not in shown
