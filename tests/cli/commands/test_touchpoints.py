"""``touchpoints``: the table of a store is set, shown and compared, and all answers follow it at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from influence_graph.cli.main import main
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.embedded.store import EmbeddedStore

TICKETS = 300
LINE = ("support ticket", "touchpoint=problem_recovery", "valence=-1")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a store of 300 support tickets of 40 consumers, and a purchase of one of them."""
    monkeypatch.chdir(tmp_path)
    lines = [f"t{n},2026-05-{n % 28 + 1:02d}T10:00:00Z,c{n % 40},acme,support ticket" for n in range(TICKETS)]
    head = "event_id,at,consumer,brand,kind"
    Path("tickets.csv").write_text("\n".join([head, *lines, "p,2026-05-01T09:00:00Z,c1,acme,purchase", ""]))
    report = run("ingest", "tickets.csv")
    assert f"{TICKETS} interactions of kind 'support ticket' have no meaning yet" in report.stderr
    return tmp_path


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == code, done.output or done.exception
    return done


def refused(*arguments: str) -> str:
    error = CliRunner().invoke(main, list(arguments)).exception
    assert error is not None
    text = str(error)
    assert "\n" not in text
    return text


def rows(*arguments: str) -> list[dict]:
    return [json.loads(line) for line in run(*arguments, "--format", "jsonl").stdout.splitlines()]


def answers() -> tuple[float, float, float]:
    """Return the score of c1 and acme by ``score``, by ``explain``, and the sum of all bonds by ``brand``."""
    (bond,) = [row for row in rows("score") if row["consumer"] == "c1"]
    terms = rows("explain", "c1", "acme")
    assert sum(row["fusion_score"] for row in rows("score")) == pytest.approx(brand()["health"]["total"], abs=1e-9)
    return bond["fusion_score"], sum(term["contribution"] for term in terms), brand()["health"]["total"]


def brand() -> dict:
    return json.loads(run("brand", "acme", "--format", "json").stdout)


def test_a_kind_is_given_a_meaning_and_all_answers_follow(folder: Path) -> None:
    for command in (["score"], ["brand", "acme"], ["explain", "c1", "acme"], ["score", "--write"], ["score"]):
        assert "of kind 'support ticket' have no meaning yet" in run(*command).stderr
    assert brand()["unknown_kinds"] == {"support ticket": TICKETS}
    score, explained, total = answers()
    assert score == explained == total > 0  # the purchase alone
    changed = rows("touchpoints", "set", *LINE)
    assert {row["key"]: (row["old"], row["new"]) for row in changed} == {
        "touchpoint": ("engagement", "problem_recovery"),
        "valence": (0.0, -1.0),
    }
    assert {row["interactions"] for row in changed} == {TICKETS}
    lost = 2.25 * TICKETS
    after, explained_after, total_after = answers()
    assert total_after == pytest.approx(total - lost, abs=1e-9)
    assert after == pytest.approx(explained_after, abs=1e-9)
    assert after == pytest.approx(score - 2.25 * 8, abs=1e-9)  # c1 has eight tickets
    assert brand()["judgment"]["recovery"]["complaints"] == TICKETS
    assert brand()["unknown_kinds"] == {}
    for command in (["score"], ["brand", "acme"], ["explain", "c1", "acme"]):
        assert "no meaning" not in run(*command).stderr
    (again,) = rows("ingest", "tickets.csv")
    assert (again["inserted"], again["updated"], again["unchanged"], again["conflicts"]) == (0, 0, TICKETS + 1, 0)


def test_kept_sums_and_runs_follow_the_table(folder: Path) -> None:
    run("score", "--write")
    before = answers()
    run("touchpoints", "set", *LINE)
    run("score", "--write")
    assert answers() != before
    parameters = [found.parameters["policy"] for found in EmbeddedStore(folder / "influence-graph-data").runs()]
    assert [set(policy["kinds"]) for policy in parameters] == [{"support_ticket"}, set()]
    run("touchpoints", "reset")
    assert answers() == before


