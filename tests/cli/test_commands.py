"""Every command, as a user runs it: in a process of its own, in an empty folder, on the embedded store."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from influence_graph.cli.main import COMMANDS, main
from influence_graph.errors import InputError
from tests.cli.conftest import COMMAND, Run

STORY = """event_id,at,consumer,brand,kind,points,with_brands
concert,2026-05-01T20:00:00Z,singer,sweater,concert,3,
fish,2026-05-08T20:00:00Z,singer,restaurant,complaint,-8,sweater
"""
TIES = "source,target,kind\nann,singer,follows\nbob,singer,follows\nbob,june,follows\njune,sam,friend\n"


@pytest.fixture
def story(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "story.csv").write_text(STORY)
    (tmp_path / "ties.csv").write_text(TIES)
    assert run("ingest", "story.csv", "ties.csv").code == 0
    return run


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_has_a_summary_and_an_example_that_names_it(path: tuple[str, ...]) -> None:
    command: click.Command | None = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    assert command.help
    assert f"influence-graph {' '.join(path)}" in (command.epilog or "")


def test_help_of_every_command_prints(run: Run) -> None:
    shown = run("--help")
    assert shown.code == 0
    assert all(f"  {name} " in shown.out for name in COMMANDS)


def test_ingest_counts_and_a_second_time_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.csv").write_text(STORY)
    first = run("ingest", "story.csv")
    assert first.rows == [
        {"file": "story.csv", "kind": "interactions", "rows": 2, "inserted": 2, "updated": 0, "unchanged": 0,
         "conflicts": 0, "rejected": 0}
    ]  # fmt: skip
    again = run("ingest", "story.csv")
    assert again.rows[0]["unchanged"] == 2
    assert "nothing changed" in again.err


def test_a_conflict_is_counted_named_and_left_out(story: Run, tmp_path: Path) -> None:
    (tmp_path / "story.csv").write_text(STORY.replace(",3,", ",4,"))
    again = story("ingest", "story.csv")
    assert again.code == 0
    assert (again.rows[0]["conflicts"], again.rows[0]["unchanged"]) == (1, 1)
    reject = json.loads((tmp_path / "rejects.jsonl").read_text())
    assert (reject["file"], reject["line"], reject["column"]) == ("story.csv", 2, "event_id")
    assert "concert" in reject["reason"]


def test_a_dry_run_says_what_the_real_run_does_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.csv").write_text(STORY + "bad,yesterday,singer,sweater,wear,1,\n")
    (tmp_path / "more.csv").write_text(STORY)
    dry = run("ingest", "story.csv", "more.csv", "--dry-run")
    assert not (tmp_path / "influence-graph-data").exists()
    assert not (tmp_path / "rejects.jsonl").exists()
    real = run("ingest", "story.csv", "more.csv")
    assert dry.rows == real.rows
    assert real.rows[0]["rejected"] == 1


def test_max_rejects_ends_with_exit_1_and_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.csv").write_text(STORY + "bad,yesterday,singer,sweater,wear,1,\n")
    outcome = run("ingest", "story.csv", "--max-rejects", "0")
    assert outcome.code == 1
    assert outcome.err.count("\n") == 1
    assert "line 4" in outcome.err


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, "import"], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_story_scores_as_published(story: Run) -> None:
    rows = {row["brand"]: row["fusion_score"] for row in story("score", "--consumer", "singer").rows}
    assert rows["sweater"] == pytest.approx(1.0, abs=1e-9)
    assert rows["restaurant"] == pytest.approx(-8.0, abs=1e-9)
    faded = story("score", "--brand", "sweater", "--half-life", "180").rows[0]["fusion_score"]
    assert faded == pytest.approx(0.920213, abs=5e-7)
    before = story("score", "--brand", "sweater", "--as-of", "2026-05-07").rows[0]["fusion_score"]
    assert before == pytest.approx(3.0, abs=1e-12)


def test_explain_names_the_direct_and_the_spillover_term(story: Run) -> None:
    outcome = story("explain", "singer", "sweater")
    terms = {row["event_id"]: (row["term"], row["contribution"]) for row in outcome.rows}
    assert terms == {"concert": ("direct", 3.0), "fish": ("spillover", -2.0)}
    assert outcome.err == "2 terms, together +1; Fusion Score +1\n"
    without = story("explain", "singer", "sweater", "--without", "fish")
    assert [row["event_id"] for row in without.rows] == ["concert"]


def test_rank_puts_the_most_followed_first_and_states_its_residual(story: Run) -> None:
    outcome = story("rank", "--top", "2", "--write")
    assert outcome.rows[0]["id"] in {"singer", "sam", "june"}
    assert len(outcome.rows) == 2
    assert "residual" in outcome.err
    assert story("runs").rows[0]["kind"] == "rank"


@pytest.mark.parametrize("format_", ["csv", "json", "jsonl", "table"])
def test_every_format_holds_the_same_rows(story: Run, format_: str) -> None:
    out = story("score", "--format", format_).out
    if format_ == "csv":
        found = [row["brand"] for row in csv.DictReader(io.StringIO(out))]
    elif format_ == "table":
        found = [word for word in out.split() if word in {"sweater", "restaurant"}]
    else:
        rows = json.loads(out) if format_ == "json" else [json.loads(line) for line in out.splitlines()]
        found = [row["brand"] for row in rows]
    assert found == ["sweater", "restaurant"]


def test_graph_questions_need_no_cypher(story: Run) -> None:
    assert {row["id"] for row in story("neighbors", "june").rows} == {"bob", "sam"}
    assert [row["id"] for row in story("path", "ann", "june").rows] == ["ann", "singer", "bob", "june"]
    assert [row["id"] for row in story("shared", "singer", "june").rows] == ["bob"]


def test_a_consumer_and_a_brand_of_one_id_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "twins.csv").write_text(
        "event_id,at,consumer,brand\n1,2026-05-01T20:00:00Z,x,x\n2,2026-05-01T20:00:00Z,ann,x\n"
    )
    store = ["--store", str(tmp_path / "store")]

    def ids(*arguments: str) -> list[str]:
        outcome = CliRunner().invoke(main, [*arguments, *store, "--format", "jsonl"], catch_exceptions=False)
        return [json.loads(line)["id"] for line in outcome.stdout.splitlines()]

    CliRunner().invoke(main, ["ingest", str(tmp_path / "twins.csv"), *store])
    assert ids("neighbors", "x", "--label", "Brand") == ["ann", "x"]
    assert ids("neighbors", "x", "--label", "consumer") == ["x"]
    assert ids("path", "ann", "x", "--end-label", "Consumer") == ["ann", "x", "x"]
    assert ids("shared", "x", "ann", "--first-label", "Consumer") == ["x"]
    with pytest.raises(InputError, match="Brand or Consumer"):
        ids("neighbors", "x")


def test_query_on_the_embedded_store_says_how_to_get_cypher(story: Run) -> None:
    outcome = story("query", "MATCH (n) RETURN n")
    assert outcome.code == 2
    assert "influence-graph neo4j up --load" in outcome.err


def test_export_can_be_ingested_again_without_change(story: Run, tmp_path: Path) -> None:
    for suffix in ("csv", "jsonl", "parquet"):
        assert story("export", "interactions", "-o", f"out.{suffix}").code == 0
        again = story("ingest", f"out.{suffix}")
        assert (again.rows[0]["unchanged"], again.rows[0]["rejected"]) == (2, 0)


def test_push_and_pull_copy_between_stores_and_repeat_nothing(story: Run) -> None:
    pushed = {row["kind"]: row["inserted"] for row in story("push", "copy").rows}
    assert pushed["interactions"] == 2
    assert pushed["ties"] == 4
    again = story("push", "copy")
    assert sum(row["inserted"] + row["updated"] for row in again.rows) == 0
    assert "nothing changed" in again.err
    assert story("pull", "copy", "--store", "back").code == 0
    assert story("score", "--store", "back").out == story("score").out


def test_the_touchpoint_table_can_be_written_edited_and_set(story: Run, tmp_path: Path) -> None:
    assert story("touchpoints", "show", "-o", "touchpoints.toml").code == 0
    table = tmp_path / "touchpoints.toml"
    table.write_text(
        table.read_text() + '\nserenade = { touchpoint = "brand_experience", direction = "to_consumer" }\n'
    )
    assert story("touchpoints", "set", "touchpoints.toml").code == 0
    (tmp_path / "more.csv").write_text(
        "event_id,at,consumer,brand,kind\nnew,2026-05-09T00:00:00Z,ann,sweater,serenade\n"
    )
    assert "no meaning" not in story("ingest", "more.csv").err
    row = next(r for r in story("export", "interactions").rows if r["event_id"] == "new")
    assert (row["touchpoint"], row["direction"]) == (None, None)
    (term,) = [r for r in story("explain", "ann", "sweater").rows if r["event_id"] == "new"]
    assert (term["touchpoint"], term["direction"]) == ("brand_experience", "to_consumer")
    assert story("push", "copy").code == 0
    assert story("score", "--store", "copy").out == story("score").out


def test_doctor_is_content_with_a_good_store(story: Run) -> None:
    outcome = story("doctor")
    assert outcome.code == 0
    assert any(row["check"] == "store answers" and "2 interactions" in row["detail"] for row in outcome.rows)


BAD = {
    "unknown command": (["skore"], 2, "'score'"),
    "unknown consumer": (["score", "--consumer", "singr"], 1, "'singer'"),
    "unknown brand": (["explain", "singer", "sweeter"], 1, "'sweater'"),
    "unknown node": (["neighbors", "jun"], 1, "'june'"),
    "unknown event": (["explain", "singer", "sweater", "--without", "fsh"], 1, "'fish'"),
    "damping of 1": (["rank", "--damping-factor", "1"], 2, "1"),
    "half-life of 0": (["score", "--half-life", "0"], 2, "half_life"),
    "half-life in words": (["score", "--half-life", "soon"], 2, "'soon'"),
    "spillover above 1": (["score", "--spillover", "1.5"], 2, "1.5"),
    "time in words": (["score", "--as-of", "yesterday"], 2, "ISO 8601"),
    "unknown scheme": (["rank", "--store", "http://localhost:7474"], 2, "bolt://"),
    "missing file": (["ingest", "nowhere.csv"], 1, "nowhere.csv"),
    "unknown data set": (["import", "lastfmm"], 2, "lastfm"),
    "partial write": (["score", "--consumer", "singer", "--write"], 2, "--consumer"),
    "export suffix": (["export", "ties", "-o", "x.xlsx"], 2, ".parquet"),
}


@pytest.mark.parametrize(("arguments", "code", "said"), BAD.values(), ids=BAD)
def test_bad_input_gets_one_line_and_its_exit_code(story: Run, arguments: list[str], code: int, said: str) -> None:
    outcome = story(*arguments)
    assert outcome.code == code, outcome.err
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


def test_an_empty_store_says_what_to_do(run: Run) -> None:
    assert run("migrate").code == 0
    outcome = run("rank")
    assert outcome.code == 2
    assert "influence-graph ingest" in outcome.err
    assert run("score").out == ""


def test_rejects_do_not_overwrite_what_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "story.csv").write_text(STORY + "bad,yesterday,singer,sweater,wear,1,\n")
    outcome = run("ingest", "story.csv", "--rejects", "./story.csv")
    assert outcome.code == 2
    assert (tmp_path / "story.csv").read_text().startswith("event_id")


def test_the_demo_refuses_to_mix_two_towns(run: Run) -> None:
    first = run("demo", "--people", "40")
    assert first.code == 0
    assert "The singer's week" in first.out
    assert run("demo", "--people", "40").code == 0
    other = run("demo", "--people", "60")
    assert (other.code, other.err.count("\n")) == (2, 1)
    assert "--store" in other.err


def test_plaintext_leaves_this_machine_only_when_allowed(run: Run) -> None:
    refused = run("rank", "--store", "bolt://192.0.2.1:7687")
    assert refused.code == 2
    assert "--allow-remote-plaintext" in refused.err


def test_a_broken_pipe_is_not_an_error(story: Run, tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "many.csv").write_text(
        "event_id,at,consumer,brand\n" + "".join(f"e{i},2026-01-01T00:00:00Z,c{i},b\n" for i in range(20_000))
    )
    assert story("ingest", "many.csv").code == 0
    pipe = f"{sys.executable} -m influence_graph score | head -n 1"
    done = subprocess.run(["bash", "-c", pipe], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "error" not in done.stderr


def test_a_second_process_gets_one_clear_line_and_exit_5(story: Run, tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "influence-graph-data" / "ledger.duckdb")):
        outcome = story("score")
    assert outcome.code == 5
    assert outcome.err.count("\n") == 1
    assert "another process" in outcome.err


def test_explain_and_score_agree_though_others_were_active_later(story: Run, tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text("event_id,at,consumer,brand\nlater,2026-11-01T00:00:00Z,ann,sweater\n")
    assert story("ingest", "later.csv").code == 0
    scored = story("score", "--consumer", "singer", "--brand", "sweater", "--half-life", "90").rows[0]["fusion_score"]
    terms = story("explain", "singer", "sweater", "--half-life", "90").rows
    assert sum(row["contribution"] for row in terms) == pytest.approx(scored, abs=1e-9)
    assert all(row["decay"] < 0.3 for row in terms)
