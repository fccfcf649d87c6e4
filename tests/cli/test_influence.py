"""``rank``, ``reach``, ``seeds`` and ``learn``, as a user runs them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from influence_graph.app.transfer import copy
from influence_graph.cli.main import main
from influence_graph.errors import InfluenceGraphError, InputError
from influence_graph.stores.base import Store
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.cli.conftest import COMMAND, Outcome, Run

TIES = "source,target,kind\nbob,ann,follows\ncid,bob,follows\ndan,cid,follows\neve,fay,friend\n"
EVENTS = """event_id,at,consumer,brand,kind,points
1,2026-01-01T00:00:00Z,ann,acme,purchase,1
2,2026-01-02T00:00:00Z,bob,acme,purchase,1
3,2026-01-04T00:00:00Z,cid,acme,purchase,2
4,2026-01-05T00:00:00Z,ann,bolt,purchase,1
5,2026-01-07T00:00:00Z,eve,bolt,purchase,1
"""
PEOPLE = "id,followers\nann,1000\nbob,100\ncid,10\ndan,0\nfay,5\n"
CAMPAIGNS = "event_id,at,brand\nlaunch,2026-01-01T00:00:00Z,acme\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, in an empty folder: what starts a process of its own is slow."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("INFLUENCE_GRAPH_")]:
        monkeypatch.delenv(name)

    def call(*arguments: str | Path) -> Outcome:
        done = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if isinstance(done.exception, InfluenceGraphError):
            return Outcome(done.exception.exit_code, done.stdout, f"{done.stderr}error: {done.exception}\n")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Outcome(done.exit_code, done.stdout, done.stderr)

    return call


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the records of a small town and their store, to copy."""
    folder = tmp_path_factory.mktemp("town")
    tables = {"people": PEOPLE, "ties": TIES, "interactions": EVENTS, "campaigns": CAMPAIGNS}
    (folder / "strangers.csv").write_text("user,item,time\nzed,x,1\n")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    files = [str(folder / f"{name}.csv") for name in tables]
    store = ["--store", str(folder / "influence-graph-data")]
    assert CliRunner().invoke(main, ["ingest", *files, *store]).exit_code == 0
    return folder


@pytest.fixture
def town(run: Run, ingested: Path, tmp_path: Path) -> Run:
    """Run the command beside a store of its own."""
    shutil.copytree(ingested, tmp_path, dirs_exist_ok=True)
    return run


@pytest.mark.parametrize("by", ["pagerank", "hits-authority", "in-degree", "psi", "influence", "reach"])
def test_rank_by_each_measure_puts_the_source_of_all_first(town: Run, by: str) -> None:
    outcome = town("rank", "--by", by, "--write")
    assert outcome.code == 0, outcome.err
    assert [row["rank"] for row in outcome.rows] == [1, 2, 3, 4, 5, 6]
    if by not in ("hits-authority", "in-degree", "pagerank"):
        assert outcome.rows[0]["id"] == "ann"
    assert town("runs").rows[0]["kind"] == {"pagerank": "rank", "hits-authority": "authority"}.get(by, by)


def test_rank_statistics_are_one_row(town: Run) -> None:
    (row,) = town("rank", "--by", "out-degree", "--stats").rows
    assert (row["nodes"], row["max"], row["iterations"]) == (6, 1.0, 1)


def test_rank_for_a_brand_holds_only_those_who_met_it(town: Run) -> None:
    assert {row["id"] for row in town("rank", "--brand", "acme").rows} == {"ann", "bob", "cid"}


def test_reach_gives_each_alone_and_all_together(town: Run) -> None:
    outcome = town("reach", "ann", "eve", "--probabilities", "1", "--simulations", "10", "--seed", "1")
    assert [(row["seeds"], row["reach"]) for row in outcome.rows] == [("ann", 4.0), ("eve", 2.0), ("all together", 6.0)]
    assert "probabilities: 1 on every tie" in outcome.err
    assert "(seed 1)" in outcome.err


def test_reach_of_a_campaign_and_of_each_person(town: Run) -> None:
    outcome = town("reach", "--campaign", "launch", "--within", "1d", "--probabilities", "1", "--simulations", "10")
    assert [(row["seeds"], row["people"], row["reach"]) for row in outcome.rows] == [("launch", 2, 4.0)]
    each = town("reach", "ann", "--probabilities", "1", "--simulations", "10", "--deadline", "1", "--activation")
    assert {row["id"] for row in each.rows if row["activation"] == 1} == {"ann", "bob"}