def test_a_table_of_the_folder_is_used_only_where_it_is_named(folder: Path) -> None:
    before = answers()
    Path("touchpoints.toml").write_text('[kinds]\n"Support Ticket" = { valence = -1.0 }\n')
    assert answers() == before
    what_if = run("score", "--touchpoints", "touchpoints.toml", "--format", "jsonl")
    assert "what if: the touchpoint table touchpoints.toml in place of that of influence-graph-data" in what_if.stderr
    assert min(json.loads(line)["fusion_score"] for line in what_if.stdout.splitlines()) < 0
    assert answers() == before


def test_a_file_sets_the_whole_table_and_show_gives_it_back(folder: Path) -> None:
    Path("own.toml").write_text('[default]\nweight = 2.0\n[kinds]\n"support ticket" = { valence = -0.5 }\n')
    dry = run("touchpoints", "set", "own.toml", "--dry-run")
    assert "dry run: nothing was changed" in dry.stderr
    assert "300 interactions of kind 'support ticket' get a meaning" in dry.stderr
    store = EmbeddedStore(folder / "influence-graph-data")
    assert store.touchpoints() == TouchpointTable.load()
    run("touchpoints", "set", "own.toml")
    table = store.touchpoints()
    assert table == TouchpointTable.load(Path("own.toml"))
    run("touchpoints", "show", "-o", "shown.toml")
    assert TouchpointTable.load(Path("shown.toml")) == table
    assert run("touchpoints", "show").stdout == Path("shown.toml").read_text()
    assert rows("touchpoints", "diff", "shown.toml") == []
    assert {row["kind"] for row in rows("touchpoints", "diff")} == {"(no kind)", "support_ticket"}
    (shown, other) = rows("touchpoints", "show", "Support-Ticket", "nothing like it")
    assert (shown["valence"], shown["weight"], shown["line"], shown["interactions"]) == (-0.5, 2.0, "own", TICKETS)
    assert (other["valence"], other["line"], other["interactions"]) == (0.0, "not listed", 0)
    assert "nothing changed" in run("touchpoints", "set", "shown.toml").stderr


def test_the_built_in_table_is_shown_as_it_is_documented(folder: Path) -> None:
    built_in = Path(__file__).parents[3] / "influence_graph" / "model" / "touchpoints.toml"
    assert run("touchpoints", "show").stdout == built_in.read_text()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[kinds]\n"a b" = { weight = 1.0 }\na-b = { weight = 2.0 }\n', "in two senses"),
        ('[kinds]\na = { weight = "much" }\n', "weight is 'much', must be 0 or more"),
        ("[kinds]\na = { weight = nan }\n", "weight is nan"),
        ("format = 99\n", "format 99"),
        ("[kinds]\na = { wieght = 1.0 }\n", "did you mean 'weight'"),
        ("[kind]\n", "unknown table 'kind'"),
        ("[kinds\n", "not TOML"),
        ('[kinds]\na = { repeated = "no such kind" }\n', "unknown kind 'no_such_kind'"),
    ],
)
def test_a_bad_table_is_one_line_and_changes_nothing(folder: Path, content: str, reason: str) -> None:
    Path("bad.toml").write_text(content)
    store = EmbeddedStore(folder / "influence-graph-data")
    assert reason in refused("touchpoints", "set", "bad.toml")
    assert reason in refused("score", "--touchpoints", "bad.toml")
    assert store.touchpoints() == TouchpointTable.load()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere.toml"], "there is no file 'nowhere.toml'"),
        (["purchase", "weight=heavy"], "weight is 'heavy', must be 0 or more"),
        (["purchase", "wait=1"], "unknown key 'wait'"),
        (["purchase", "valence"], "'valence' sets nothing"),
        (["purchase", "touchpoint=sales"], "touchpoint is 'sales'"),
        (["purchase", "weight=inf"], "weight is inf"),
    ],
)
def test_a_bad_line_is_one_line_and_changes_nothing(folder: Path, arguments: list[str], reason: str) -> None:
    assert reason in refused("touchpoints", "set", *arguments)
    assert EmbeddedStore(folder / "influence-graph-data").touchpoints() == TouchpointTable.load()
