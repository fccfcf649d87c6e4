"""What must not change the meaning of events, through the command line, on both stores: one line each with a remedy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from influence_graph.app.open import open_store
from influence_graph.cli.main import main
from influence_graph.errors import InfluenceGraphError
from influence_graph.model.touchpoints import FORMAT, TouchpointTable
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import FILE_NAME
from influence_graph.stores.neo4j.store import Neo4jStore

HEAD = "event_id,at,consumer,brand,kind,weight,value,currency,paid,recognized\n"
GOOD = f"{HEAD}1,2026-01-01T00:00:00Z,ann,acme,purchase,,9.5,EUR,true,false\n"


@dataclass(frozen=True)
class Command:
    """What a command printed."""

    code: int
    lines: list[str]


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return a store with one purchase in euros and a table of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    url = "store" if request.param == "embedded" else request.getfixturevalue("neo4j_store").url
    (tmp_path / "good.csv").write_text(GOOD)
    made = open_store(url)
    assert run(made, "ingest", "good.csv").code == 0
    assert run(made, "touchpoints", "set", "jingle", "valence=-0.5").code == 0
    yield made
    made.close()


def run(store: Store, *arguments: str) -> Command:
    done = CliRunner().invoke(main, [*arguments, "--store", store.url])
    if isinstance(done.exception, InfluenceGraphError):
        return Command(done.exception.exit_code, str(done.exception).splitlines())
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Command(done.exit_code, done.stderr.splitlines())


def state(store: Store) -> tuple[str, dict[str, int], TouchpointTable]:
    return store.digest(), store.counts(), store.touchpoints()


@pytest.mark.parametrize(
    ("table", "reason", "remedy"),
    [
        ('[kinds]\n"a b" = { weight = 1.0 }\nA-b = { weight = 2.0 }\n', "are one kind, in two senses", "keep one of"),
        ('[kinds]\nwear = { weight = "much" }\n', "weight is 'much', must be 0 or more", "a finite number"),
        ("[kinds]\nwear = { weight = true }\n", "weight is True, must be 0 or more", "a finite number"),
        ("[kinds]\nwear = { weight = nan }\n", "weight is nan, must be 0 or more", "a finite number"),
        ("[kinds]\nwear = { returned = inf }\n", "returned is inf, must be 0 or more", "a finite number"),
        ('[kinds]\nwear = { valence = "good" }\n', "valence is 'good', must be from -1 to 1", "a finite number"),
        (f"format = {FORMAT + 1}\n[kinds]\n", f"the table has format {FORMAT + 1}", "update influence-graph"),
    ],
)
def test_a_table_that_means_nothing_is_refused(store: Store, table: str, reason: str, remedy: str) -> None:
    before = state(store)
    Path("bad.toml").write_text(table)
    for command in (["touchpoints", "set", "bad.toml"], ["score", "--touchpoints", "bad.toml"]):
        refused = run(store, *command)
        assert (refused.code, len(refused.lines)) == (2, 1)
        assert reason in refused.lines[0]
        assert remedy in refused.lines[0]
    assert state(store) == before


def test_a_weight_that_is_no_number_is_refused_on_the_command_line_too(store: Store) -> None:
    before = state(store)
    refused = run(store, "touchpoints", "set", "purchase", "weight=heavy")
    assert (refused.code, len(refused.lines)) == (2, 1)
    assert "weight is 'heavy', must be 0 or more; write a finite number" in refused.lines[0]
    assert state(store) == before


@pytest.mark.parametrize(
    ("row", "column", "reason", "remedy"),
    [
        (",7,USD,,", "currency", "the other values are in EUR", "convert to one currency"),
        (",nine,EUR,,", "value", "is not a number", ""),
        ("heavy,7,EUR,,", "weight", "is not a number", ""),
        (",7,EUR,yes,", "paid", "is neither true nor false", "write true or false, or leave it empty"),
        (",7,EUR,,often", "recognized", "is neither true nor false", "write true or false, or leave it empty"),
    ],
)
def test_a_record_that_means_nothing_is_rejected(store: Store, row: str, column: str, reason: str, remedy: str) -> None:
    before = state(store)
    Path("bad.csv").write_text(f"{HEAD}2,2026-01-02T00:00:00Z,ann,acme,purchase,{row}\n")
    done = run(store, "ingest", "bad.csv")
    assert (done.code, len(done.lines)) == (1, 1)
    assert f"bad.csv: its only row was rejected: {column} " in done.lines[0]
    assert reason in done.lines[0]
    (line,) = map(json.loads, Path("rejects.jsonl").read_text().splitlines())
    assert (line["line"], line["column"], line["reason"]) == (2, column, reason)
    assert remedy in line["remedy"]
    assert line["remedy"]
    assert state(store) == before


def newer(store: Store) -> None:
    """Give *store* a table of a version to come."""
    table = json.dumps({"format": FORMAT + 1, "kinds": {}})
    if isinstance(store, Neo4jStore):
        store.database.execute("MATCH (l:Ledger {name: 'ledger'}) SET l.touchpoints = $table", table=table)
        return
    with duckdb.connect(str(Path(store.url) / FILE_NAME)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'touchpoints'", [table])


COMMANDS = (["score"], ["score", "--write"], ["brand", "acme"], ["touchpoints", "show"], ["policy", "fit"])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_table_newer_than_this_version_is_refused_by_all_that_asks_for_meaning(
    store: Store, command: list[str]
) -> None:
    before = store.counts()
    newer(store)
    refused = run(store, *command)
    assert (refused.code, len(refused.lines)) == (2, 1)
    assert f"the touchpoint table of {store.url}: the table has format {FORMAT + 1}" in refused.lines[0]
    assert "update influence-graph" in refused.lines[0]
    store.set_touchpoints(None)
    assert store.counts() == before
    assert store.runs() == []
