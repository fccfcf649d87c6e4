"""The one plot writer: SVG, PNG or a page, by the ending of the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from influence_graph.errors import InputError
from influence_graph.reports.charts.ranking import ranking_plot
from influence_graph.reports.pages.plot import render_plot, write_plot
from influence_graph.reports.plots import Plot
from tests.reports.charts.test_ranking import SCORES
from tests.reports.html import HOSTILE, Page, assert_self_contained


@pytest.fixture(scope="module")
def plot() -> Plot:
    return ranking_plot(SCORES.assign(std_error=0.5), "rank")


@pytest.mark.parametrize(
    ("suffix", "start"), [(".svg", b"<svg xmlns="), (".PNG", b"\x89PNG"), (".html", b"<!doctype html>")]
)
def test_a_plot_is_written_in_the_format_of_its_file(tmp_path: Path, plot: Plot, suffix: str, start: bytes) -> None:
    file = tmp_path / f"plot{suffix}"
    write_plot(file, plot)
    written = file.read_bytes()
    assert written.startswith(start)
    assert b"var(--" not in written or suffix == ".html"


def test_the_page_has_the_title_once_and_says_what_is_drawn(plot: Plot) -> None:
    page = Page(render_plot(plot))
    assert_self_contained(page)
    assert (page.tags.count("svg"), page.tags.count("h1")) == (2, 1)  # one drawing for wide pages, one for narrow ones
    assert "h3" not in page.tags
    assert page.values("div", "aria-label") == [plot.alt]
    assert "Whiskers: 95 % intervals." in page.text


def test_a_page_of_its_own_is_written_in_place_of_the_default(tmp_path: Path, plot: Plot) -> None:
    for name in ("x.html", "x.svg"):
        write_plot(tmp_path / name, plot, lambda: "a page")
    assert (tmp_path / "x.html").read_text("utf-8") == "a page"
    assert (tmp_path / "x.svg").read_text("utf-8").startswith("<svg")


def test_a_page_escapes_its_title(tmp_path: Path, plot: Plot) -> None:
    write_plot(tmp_path / "x.html", replace(plot, title="<b> & co"))
    page = (tmp_path / "x.html").read_text("utf-8")
    assert "<h1>&lt;b&gt; &amp; co</h1>" in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_ids_are_shown_as_text(name: str) -> None:
    page = Page(render_plot(ranking_plot(SCORES[:2].assign(id=[name, f"{name}2"]), "rank")))
    assert_self_contained(page)
    assert page.tags.count("h1") == 1


def test_a_plot_of_another_format_or_in_no_folder_is_refused(tmp_path: Path, plot: Plot) -> None:
    for path, problem in ((tmp_path / "x.pdf", "no plot"), (tmp_path / "no" / "x.svg", "cannot be written")):
        with pytest.raises(InputError, match=problem):
            write_plot(path, plot)
    assert list(tmp_path.iterdir()) == []
