"""One bond over time as a file: the line alone, or a page with its terms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from influence_graph.errors import InputError
from influence_graph.reports.pages.data import BondStory, ReportData
from influence_graph.reports.pages.report import render_report
from influence_graph.reports.pages.story import write_story
from tests.reports.conftest import contributions, series

Make = Callable[..., ReportData]


def test_a_page_of_a_story_is_the_report(make: Make, tmp_path: Path) -> None:
    report = make(influencers=None, bonds=None, touchpoints=None)
    write_story(tmp_path / "story.html", report)
    assert (tmp_path / "story.html").read_text("utf-8") == render_report(report)


def test_an_image_of_a_story_is_its_line_with_the_events(make: Make, tmp_path: Path) -> None:
    write_story(tmp_path / "story.svg", make())
    svg = (tmp_path / "story.svg").read_text("utf-8")
    assert "bad fish" in svg
    assert "var(--" not in svg


@pytest.mark.parametrize("nothing", [None, series().head(0)], ids=["no series", "an empty series"])
@pytest.mark.parametrize("suffix", [".svg", ".html"])
def test_a_bond_without_events_is_refused(
    make: Make, tmp_path: Path, nothing: pd.DataFrame | None, suffix: str
) -> None:
    story = BondStory("singer", "sweater", 0.0, contributions().head(0), nothing)
    with pytest.raises(InputError, match="no event has reached this bond"):
        write_story(tmp_path / f"story{suffix}", make(stories=(story,)))
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_ending_is_refused_before_anything_else(make: Make, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no plot"):
        write_story(tmp_path / "story.pdf", make(stories=()))
