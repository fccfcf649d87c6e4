"""Every example in the help of every command runs, on the records that are shipped."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from tests.cli.conftest import COMMAND
from tests.cli.test_commands import commands
from tests.public_data import public_data
from tests.warm import write_program

SERVER = ("--store neo4j", "neo4j ", "bolt://", "browser ")
"""What an example has that needs a server."""


def examples() -> list[str]:
    """Return the examples of all commands, as their epilogs give them."""
    found: list[str] = []
    for path in commands():
        command: click.Command | None = main
        for name in path:
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), name)
        assert command is not None
        _, _, text = (command.epilog or "").partition(": ")
        found += [example.strip() for example in text.split(";") if "influence-graph" in example]
    return list(dict.fromkeys(found))


def on_a_server(example: str) -> bool:
    return any(word in example.removeprefix("influence-graph ") for word in SERVER)


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the shipped story in a store, and the files that examples name."""
    folder = tmp_path_factory.mktemp("shipped")
    store = ["--store", str(folder / "influence-graph-data")]
    invoke("import", "story", *store)
    for kind in ("people", "brands", "ties", "interactions", "campaigns", "sales"):
        invoke("export", kind, "-o", str(folder / f"{kind}.csv"), *store)
    invoke("export", "interactions", "-o", str(folder / "interactions.jsonl"), *store)
    plain = folder / "interactions.jsonl"
    (folder / "interactions.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    events = pd.read_csv(folder / "interactions.csv")
    log = events[["consumer", "brand", "at"]].set_axis(["user", "item", "time"], axis=1)
    log.to_csv(folder / "log.csv", index=False)
    orders = "Order,Created at,Email,Total\n1,2025-07-14T10:00:00Z,ann@example.org,20.00\n"
    (folder / "orders.csv").write_text(orders)
    visits = "annie,cafe,2026-05-01T10:00:00\njune,cafe,2026-05-01\n"
    again = "annie,gym,2026-05-08\njune,gym,2026-05-08T18:30:00+02:00\n"
    (folder / "visits.csv").write_text(f"person,place,time\n{visits}{again}")
    (folder / "tills.csv").write_text(f"Card,Till,At\n{visits}{again}")
    dates = [f"{day:%Y-%m-%d}" for day in pd.date_range("2026-05-01", periods=60)]
    (folder / "days.csv").write_text("date,value\n" + "".join(f"{day},{7 * n % 11}\n" for n, day in enumerate(dates)))
    shops = enumerate(("north", "east", "west", "far"), 3)
    rows = [f"{shop},{day},{by * n % 11}\n" for by, shop in shops for n, day in enumerate(dates)]
    (folder / "shops.csv").write_text("unit,date,value\n" + "".join(rows))
    (folder / "mine.cypher").write_text("MATCH ()-[r:INTERACTED]->() WHERE r.at > $since\nRETURN count(r);\n")
    (folder / "questions.cypher").write_text("top-brands\nMATCH (b:Brand)\nRETURN count(b);\n")
    (folder / "changes.cypher").write_text("MERGE (n:Note {text: 'met'}) RETURN n")
    (folder / "leavers.txt").write_text("carol\nrita\n")
    (folder / "policy.toml").write_text(invoke("policy", "show"))
    for as_of in ("2026-06-12", "2026-06-14"):
        invoke("score", "--write", "--as-of", as_of, *store)
    shutil.copytree(folder / "influence-graph-data", folder / "backup")
    return folder


@pytest.fixture
def beside(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of the folder, without settings of the environment."""
    shutil.copytree(shipped, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))]:
        if name != "INFLUENCE_GRAPH_TEST_DATA":
            monkeypatch.delenv(name)
    return tmp_path


def shell(example: str, folder: Path) -> str:
    """Run *example* in a shell, as a user would, with this installation's command on the path; return its output."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    write_program(programs / "influence-graph")
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", example],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{example}\n{done.stdout}{done.stderr}"
    return done.stdout


def stopped(example: str, folder: Path) -> None:
    """Run *example* in *folder* until its first line, then stop it with Ctrl-C."""
    command = [*COMMAND, *shlex.split(example)[1:]]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert "/login.html#" in running.stdout.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0


def scheduled(example: str, folder: Path) -> None:
    """Run the scheduler of *example* in *folder* until it has started, then stop it with Ctrl-C."""
    (folder / "incoming").mkdir()
    command = [*COMMAND, *shlex.split(example)[1:]]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert "started; the next tick is" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        assert "stopped" in running.stderr.read()
        assert running.wait(30) == 130


@pytest.mark.parametrize("example", [each for each in examples() if not on_a_server(each)])
def test_every_example_runs_on_the_shipped_story(example: str, beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "downloads/" in example:
        (beside / "downloads").mkdir()
        (beside / "downloads" / "lastfm_hetrec2011").symlink_to(public_data("lastfm_hetrec2011"))
    monkeypatch.setenv("HOME", str(beside))  # where `completion install` writes, for the shell of
    monkeypatch.setenv("SHELL", "/bin/bash")
    if "schedule run" in example:
        scheduled(example, beside)
        return
    if "pseudonym" in example:
        shutil.rmtree(beside / "influence-graph-data")
        shell("influence-graph ingest people.csv brands.csv interactions.csv --pseudonymize", beside)
    nobody_runs = " || test $? = 1" if "schedule status" in example else ""
    shell(example + nobody_runs, beside)


@pytest.fixture
def stopped_at_the_end(beside: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work with servers whose state is kept in a folder of the test, and stop them."""
    monkeypatch.setenv("XDG_STATE_HOME", str(beside / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(beside / "cache"))
    yield beside
    for home in ("influence-graph-neo4j", "my-graph"):
        CliRunner().invoke(main, ["neo4j", "down", "--home", str(beside / home)])


@pytest.mark.neo4j
@pytest.mark.timeout(600)
def test_every_example_with_a_server_runs_in_the_order_of_a_session(
    stopped_at_the_end: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, left = stopped_at_the_end, [each for each in examples() if on_a_server(each)]

    def take(part: str) -> list[str]:
        taken = [each for each in left if part in each]
        for each in taken:
            left.remove(each)
        return taken

    started = [shell(example, folder) for example in take("neo4j up --load")]
    uri = json.loads(started[0].splitlines()[0])["uri"]  # another server may have the usual port
    monkeypatch.setenv("NEO4J_URI", uri)
    shell("influence-graph score --write --store neo4j", folder)
    last = [*take("neo4j down"), *take("neo4j up --home my-graph")]
    for example in take("influence-graph browser"):
        stopped(example, folder)
    for example in [*left, *last]:
        shell(example.replace("bolt://localhost:7687", uri), folder)