def test_seeds_close_with_their_certificate(town: Run) -> None:
    outcome = town("seeds", "-k", "2", "--probabilities", "1", "--seed", "1", "--write")
    assert outcome.code == 0, outcome.err
    assert outcome.rows[0]["id"] == "ann"
    assert "with probability" in outcome.err
    assert "independent simulation gives 6" in outcome.err
    assert town("runs").rows[0]["kind"] == "seeds"
    (row,) = town("seeds", "-k", "2", "--probabilities", "1", "--seed", "1", "--stats").rows
    assert row["lower"] <= 6 <= row["upper"]
    assert row["mean"] == 6.0


def test_a_limit_that_ends_the_run_is_told(town: Run) -> None:
    outcome = town("seeds", "-k", "1", "--probabilities", "0.5", "--ratio", "0.9999", "--memory-limit", "1M")
    assert outcome.code == 0, outcome.err
    assert "the memory limit ended the run before what was requested was certified" in outcome.err


def test_costs_budget_exclusions_and_won_seeds(town: Run, tmp_path: Path) -> None:
    certain = ("--probabilities", "1", "--seed", "1")
    cheap = town("seeds", "--budget", "110", "--cost-column", "followers", *certain)
    assert "2 people without a cost above 0 cannot be seeds" in cheap.err
    assert {"bob", "fay"} <= {row["id"] for row in cheap.rows} <= {"bob", "cid", "fay"}
    assert sum(row["cost"] for row in cheap.rows) <= 110
    others = town("seeds", "-k", "1", "--exclude", "ann", *certain)
    assert others.rows[0]["id"] == "bob"
    more = town("seeds", "-k", "1", "--won", "ann", *certain)
    assert more.rows[0]["id"] in {"eve", "fay"}
    assert more.rows[0]["gain"] == pytest.approx(2.0, abs=0.5)
    (tmp_path / "costs.csv").write_text("id,cost\nann,9\nbob,2\n")
    filed = town("seeds", "--budget", "2", "--costs", "costs.csv", *certain)
    assert [row["id"] for row in filed.rows] == ["bob"]  # whoever the file leaves out has no price: no guess is made
    assert "4 people without a cost above 0 cannot be seeds" in filed.err


def test_seeds_tell_how_to_win_each_where_a_run_of_influencers_is_kept_or_the_passive_are_allowed(
    town: Run, tmp_path: Path
) -> None:
    certain = ("seeds", "-k", "4", "--probabilities", "1", "--seed", "1", "--format", "csv")
    columns = "rank,id,id_name,label,gain,std_error,spread,cost"
    (tmp_path / "people.csv").write_text("id,kind,style\nann,influencer,passive\nfay,influencer,active\n")
    before = town(*certain)
    assert town("ingest", "people.csv").code == 0
    plain = town(*certain)
    assert plain.out == before.out
    assert plain.out.splitlines()[0] == columns.replace("id_name", "name")
    allowed = town(*certain, "--passive-ok")
    assert "no run of influencers is kept" in allowed.err
    assert [line.rpartition(",")[0].rpartition(",")[0] for line in allowed.out.splitlines()] == plain.out.splitlines()
    assert allowed.out.splitlines()[1].endswith(",give the product,declared")
    assert town("influencers", "--write").code == 0
    asked = town(*certain[:-2])
    assert "1 passive person (1 declared) cannot be chosen without --passive-ok" in asked.err
    assert "ann" not in {row["id"] for row in asked.rows}
    known = {row["id"]: (row["how"], row["basis"]) for row in asked.rows}
    assert known["bob"] == ("not on record", None)
    assert known.get("fay", ("ask for a post", "declared")) == ("ask for a post", "declared")
    table = town(*certain[:-1], "table", "--passive-ok").out
    assert "give the product  declared" in table
    none = town(
        "seeds", "-k", "1", *(word for id_ in ("bob", "cid", "dan", "eve", "fay") for word in ("--exclude", id_))
    )
    assert (none.code, none.out) == (InputError.exit_code, "")
    assert none.err == "error: everybody who may be a seed is passive (1 person); choose among them: --passive-ok\n"


