"""``rank``, ``reach``, ``seeds``, ``learn``, ``score``, ``explain`` and ``runs``: the options less used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from influence_graph.cli.commands.rank import _weighted
from influence_graph.model.results import measures
from tests.cli.commands.conftest import Call

LINES = ("--format", "jsonl")


@pytest.mark.parametrize("by", measures())
def test_a_written_ranking_is_a_run_with_the_parameters_of_its_measure(call: Call, by: str) -> None:
    seed = ("--seed", "1", "--rr-sets", "500") if by == "reach" else ()
    shown = call("rank", "--by", by, "--write", *seed, *LINES)
    assert shown.code == 0, shown.err
    (run,) = call("runs", *LINES).rows
    parameters = json.loads(run["parameters"])
    assert (run["kind"], parameters["algorithm"]) == (measures()[by].kind, by)
    scores = [row["score"] for row in shown.rows]
    assert scores == sorted(scores, reverse=True)
    assert [row["rank"] for row in shown.rows] == list(range(1, len(scores) + 1))


@pytest.mark.parametrize(("top", "rows"), [("0", 20), ("1", 1), ("7", 7), ("99", 20)])
def test_top_is_the_number_of_rows_and_0_all(call: Call, top: str, rows: int) -> None:
    assert len(call("rank", "--top", top, *LINES).rows) == rows


def test_statistics_are_those_of_the_rows(call: Call) -> None:
    scores = [row["score"] for row in call("rank", *LINES).rows]
    (row,) = call("rank", "--stats", *LINES).rows
    assert (row["nodes"], row["edges"]) == (20, 29)
    assert (row["min"], row["max"]) == (min(scores), max(scores))
    assert row["mean"] == pytest.approx(1 / 20)


def test_all_of_the_teleport_on_one_ranks_that_one_first(call: Call) -> None:
    for id_ in ("olga", "noah"):
        assert call("rank", "--personalize", id_, "--damping-factor", "0.1", *LINES).rows[0]["id"] == id_


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann", ("ann", 1.0)),
        ("ann=2.5", ("ann", 2.5)),
        ("a=b", ("a=b", 1.0)),
        ("a=b=3", ("a=b", 3.0)),
        ("=2", ("", 2.0)),
    ],
)
def test_a_weight_follows_the_last_equals_sign(text: str, expected: tuple[str, float]) -> None:
    assert _weighted(text) == expected


def test_a_ranking_as_of_a_day_before_all_ties_is_of_nobody_linked(call: Call) -> None:
    (row,) = call("rank", "--as-of", "1900-01-01", "--stats", *LINES).rows
    assert row["edges"] == 0
    assert row["min"] == row["max"]


def test_the_server_ranks_only_on_a_server_and_only_to_compare(call: Call) -> None:
    refused = call("rank", "--engine", "gds")
    assert (refused.code, "is no Neo4j" in refused.err) == (2, True)
    assert "leave out --write and --estimate" in call("rank", "--engine", "gds", "--write").err


def test_a_deadline_of_0_reaches_only_the_start(call: Call) -> None:
    rows = call("reach", "singer", "annie", "--deadline", "0", "--simulations", "10", *LINES).rows
    assert [row["reach"] for row in rows] == [1.0, 1.0, 2.0]


@pytest.mark.parametrize("model", ["ic", "lt", "ic-n"])
def test_certain_passing_on_reaches_all_who_can_be_reached_in_every_model(call: Call, model: str) -> None:
    quality = ("--quality", "1") if model == "ic-n" else ()
    few = ("--simulations", "20", "--seed", "1", *quality, *LINES)
    (row,) = call("reach", "singer", "--model", "ic", "--probabilities", "1", "--simulations", "2", *LINES).rows
    kind = "weighted-cascade" if model == "lt" else "1"
    (found,) = call("reach", "singer", "--model", model, "--probabilities", kind, *few).rows
    assert 1 <= found["reach"] <= row["reach"]
    if model != "lt":
        assert (found["reach"], found["std_error"]) == (row["reach"], 0.0)


def test_activation_is_written_and_listed_with_its_run(call: Call) -> None:
    written = call("reach", "singer", "--activation", "--write", "--simulations", "50", "--seed", "2", *LINES)
    assert {row["id"]: row["activation"] for row in written.rows}["singer"] == 1.0
    (run,) = call("runs", *LINES).rows
    assert (run["kind"], json.loads(run["parameters"])["simulations"]) == ("activation", 50)


def test_seeds_of_everybody_reach_everybody(call: Call) -> None:
    rows = call("seeds", "-k", "20", "--seed", "1", *LINES).rows
    assert len({row["id"] for row in rows}) == 20
    assert sum(row["gain"] for row in rows) == pytest.approx(20.0)


def test_the_same_seed_gives_the_same_seeds(call: Call) -> None:
    first, again = (call("seeds", "-k", "3", "--seed", "9", *LINES).out for _ in range(2))
    assert first == again


def test_a_time_limit_and_a_ratio_are_as_requested(call: Call) -> None:
    (row,) = call("seeds", "-k", "2", "--ratio", ".3", "--seed", "1", "--stats", *LINES).rows
    assert row["ratio"] >= 0.3
    assert row["lower"] <= row["upper"]


def test_learning_from_brands_and_kinds_has_more_items(call: Call) -> None:
    counts = {}
    for item in ("brand", "brand+kind"):
        assert call("learn", "--item", item, "--write", *LINES).code == 0
        counts[item] = json.loads(call("runs", *LINES).rows[0]["parameters"])["log_items"]
    assert counts["brand+kind"] > counts["brand"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--evaluate", "--write"), "--evaluate holds cascades out"),
        (("--seed", "1"), "--seed is for --evaluate"),
        (("--evaluate", "--method", "jaccard"), "leave out --method"),
        (("--evaluate", "--prior", "none"), "leave out --prior"),
        (("--item", "brand", "--actions", "x.csv"), "--item is for the store's interactions"),
    ],
)
def test_options_of_learn_that_would_be_ignored_are_refused(
    call: Call, arguments: tuple[str, ...], reason: str
) -> None:
    refused = call("learn", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert reason in refused.err


def test_the_evaluation_has_a_row_per_method_and_prior(call: Call) -> None:
    rows = call("learn", "--evaluate", "--seed", "1", "--item", "brand+kind", *LINES).rows
    assert {row["method"] for row in rows} >= {"bernoulli", "jaccard", "partial_credit", "time_decay", "uniform"}
    assert len({(row["method"], row["prior"]) for row in rows}) == len(rows)


def test_scores_of_several_consumers_and_brands_are_those_of_both(call: Call) -> None:
    every = call("score", *LINES).rows
    chosen = call("score", "--consumer", "singer", "--consumer", "carol", "--brand", "sweater", *LINES).rows
    expected = [row for row in every if row["consumer"] in ("singer", "carol") and row["brand"] == "sweater"]
    assert [(row["consumer"], row["fusion_score"]) for row in chosen] == [
        (row["consumer"], pytest.approx(row["fusion_score"])) for row in expected
    ]
    assert len(chosen) == 2


def test_bonds_before_the_first_event_are_none_and_said(call: Call) -> None:
    nothing = call("score", "--as-of", "1900-01-01", *LINES)
    assert (nothing.out, nothing.code) == ("", 0)
    assert nothing.err == "no bonds: nothing was known by 1900-01-01 00:00 UTC\n"


def test_hindsight_is_said(call: Call) -> None:
    assert "at 2026-06-10 00:00 UTC in hindsight" in call("score", "--valid-at", "2026-06-10").err


def test_an_explanation_without_an_event_is_less_by_its_terms(call: Call) -> None:
    every = call("explain", "singer", "sweater", *LINES).rows
    without = call("explain", "singer", "sweater", "--without", "singer-fish", *LINES).rows
    assert [row for row in every if row["event_id"] != "singer-fish"] == without
    assert any(row["event_id"] == "singer-fish" for row in every)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--between", "2026-06-01", "2026-06-14", "--as-of", "2026-06-20"), "leave out the other times"),
        (("--between", "2026-06-01", "2026-06-14", "--without", "singer-fish"), "leave out the other times"),
        (("--plot", "x.svg", "--valid-at", "2026-06-14"), "leave out --valid-at"),
        (("--plot", "x.gif"), "'.gif'"),
        (("--plot", "nowhere/x.svg"), "no folder nowhere"),
    ],
)
def test_options_of_explain_that_contradict_each_other_are_refused(
    call: Call, arguments: tuple[str, ...], reason: str
) -> None:
    refused = call("explain", "singer", "sweater", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert reason in refused.err


def test_a_table_of_terms_ends_with_sentences(call: Call) -> None:
    shown = call("explain", "singer", "sweater", "--format", "table").out
    first, *_ = shown.splitlines()
    assert first.startswith("The pop singer (singer) – Harbour Knitwear (sweater): ")
    assert "event_id" in shown
    change = call("explain", "singer", "sweater", "--between", "2026-06-07", "2026-06-14", "--format", "table").out
    assert "→" in change.splitlines()[0]


def test_runs_are_listed_newest_first(call: Call) -> None:
    for by in ("in-degree", "out-degree"):
        assert call("rank", "--by", by, "--write").code == 0
    assert [row["kind"] for row in call("runs", *LINES).rows] == ["out-degree", "in-degree"]
    assert call("runs", "--format", "json").out.startswith("[")
    assert call("runs", "--store", "none", *LINES).out == ""


def test_a_report_and_a_brand_page_are_written(call: Call) -> None:
    assert "report written to r.html" in call("report", "-o", "r.html", "--title", "My <town>").err
    assert "My &lt;town&gt;" in Path("r.html").read_text()
    assert "page written to b.html" in call("brand", "sweater", "-o", "b.html").err
    assert Path("b.html").read_text().startswith("<!doctype html>")
