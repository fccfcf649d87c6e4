"""What a page prints under "How to get the same figures again", pasted into a shell, gives the same page."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.warm import write_program

POLICY = """outcome = "loyalty"
spillover = 0.5
paid = 0.25

[half_life_days]
engagement = 90.0

[[rival]]
brands = ["restaurant", "sweater"]
relation = -1.0
"""
TOUCHPOINTS = '[kinds]\nwear = { touchpoint = "engagement", weight = 7.0, vote = "feet" }\n'
OPTIONS = {
    "plain": [],
    "options": ["--half-life", "180d", "--spillover", "0.5", "--outcome", "loyalty", "--as-of", "2026-06-14T12:00Z"],
    "files": ["--policy", "my policy.toml", "--touchpoints", "mine.toml"],
}


@pytest.fixture
def story(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "my policy.toml").write_text(POLICY)
    (tmp_path / "mine.toml").write_text(TOUCHPOINTS)
    assert run("import", "story", "--store", "it's mine").code == 0
    return run


def printed(page: str) -> str:
    """Return the commands on *page*."""
    found = re.search(r'<pre class="commands"[^>]*><code>(.*?)</code></pre>', page, re.S)
    assert found is not None
    return html.unescape(found[1])


def pasted(commands: str, tmp_path: Path) -> str:
    """Run *commands* in a shell, in a folder that has the store alone; return what they print."""
    folder, programs = tmp_path / "again", tmp_path / "bin"
    for place in (folder, programs):
        place.mkdir(exist_ok=True)
    shutil.copytree(tmp_path / "it's mine", folder / "it's mine", dirs_exist_ok=True)
    write_program(programs / "influence-graph")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))}
    done = subprocess.run(
        ["sh", "-eu"],
        input=commands,
        cwd=folder,
        env={**kept, "PATH": f"{programs}:{kept['PATH']}"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def body(page: str) -> str:
    """Return *page* without the time at which it was made."""
    return re.sub(r"made \d{4}-\d\d-\d\d \d\d:\d\d \S+", "", page)


PAGES = {
    "brands": (["brands", "--by", "sum"], "plain"),
    "person": (["person", "singer"], "options"),
    "brand": (["brand", "sweater", "--compare", "restaurant", "--recovery", "36h"], "files"),
}


@pytest.mark.parametrize(("words", "name"), PAGES.values(), ids=PAGES)
def test_a_page_is_made_again(story: Run, tmp_path: Path, words: list[str], name: str) -> None:
    options = OPTIONS[name]
    made = story(*words, *options, "-o", "first.html", "--store", "it's mine", "--format", "json")
    assert made.code == 0, made.err
    first = (tmp_path / "first.html").read_text("utf-8")
    out = pasted(printed(first), tmp_path)
    again = (tmp_path / "again" / f"{words[0]}.html").read_text("utf-8")
    assert body(again) == body(first)
    if words[0] == "brands":
        csv = story(*words, *options, "--store", "it's mine", "--format", "csv").out
        assert out == csv
    else:
        assert json.loads(out) == json.loads(made.out)
        assert (json.loads(out)["policy"]["outcome"] == "loyalty") == bool(options)


def test_a_report_and_its_parts_are_made_again(story: Run, tmp_path: Path) -> None:
    given = [*OPTIONS["files"], "--bond", "singer", "sweater", "--title", "A 'week'", "--store", "it's mine"]
    assert story("report", *given, "-o", "first.html").code == 0
    first = (tmp_path / "first.html").read_text("utf-8")
    rows = [json.loads(line) for line in pasted(printed(first), tmp_path).splitlines()]
    assert body((tmp_path / "again" / "report.html").read_text("utf-8")) == body(first)
    ranked = [row for row in rows if "rank" in row]
    scored = {(row["consumer"], row["brand"]): row["fusion_score"] for row in rows if "fusion_score" in row}
    terms = [row["contribution"] for row in rows if "contribution" in row]
    assert f"{ranked[0]['score']:.6g}" in first
    assert f"{len(scored)} bonds" in first
    assert sum(terms) == pytest.approx(scored["singer", "sweater"])


def test_an_explanation_is_made_again(story: Run, tmp_path: Path) -> None:
    given = ["singer", "sweater", "--without", "singer-fish", *OPTIONS["options"], "--store", "it's mine"]
    made = story("explain", *given, "--plot", "first.html", "--format", "jsonl")
    assert made.code == 0, made.err
    assert pasted(printed((tmp_path / "first.html").read_text("utf-8")), tmp_path) == made.out