def test_a_target_is_a_brand_or_a_file(town: Run, tmp_path: Path) -> None:
    certain = ("--probabilities", "1", "--seed", "1")
    brand = town("seeds", "-k", "1", "--target", "brand:acme", *certain)
    assert "target: 3 bonds of acme above 0, scored by the default policy" in brand.err
    assert brand.rows[0]["id"] == "ann"
    assert brand.rows[0]["gain"] == pytest.approx(4.0, abs=0.01)  # points 1 + 1 + 2
    (tmp_path / "segment.csv").write_text("id\neve\nfay\n")
    assert town("seeds", "-k", "1", "--target", "segment.csv", *certain).rows[0]["id"] in {"eve", "fay"}


def test_learn_keeps_what_reach_then_uses(town: Run) -> None:
    learned = town("learn", "--method", "bernoulli", "--prior", "none", "--write")
    assert {(row["source"], row["target"]): row["probability"] for row in learned.rows if row["probability"]} == {
        ("ann", "bob"): 0.5, ("bob", "cid"): 1.0,
    }  # fmt: skip
    assert "probabilities: learned (learn-" in town("reach", "ann", "--simulations", "10").err


def test_learned_probabilities_of_other_ties_are_told_and_those_of_later_ties_left_out(
    town: Run, tmp_path: Path
) -> None:
    (tmp_path / "later.csv").write_text("source,target,kind,since\neve,ann,follows,2026-02-01T00:00:00Z\n")
    assert town("ingest", "later.csv").code == 0
    town("learn", "--method", "bernoulli", "--prior", "none", "--write")
    few = ("reach", "ann", "--simulations", "10", "--activation")
    assert "eve" in {row["id"] for row in town(*few).rows if row["activation"]}
    before = town(*few, "--as-of", "2026-01-09")
    assert "learned with another --as-of" in before.err
    assert "eve" not in {row["id"] for row in before.rows if row["activation"]}
    (tmp_path / "more.csv").write_text("source,target,kind\ndan,ann,follows\n")
    assert town("ingest", "more.csv").code == 0
    assert "the ties have changed since" in town(*few).err


def test_the_held_out_figures_fit_a_narrow_terminal(town: Run, tmp_path: Path) -> None:
    lines = [f"{who},{item},{item + wait}\n" for item in range(10) for wait, who in enumerate(("ann", "bob", "cid"))]
    (tmp_path / "log.csv").write_text("user,item,time\n" + "".join(lines))
    outcome = town("learn", "--actions", "log.csv", "--evaluate", "--seed", "1", "--format", "table")
    assert outcome.code == 0, outcome.err
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert outcome.out.split()[:5] == ["method/prior", "log_likelihood", "auc", "rmse", "uniform"]


def test_runs_as_a_table_tell_what_was_asked_for(town: Run) -> None:
    town("rank", "--damping-factor", "0.5", "--write")
    assert "damping_factor=0.5" in town("runs", "--format", "table").out
    assert town("runs", "--format", "csv").out.startswith("id,kind,status,started_at,finished_at,input_digest,version")


@pytest.mark.parametrize(
    "arguments", [("rank",), ("rank", "--by", "reach"), ("reach", "ann"), ("seeds", "-k", "1"), ("learn",)]
)
def test_an_estimate_is_one_row_and_nothing_else(town: Run, arguments: tuple[str, ...]) -> None:
    outcome = town(*arguments, "--estimate")
    (row,) = outcome.rows
    assert (row["nodes"], row["edges"]) == (6, 5)
    assert row["seconds"] >= 0
    assert town("runs").rows == []


@pytest.mark.parametrize("suffix", ["svg", "png", "html"])
def test_plots_are_written_beside_the_rows(town: Run, tmp_path: Path, suffix: str) -> None:
    for name, arguments in {
        "rank": ("rank", "--by", "reach", "--rr-sets", "1000"),
        "reach": ("reach", "ann", "--simulations", "100"),
        "seeds": ("seeds", "-k", "3", "--seed", "1"),
    }.items():
        outcome = town(*arguments, "--plot", f"{name}.{suffix}")
        assert outcome.code == 0, outcome.err
        assert outcome.rows
        content = (tmp_path / f"{name}.{suffix}").read_bytes()
        assert content.startswith({"svg": b"<svg", "png": b"\x89PNG", "html": b"<!doctype html>"}[suffix])


