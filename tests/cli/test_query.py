from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from influence_graph.cli.answers import show_rows, value_of
from influence_graph.cli.commands.query import _text
from influence_graph.cli.main import main
from influence_graph.cli.tables import plan
from influence_graph.errors import InputError, NotFound
from influence_graph.stores.base import Rows

Asking = Callable[..., Result]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["brand-bonds"], "brand-bonds needs brand, the id of a brand; such as brand=sweater"),
        (["path", "--param", "source=a"], "path needs target, the id of a person; such as target=june"),
        (["top-brands", "--param", "x=1"], "top-brands has no parameter 'x'; top-brands takes limit"),
        (["brand-bonds", "--param", "brnad=a"], "brand-bonds has no parameter 'brnad'; did you mean 'brand'?"),
        (
            ["top-brands", "--param", "limit=ten"],
            "limit is 'ten', must be a whole number, 1 to 100000; such as limit=20",
        ),
        (["top-brands", "--param", "limit=0"], "limit is '0', must be a whole number, 1 to 100000; such as"),
        (["top-by", "--param", "measure=page-rank"], "measure has no value 'page-rank'; did you mean 'pageRank'"),
        (["top-by", "--param", "measure=nonsense"], "measure has no value 'nonsense'; use pagerank, "),
    ],
)
def test_a_named_query_says_which_parameters_it_takes(arguments: list[str], said: str) -> None:
    error = CliRunner().invoke(main, ["query", *arguments]).exception
    assert isinstance(error, InputError)
    assert said in str(error)


def test_an_unknown_question_is_answered_with_the_nearest() -> None:
    error = CliRunner().invoke(main, ["query", "top-influencer"]).exception
    assert isinstance(error, NotFound)
    assert str(error) == "there is no question 'top-influencer'; did you mean 'top-influencers'?"


@pytest.fixture
def story(tmp_path: Path) -> Asking:
    """Return a function that asks a small embedded store on the command line."""
    folder = str(tmp_path / "story")
    CliRunner().invoke(main, ["import", "story", "--store", folder], catch_exceptions=False)
    return lambda *arguments, **more: CliRunner().invoke(main, ["query", *arguments, "--store", folder], **more)


def test_sql_is_asked_of_a_folder_as_text_file_and_standard_input(story: Asking, tmp_path: Path) -> None:
    text = "SELECT id FROM people WHERE id = $id;"
    for name in ("mine.sql", "mine.cypher"):
        (tmp_path / name).write_text(f"\ufeff-- a comment\n{text}\n", encoding="utf-8")
    for given, more in (
        (text, {}),
        ("-", {"input": text}),
        (str(tmp_path / "mine.sql"), {}),
        (str(tmp_path / "mine.cypher"), {}),
    ):
        done = story(given, "--param", "id=annie", "--format", "json", **more)
        assert json.loads(done.stdout) == [{"id": "annie"}], done.output


def test_a_plan_is_drawn_on_a_terminal(story: Asking) -> None:
    done = story("EXPLAIN SELECT id FROM people", "--format", "table")
    assert done.exit_code == 0
    assert "people" in done.stdout
    assert len(done.stdout.splitlines()) > 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.cypher"], "missing.cypher cannot be read: No such file"),
        (["MATCH (n) RETURN n"], "does not speak Cypher"),
        (["SELECT 1", "--access-mode", "write"], "takes no query that writes"),
        (["SELECT 1", "--timeout", "0"], "a timeout of 0 s"),
        (["SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b", "--timeout", "0.3s"], "of 0.3 s"),
        (["SELECT 1", "--access-mode", "all"], "Invalid value for '--access-mode'"),
        (["SELECT $x", "--param", "x"], "is not KEY=VALUE"),
        (["SELECT $x", "--param", "x => 1 + 1"], "expressions are not calculated here; write x=VALUE"),
        (["SELECT $x", "--param", 'x=datetime("tomorrow")'], "is no datetime; write for example datetime("),
        (["SELECT $x", "--param", 'x=date("2026-02-30")'], "is no date; write for example"),
    ],
)
def test_what_cannot_be_asked_is_said(story: Asking, arguments: list[str], said: str) -> None:
    done = story(*arguments)
    assert done.exit_code
    assert said in f"{done.stderr}{done.exception}"
    assert done.stdout == ""


def test_a_file_that_is_no_text_is_refused(story: Asking, tmp_path: Path) -> None:
    (tmp_path / "x.cypher").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read: it is not UTF-8" in str(story(str(tmp_path / "x.cypher")).exception)


def test_parameters_have_the_type_that_is_written() -> None:
    values = {
        '[1, "a", null, {"b": 2.5}]': [1, "a", None, {"b": 2.5}],
        'datetime("2026-01-02T03:04+01:00")': datetime(2026, 1, 2, 2, 4, tzinfo=UTC),
        "datetime('2026-01-02')": datetime(2026, 1, 2, tzinfo=UTC),
        'date("2026-01-02")': date(2026, 1, 2),
        "date(2026)": "date(2026)",
    }
    assert {text: value_of(text) for text in values} == values


def test_a_plan_in_steps_is_printed_as_a_tree() -> None:
    rows = [(0, "ProduceResults", "n", 1.0), (1, "Filter", "n.x = 1", 1.0), (2, "AllNodesScan", "n", 9.0)]
    frame = pd.DataFrame(rows, columns=["depth", "operator", "details", "estimated_rows"])
    shown = plan(frame)
    assert list(shown.columns) == ["operator", "details", "estimated_rows"]
    assert shown["operator"].tolist() == ["ProduceResults", "  Filter", "    AllNodesScan"]


def test_notices_and_changes_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(Rows([], [], ("warn: label does not exist (line 1, column 4)",), {"nodes created": 1200}), "jsonl")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["warn: label does not exist (line 1, column 4)", "nodes created: 1,200"]


def test_ids_given_to_questions_stay_texts() -> None:
    assert [_text(text) for text in ("1", "true", '"1"', "a b")] == ["1", "true", "1", "a b"]
    assert [value_of(text) for text in ("1", "true", "[" * 5000, "a b")] == [1, True, "[" * 5000, "a b"]
