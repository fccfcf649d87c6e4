"""The influencer command, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

DID = "event_id,at,consumer,brand\ne1,2026-06-01T10:00:00Z,ann,hat\ne2,2026-06-02T10:00:00Z,bob,hat\n"
DID += "e3,2026-06-03T10:00:00Z,bob,coat\n"


@pytest.fixture
def story(run: Run) -> Run:
    assert run("import", "story").code == 0
    return run


def test_june_cannot_be_tested_and_what_is_known_is_shown(story: Run, tmp_path: Path) -> None:
    shown = story("influencer", "june", "--plot", "june.svg", "--format", "table")
    assert shown.code == 0, shown.err
    text = " ".join(shown.out.split())
    for words in (
        "Whether June (june) moves others cannot be tested: fewer than 10 adoptions came before somebody's own",
        "That does not mean no: what is known follows.",
        "Fennel Loafers (loafers) on 1991-09-02",
        "June spoke of none of these, as far as the records tell.",
        "5 people see June; 5 of them took any of it up later, 6 times in all. The first: Grace (grace) with Lightship"
        " Raincoats (raincoat) after 7 days",
        "They dealt with the same again 19 times, the last 35 years after June.",
        "the last is Iris (iris) with Harbour Knitwear (sweater), 24 years after June, by way of Diane (diane).",
        "These records cannot tell.",
        "draw half of them by lot, give these to June",
    ):
        assert words in text, words
    assert "was found" not in text
    assert "0-30 days after" in (tmp_path / "june.svg").read_text("utf-8")


def test_a_case_is_one_object_and_one_row_per_figure(story: Run) -> None:
    found = json.loads(story("influencer", "june", "--format", "json").out)
    assert (found["person_name"], found["status"]) == ("June", "cannot be tested")
    first = found["followers"][0]
    assert (first["item_name"], first["name"], first["days"]) == ("Lightship Raincoats", "Grace", 7.0)
    assert first["their_at"].startswith("1991-10-21")
    assert found["figures"]["caused"] is None
    out = story("influencer", "june", "--format", "csv").out
    assert out.startswith("person,measure,value")
    assert "june,status,cannot be tested" in out


def test_what_cannot_be_asked_is_one_line(story: Run, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("user,item,time\njune,hat,1\n")
    for arguments, code, words in (
        (("jun",), 1, "did you mean 'june'"),
        (("june", "--fdr", "1.5"), 2, "fdr is 1.5"),
        (("june", "--kind", "wearr"), 1, "no interaction of the kind 'wearr'"),
        (("june", "--item", "brand+item"), 2, "interactions names an item; give records the column item, or use"),
        (("june", "--item", "sku"), 2, "'sku' is not one of 'brand', 'brand+kind', 'brand+item'"),
        (("june", "--actions", "log.csv", "--item", "brand"), 2, "--item is for the store's interactions"),
        (("june", "--plot", "june.txt"), 2, "is no plot"),
        (("june", "--as-of", "1900-01-01"), 2, "no"),
    ):
        refused = story("influencer", *arguments)
        assert (refused.code, refused.out) == (code, ""), (arguments, refused.err)
        assert words in refused.err
        assert refused.err.lower().count("error: ") == 1


def test_without_ties_it_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "did.csv").write_text(DID)
    assert run("ingest", "did.csv").code == 0
    refused = run("influencer", "ann")
    assert refused.code == 2
    assert "holds no ties" in refused.err


def test_who_has_no_ties_cannot_be_tested(run: Run, tmp_path: Path) -> None:
    (tmp_path / "did.csv").write_text(DID)
    (tmp_path / "ties.csv").write_text("source,target\nbob,cat\n")
    assert run("ingest", "did.csv", "ties.csv").code == 0
    text = run("influencer", "ann", "--format", "table").out
    assert "cannot be tested: no tie of this person is on record" in " ".join(text.split())
    assert run("influencer", "ann", "--plot", "ann.svg").code == 2