@pytest.mark.neo4j
def test_the_commands_work_on_a_server_and_the_named_queries_find_what_they_keep(
    neo4j_store: Store, town: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(EmbeddedStore(tmp_path / "influence-graph-data"), neo4j_store)
    monkeypatch.setattr("influence_graph.cli.options.open_store", lambda url, **_: neo4j_store)
    store = ["--store", neo4j_store.url, "--format", "jsonl"]

    def rows(*arguments: str) -> list[dict]:
        outcome = CliRunner().invoke(main, [*arguments, *store], catch_exceptions=False)
        assert outcome.exit_code == 0, outcome.output
        return [json.loads(line) for line in outcome.stdout.splitlines()]

    certain = ("--probabilities", "1", "--seed", "1")
    assert rows("rank", "--by", "reach", "--write", *certain)[0]["id"] == "ann"
    assert rows("seeds", "-k", "2", "--write", *certain)[0]["id"] == "ann"
    rows("learn", "--method", "bernoulli", "--prior", "none", "--write")
    rows("reach", "ann", "--simulations", "10", "--write", "--probabilities", "1")
    top = rows("query", "top-by", "--param", "measure=reach")
    assert top[0]["id"] == "ann"
    assert rows("query", "current-seeds")[0]["id"] == "ann"
    rows("rank", "--by", "psi", "--write")
    for name in ("psi", "psiScore"):  # as `rank --by` calls it, and as the graph does
        assert rows("query", "top-by", "--param", f"measure={name}")[0]["id"] == "ann"
    assert [row["id"] for row in rows("query", "influences", "--param", "person=ann")] == ["bob"]
    assert {row["score"] for row in rows("query", "top-by", "--param", "measure=activation")} == {0.0, 1.0}


BAD = {
    "k too large": (["seeds", "-k", "7"], 2, "at most 6"),
    "k of 0": (["seeds", "-k", "0"], 2, "k is 0"),
    "no k": (["seeds"], 2, "neither k nor a budget"),
    "budget without costs": (["seeds", "--budget", "9"], 2, "not what each seed costs"),
    "costs of nobody": (
        [
            "seeds",
            "--budget",
            "9",
            "--cost-column",
            "followers",
            "--exclude",
            "ann",
            "--exclude",
            "bob",
            "--exclude",
            "cid",
            "--exclude",
            "fay",
        ],
        2,
        "nobody of the 6 people",
    ),
    "unknown winner": (["seeds", "-k", "1", "--won", "zz"], 1, "influence-graph export people"),
    "epsilon of 1": (["seeds", "-k", "1", "--epsilon", "1"], 2, "epsilon is 1"),
    "delta of 0": (["seeds", "-k", "1", "--delta", "0"], 2, "delta is 0"),
    "costs without budget": (["seeds", "-k", "1", "--cost-column", "followers"], 2, "no budget"),
    "cost of text": (["seeds", "--budget", "1", "--cost-column", "city"], 2, "use followers"),
    "two kinds of cost": (["seeds", "--cost-column", "followers", "--costs", "x.csv"], 2, "leave out --costs"),
    "missing costs": (["seeds", "--budget", "1", "--costs", "nowhere.csv"], 1, "nowhere.csv"),
    "unknown brand": (["seeds", "-k", "1", "--target", "brand:acmee"], 1, "'acme'"),
    "unknown exclusion": (["seeds", "-k", "1", "--exclude", "an"], 1, "'ann'"),
    "size in words": (["seeds", "-k", "1", "--memory-limit", "lots"], 2, "'lots' is not a size"),
    "unknown seed": (["reach", "an"], 1, "'ann'"),
    "nobody": (["reach"], 2, "nobody to start from"),
    "unknown campaign": (["reach", "--campaign", "lunch"], 1, "'launch'"),
    "probability above 1": (["reach", "ann", "--probabilities", "1.5"], 2, "p is 1.5"),
    "probabilities in words": (["reach", "ann", "--probabilities", "high"], 2, "weighted-cascade"),
    "nothing learned": (["reach", "ann", "--probabilities", "learned"], 2, "learn --write"),
    "quality without opinions": (["reach", "ann", "--quality", ".5"], 2, "quality is 0.5"),
    "opinions without quality": (["reach", "ann", "--model", "ic-n"], 2, "quality is None"),
    "deadline below 0": (["reach", "ann", "--deadline", "-1"], 2, "deadline is -1"),
    "one simulation": (["reach", "ann", "--simulations", "1"], 2, "simulations is 1"),
    "plot of another format": (["reach", "ann", "--plot", "x.pdf"], 2, "'.pdf'"),
    "plot in no folder": (["rank", "--plot", "no/x.svg"], 2, "no folder no"),
    "window for pagerank": (["rank", "--window", "9d"], 2, "--window is for --by psi"),
    "damping for hubs": (["rank", "--by", "hits-hub", "--damping-factor", ".5"], 2, "is for --by pagerank"),
    "tolerance for reach": (["rank", "--by", "reach", "--tolerance", ".5"], 2, "--tolerance is for --by"),
    "sets for pagerank": (["rank", "--rr-sets", "5"], 2, "--rr-sets is for --by reach"),
    "brand for hubs": (["rank", "--by", "hits-hub", "--brand", "acme"], 2, "not for hits-hub"),
    "psi of brands": (["rank", "--by", "psi", "--graph", "all"], 2, "ties between people"),
    "gds without a server": (["rank", "--engine", "gds"], 2, "no Neo4j"),
    "gds to keep": (["rank", "--engine", "gds", "--write"], 2, "leave out --write"),
    "window of 0": (["learn", "--window", "0d"], 2, "window is"),
    "missing actions": (["learn", "--actions", "nowhere.csv"], 1, "nowhere.csv"),
    "actions of another kind": (["learn", "--actions", "ties.csv"], 2, "no column 'user'"),
    "actions of strangers": (["learn", "--actions", "strangers.csv", "--write"], 2, "none of the 1 actions"),
    "item of a file": (["learn", "--actions", "strangers.csv", "--item", "brand"], 2, "its own items"),
    "method to evaluate": (["learn", "--evaluate", "--method", "jaccard"], 2, "leave out --method"),
    "seed to learn": (["learn", "--seed", "1"], 2, "draws no random numbers"),
    "keep what is held out": (["learn", "--evaluate", "--write"], 2, "--evaluate"),
}


@pytest.mark.parametrize(("arguments", "code", "said"), BAD.values(), ids=BAD)
def test_bad_input_gets_one_line_and_its_exit_code(town: Run, arguments: list[str], code: int, said: str) -> None:
    outcome = town(*arguments)
    assert outcome.code == code, outcome.err
    assert said in outcome.err.splitlines()[-1]
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize("arguments", [("reach", "ann"), ("seeds", "-k", "1"), ("learn",), ("rank", "--by", "psi")])
def test_an_empty_store_says_what_to_do(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("migrate").code == 0
    outcome = run(*arguments)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "influence-graph ingest" in outcome.err


def test_ctrl_c_prints_the_best_seeds_so_far_with_their_certificate(run: Run, tmp_path: Path) -> None:
    nodes, ties = 20_000, 120_000
    ends = np.random.default_rng(1).integers(0, nodes, (2, ties))
    ends = np.unique(ends[:, ends[0] != ends[1]], axis=1)
    lines = "".join(f"p{s},p{t},follows\n" for s, t in ends.T)
    (tmp_path / "ties.csv").write_text("source,target,kind\n" + lines)
    assert run("ingest", "ties.csv").code == 0
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))}
    arguments = ["seeds", "-k", "50", "--probabilities", "0.01", "--ratio", "0.999", "--time-limit", "25s", "--write"]
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=tmp_path, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        for line in process.stderr:
            if line.startswith("certified"):
                break
        process.send_signal(signal.SIGINT)
        rows = [json.loads(each) for each in process.stdout.read().splitlines()]
        said = process.stderr.read()
        assert process.wait(60) == 130, said
    assert [row["rank"] for row in rows] == list(range(1, 51))
    assert "with probability" in said
    assert "the best so far; they are not kept: the former run of seeds, if any, stays the current one" in said
    assert run("runs").rows == []
