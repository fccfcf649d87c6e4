"""The shell without a terminal: statements from a pipe."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from tests.cli.conftest import Outcome, Run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the store of the story in it, where a user would have it."""
    folder = tmp_path_factory.mktemp("story")
    store = folder / "influence-graph-data"
    CliRunner().invoke(main, ["import", "story", "--store", str(store)], catch_exceptions=False)
    return folder


@pytest.fixture
def story(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, in an empty folder that has the store."""
    (tmp_path / "influence-graph-data").symlink_to(folder / "influence-graph-data")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))]:
        monkeypatch.delenv(name)

    def call(*arguments: str | Path, stdin: str = "", **environment: str) -> Outcome:
        done = CliRunner().invoke(main, [*map(str, arguments)], input=stdin, env=environment)
        return Outcome(done.exit_code, done.stdout, done.stderr)

    return call


def test_statements_run_one_after_the_other(story: Run, tmp_path: Path) -> None:
    typed = (
        "-- how many\nSELECT count(*) AS people\nFROM people;\naudience person=singer limit=2\n"
        ':param brand => "sweater"\nSELECT id FROM brands WHERE id = $brand;\n:params\n:quit\nSELECT 1/0;\n'
    )
    done = story("shell", stdin=typed)
    assert done.code == 0, done.err
    people, *followers, brand, parameter = done.rows
    assert people == {"people": 20}
    assert [each["id"] for each in followers] == ["annie", "chloe"]
    assert brand == {"id": "sweater"}
    assert parameter == {"parameter": "brand", "value": '"sweater"'}


def test_the_last_statement_needs_no_semicolon(story: Run) -> None:
    assert story("shell", stdin="SELECT 1 AS one").rows == [{"one": 1}]
    assert story("shell", stdin="\n-- nothing\n").out == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("SELECT 1 AS a;\nSELECT nothing FROM people;\nSELECT 2 AS a;", "stopped at line 2"),
        ("SELECT 1 AS a;\n:nonsense\nSELECT 2 AS a;", "there is no command :nonsense"),
        ("SELECT 1 AS a;\n:questons\nSELECT 2 AS a;", "did you mean 'questions'"),
        ("SELECT 1 AS a;\naudience peron=singer\nSELECT 2 AS a;", "audience has no parameter 'peron'"),
        ("SELECT 1 AS a;\n:ask audience singer\nSELECT 2 AS a;", "'singer' is not NAME=VALUE"),
        ("SELECT 1 AS a;\n:ask audiense\nSELECT 2 AS a;", "did you mean 'audience'"),
        ("SELECT 1 AS a;\n:limit many\nSELECT 2 AS a;", ":limit is 'many', must be 0 or more"),
        ("SELECT 1 AS a;\n:format xls\nSELECT 2 AS a;", "there is no format 'xls'"),
        ("SELECT 1 AS a;\n:param brand\nSELECT 2 AS a;", "'brand' is not NAME => VALUE"),
        ("SELECT 1 AS a;\n:export answer.xls\nSELECT 2 AS a;", "unknown suffix '.xls'"),
        ("SELECT 1 AS a;\n:export nowhere/a.csv\nSELECT 2 AS a;", "nowhere/a.csv cannot be written"),
        ("SELECT 1 AS a;\n:show nothing\nSELECT 2 AS a;", "there is no question 'nothing'"),
        ("SELECT 1 AS a;\n:questions nothing\nSELECT 2 AS a;", "there is no topic 'nothing'"),
        ("SELECT 1 AS a;\n:store http://localhost\nSELECT 2 AS a;", "unknown scheme 'http'"),
        ("SELECT 1 AS a;\nDELETE FROM people;\nSELECT 2 AS a;", "error: "),
    ],
)
def test_the_first_failure_ends_it_with_one_line_and_1(story: Run, typed: str, said: str) -> None:
    done = story("shell", stdin=typed)
    assert done.code == 1
    assert done.rows == [{"a": 1}]
    assert said in done.err
    assert sum(line.startswith("error: ") for line in done.err.splitlines()) == 1


def test_a_store_that_is_not_there_has_its_own_exit_code(run: Run) -> None:
    assert run("shell", "--store", "bolt://127.0.0.1:1", stdin="RETURN 1;").code == 3
    done = run("shell", stdin="SELECT 1;")
    assert (done.code, done.out) == (1, "")
    assert "there is no store in influence-graph-data" in done.err


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl", "parquet"])
def test_the_last_answer_is_exported_whole_in_the_format_of_the_ending(story: Run, tmp_path: Path, suffix: str) -> None:
    done = story(
        "shell", "--format", "table", stdin=f"SELECT id, followers FROM people ORDER BY id;\n:export a.{suffix}\n"
    )
    assert done.code == 0, done.err
    assert "20 rows written to" in done.err
    path = tmp_path / f"a.{suffix}"
    readers = {
        "csv": pd.read_csv,
        "json": lambda file: pd.DataFrame(json.loads(Path(file).read_text())),
        "jsonl": lambda file: pd.read_json(file, lines=True),
        "parquet": pd.read_parquet,
    }
    assert readers[suffix](path)["id"].tolist() == sorted(
        row["id"] for row in story("export", "people", "--format", "jsonl").rows
    )


def test_nothing_is_exported_before_an_answer(story: Run, tmp_path: Path) -> None:
    assert "there is no answer to export yet" in story("shell", stdin=":export a.csv").err
    assert not (tmp_path / "a.csv").exists()


def test_a_table_shows_twenty_rows_unless_told_otherwise(story: Run) -> None:
    asked = "SELECT event_id FROM interactions;"
    done = story("shell", "--format", "table", stdin=f"{asked}\n:limit 3\n{asked}\n:limit 0\n{asked}\n")
    assert done.out.count("\n") == (1 + 20) + (1 + 3) + (1 + 80)
    assert "20 of 80 rows; `:limit 0` shows all" in done.err
    assert "3 of 80 rows" in done.err


def test_a_plan_is_that_of_the_last_statement_or_of_the_one_given(story: Run) -> None:
    done = story("shell", "--format", "table", stdin="SELECT id FROM people LIMIT 1;\n:explain\n:profile SELECT 2\n")
    assert done.code == 0, done.err
    assert done.out.count("people") >= 1
    refused = story("shell", stdin=":explain audience person=singer")
    assert "audience is calculated here, it has no plan; use a store on Neo4j" in refused.err
    assert "no statement was run yet" in story("shell", stdin=":explain").err


def test_another_store_answers_from_then_on(story: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id\nann\n")
    assert story("ingest", "people.csv", "--store", "other").code == 0
    typed = "SELECT count(*) AS n FROM people;\n:store other\nSELECT count(*) AS n FROM people;\n"
    assert [row["n"] for row in story("shell", stdin=typed).rows] == [20, 1]


def test_a_question_is_shown_with_its_parameters_and_text(story: Run) -> None:
    shown = story("shell", stdin=":show audience").out
    assert "person: " in shown
    assert "MATCH" in shown
    assert "bonds" in story("shell", stdin=":questions bonds").out
    assert ":export FILE" in story("shell", stdin=":help").out
