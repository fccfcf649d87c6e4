"""The shell on a real terminal."""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pexpect
import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from influence_graph.stores.neo4j.store import Neo4jStore

CONTROL = re.compile(r"\x1b\[[0-9;?>]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[=>(]B?")
ROOT = Path(__file__).resolve().parents[3]
PROMPT = "influence-graph-data> "
Start = Callable[..., "Terminal"]


class Terminal:
    """A terminal of 100 columns with the shell in it."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        others = ("INFLUENCE_GRAPH_", "NEO4J_URI", "XDG_", "NO_COLOR")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
        self.child = pexpect.spawn(
            sys.executable, ["-m", "influence_graph", "shell", *arguments],
            cwd=str(folder), encoding="utf-8", timeout=60, dimensions=(40, 100),
            env={**kept, "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": str(ROOT),
                 "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", **environment},
        )  # fmt: skip
        self.child.delaybeforesend = 0.2
        self._raw, self._read = "", 0

    def until(self, text: str) -> str:
        """Wait for *text*; return all that was printed before it, without control characters."""
        ends = time.monotonic() + 30
        while (found := self.screen().find(text, self._read)) < 0:
            assert time.monotonic() < ends, f"no {text!r} in {self.screen()[self._read :]!r}"
            with suppress(pexpect.TIMEOUT):
                self._raw += self.child.read_nonblocking(4096, timeout=1)
        before, self._read = self.screen()[self._read : found], found + len(text)
        return before

    def screen(self) -> str:
        """Return all that was printed so far."""
        forward = re.sub(r"\x1b\[([0-9]*)C", lambda match: " " * int(match[1] or 1), self._raw)
        return CONTROL.sub("", forward)

    def colors(self) -> list[str]:
        """Return the colors in all that was printed so far."""
        codes = re.findall(r"\x1b\[([0-9;]*)m", self._raw)
        return [code for code in codes if re.search(r"\b(?:3[0-9]|9[0-7])\b", code)]

    def ask(self, text: str, answer: str) -> str:
        """Type *text* and Enter, and wait for *answer*."""
        self.child.send(f"{text}\r")
        return self.until(answer)

    def leave(self) -> int | None:
        """Press Ctrl-D; return the exit code."""
        self.child.send("\x04")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    store = str(folder / "influence-graph-data")
    CliRunner().invoke(main, ["import", "story", "--store", store], catch_exceptions=False)
    return folder


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    started: list[Terminal] = []

    def open_(*arguments: str, **environment: str) -> Terminal:
        terminal = Terminal(folder, *arguments, **environment)
        started.append(terminal)
        terminal.until("lists the questions")
        terminal.until(arguments[-1] if arguments else PROMPT)
        return terminal

    yield open_
    for terminal in started:
        terminal.child.close(force=True)


def test_a_tab_completes_a_question_its_parameter_and_an_id(start: Start) -> None:
    shell = start()
    shell.child.send("audie\t")
    shell.until("audience")
    shell.child.send(" p\t")
    shell.until("person=")
    shell.child.send("sing\t")
    shell.until("singer")
    shell.child.send("\r")
    assert "Annie" in shell.until("5 rows")
    assert shell.leave() == 0


def test_a_tab_lists_what_there_is(start: Start) -> None:
    shell = start()
    shell.child.send(":e\t")
    shell.until("show the plan")
    shell.until("write the last answer")


def test_a_statement_of_several_lines_ends_with_a_semicolon_or_an_empty_line(start: Start) -> None:
    shell = start()
    shell.child.send("SELECT id AS who\r")
    shell.until("... ")
    assert "singer" in shell.ask("FROM people WHERE id = 'singer';", "1 row")
    shell.child.send("SELECT id AS whom\r")
    shell.until("... ")
    shell.child.send("FROM people WHERE id = 'june'\r")
    shell.until("... ")
    assert "june" in shell.ask("", "1 row")


def test_what_was_typed_comes_back_in_the_next_session_and_is_nobody_elses(start: Start, folder: Path) -> None:
    first = start()
    first.ask("SELECT 6 * 7 AS answer;", "1 row")
    first.ask(" :param secret => 1", PROMPT)
    assert first.leave() == 0
    kept = folder / "state" / "influence-graph" / "shell-history"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "secret" not in kept.read_text()
    second = start()
    second.child.send("\x1b[A")
    second.until("SELECT 6 * 7 AS answer;")
    assert "42" in second.ask("", "1 row")


def test_ctrl_c_takes_back_what_was_typed_or_stops_what_runs_and_the_shell_goes_on(start: Start) -> None:
    shell = start()
    shell.child.send("SELECT nonsense")
    shell.until("nonsense")
    shell.child.send("\x03")
    shell.until(PROMPT)
    shell.child.send("SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c;\r")
    shell.until("c;")
    time.sleep(3)
    shell.child.send("\x03")
    shell.until("stopped")
    assert "42" in shell.ask("SELECT 42 AS answer;", "1 row")
    assert shell.leave() == 0


def test_an_error_is_one_line_and_the_shell_goes_on(start: Start) -> None:
    shell = start()
    shell.ask(":nonsense", "error: ")
    assert "there is no command :nonsense; see :help" in shell.until(PROMPT)
    shell.ask("audience person=nobody", "error: ")
    assert "has no consumer 'nobody'" in " ".join(shell.until(PROMPT).split())
    assert shell.leave() == 0


def test_the_last_answer_is_exported(start: Start, folder: Path) -> None:
    shell = start()
    shell.ask("audience person=singer", "5 rows")
    shell.ask(":export followers.csv", "5 rows written to followers.csv")
    lines = (folder / "followers.csv").read_text().splitlines()
    assert lines[0] == "id,name,tie,weight"
    assert [line.partition(",")[0] for line in lines[1:]] == ["annie", "chloe", "mia", "noah", "olga"]


def test_a_shell_that_was_left_open_keeps_nobody_from_writing(start: Start, folder: Path) -> None:
    shell = start()
    shell.ask("SELECT count(*) AS n FROM people;", "1 row")
    (folder / "more.csv").write_text("id\nnewcomer\n")
    store = str(folder / "influence-graph-data")
    done = CliRunner().invoke(main, ["ingest", str(folder / "more.csv"), "--as", "people", "--store", store])
    assert done.exit_code == 0, done.output
    assert "newcomer" in shell.ask("SELECT id FROM people WHERE id LIKE 'new%';", "1 row")


def test_the_end_of_the_process_is_the_end_of_the_shell(start: Start) -> None:
    shell = start()
    shell.child.kill(15)
    shell.child.expect(pexpect.EOF)
    shell.child.close()
    assert shell.child.exitstatus == 130


def test_no_color_is_respected(start: Start) -> None:
    def colors(**environment: str) -> list[str]:
        shell = start(**environment)
        shell.child.send("SELECT 'a' AS b;\r")
        shell.until("1 row")
        return shell.colors()

    assert colors()
    assert not colors(NO_COLOR="1")


@pytest.mark.neo4j
def test_plans_names_and_the_end_of_a_query_on_a_server(start: Start, neo4j_store: Neo4jStore) -> None:
    neo4j_store.migrate()
    names = ("XDG_STATE_HOME",) if "XDG_STATE_HOME" in os.environ else ()  # where the password is noted
    shell = start("--store", neo4j_store.url, **{name: os.environ[name] for name in names})
    shell.child.send("MATCH (c:Mig\t")
    shell.until("Migration")
    shell.child.send(") RETURN count(c) AS n;\r")
    shell.until("1 row")
    shell.ask(":explain", "estimated_rows")
    shell.until("NodeCountFromCountStore")
    shell.ask(":profile", "db_hits")
    shell.until("NodeCountFromCountStore")
    shell.child.send("UNWIND range(1, 1000000000) AS slow MATCH (n) RETURN sum(slow * n.version);\r")
    shell.until("version);")
    time.sleep(3)
    shell.child.send("\x03")
    shell.until("stopped")
    deadline = time.monotonic() + 30  # the server notices that nobody waits for the answer, on a busy machine later
    while slow := _running(neo4j_store, "slow"):
        assert time.monotonic() < deadline, slow
        time.sleep(0.1)
    assert shell.leave() == 0


def _running(store: Neo4jStore, word: str) -> list[str]:
    """Return the queries with *word* that run on the server now."""
    with store.database.session("READ") as session:
        running = [row["currentQuery"] for row in session.run("SHOW TRANSACTIONS YIELD currentQuery")]
    return [text for text in running if word in text]
