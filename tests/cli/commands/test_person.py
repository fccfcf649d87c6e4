"""The person command, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def story(run: Run) -> Run:
    assert run("import", "story").code == 0
    return run


def test_june_who_never_said_anything_has_a_true_page(story: Run, tmp_path: Path) -> None:
    shown = story("person", "june", "-o", "june.html", "--format", "table")
    assert shown.code == 0, shown.err
    for words in (
        "June (june)",
        "The records declare a passive influencer; this is not calculated.",
        "Nothing said about a brand is on record.",
        "Of 5 people whom this person may move, 5 took up one of the same brands later",
        "not learned; run `influence-graph learn --write`",
        "Nothing is on record in 35 years since then: 1992 to 2026.",
    ):
        assert words in shown.out, words
    page = (tmp_path / "june.html").read_text("utf-8")
    assert "What they did later, per year" in page
    assert "influence-graph person june --as-of" in page
    assert "page written to june.html" in shown.err


def test_a_person_is_one_object_and_one_row_per_measure(story: Run) -> None:
    found = json.loads(story("person", "singer", "--format", "json").out)
    assert found["person_name"] == "The pop singer"
    bonds = {row["brand"]: row["fusion_score"] for row in found["dealings"]["brands"]}
    assert bonds == {row["brand"]: row["fusion_score"] for row in story("score", "--consumer", "singer").rows}
    assert story("person", "singer", "--format", "csv").out.startswith("person,measure,value,low,high,count,method")
    refused = story("person", "sinnger")
    assert (refused.code, refused.out) == (1, "")
    assert "did you mean 'singer'" in refused.err
