"""The page of Last.fm, where listeners and artists share ids: every artist has the name of the published file."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser

import pytest

from influence_graph.app.ingest import import_dataset
from influence_graph.app.jobs.job import run
from influence_graph.app.jobs.ranking import RankJob
from influence_graph.app.views.report import gather
from influence_graph.ingest.importers import IMPORTERS, ImportOptions
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import RankParameters, ReportParameters
from influence_graph.model.results import RANK
from influence_graph.reports.pages.report import render_report
from influence_graph.reports.words import printable
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.public_data import public_data


class Tables(HTMLParser):
    """The tables of a page as rows of texts, the headings first."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="module")
def artists() -> dict[str, str]:
    with (public_data("lastfm_hetrec2011") / "artists.dat").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return {row[0]: row[1].strip() for row in rows}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    store = EmbeddedStore(tmp_path_factory.mktemp("lastfm"))
    import_dataset(store, IMPORTERS["lastfm"], public_data("lastfm_hetrec2011"), ImportOptions())
    # What is free gives to the listener: artists are hubs, and have no rank by what they get.
    run(RankJob(), store, RankParameters(by="hits-hub", graph=GraphKind.INTERACTIONS), write=True)
    return render_report(gather(store, ReportParameters()))


def checked(name: str, id_: str, label: str, artists: dict[str, str]) -> bool:
    """Return whether *name* is that of the node: the artist's, or the bare id of a listener."""
    name = re.sub(rf" \((?:brand |consumer )?{id_}\)$", "", name)
    return name == (printable(artists[id_], 34) if label == "Brand" else id_)


def test_every_name_on_the_page_is_the_artists_and_none_is_on_a_listener(page: str, artists: dict[str, str]) -> None:
    seen = {"Brand": 0, "Consumer": 0}
    for columns, *rows in Tables(page).tables:
        for row in rows:
            if columns[:4] == ["consumer", "id", "brand", "id"]:
                nodes = [(row[0], row[1], "Consumer"), (row[2], row[3], "Brand")]
            elif columns[:3] == ["name", "id", "label"]:
                nodes = [tuple(row[:3])]
            elif columns[:4] == ["rank", "name", "id", "label"]:
                nodes = [tuple(row[1:4])]
            else:
                nodes = []
            for name, id_, label in nodes:
                assert checked(name, id_, label, artists), (name, id_, label)
                seen[label] += 1
    assert seen["Brand"] >= 20
    assert seen["Consumer"] >= 25


def test_headlines_name_the_listener_by_id_and_the_artist_by_name(page: str, artists: dict[str, str]) -> None:
    lead = re.search(r"(\d+) has the highest PageRank, by [\d,]+ mutual links alone", page)
    assert lead is not None
    assert lead[1] in artists  # an artist has this id, too
    bond = re.search(r"The strongest bond is (\d+) and ([^.]+?) \((\d+)\) at", page)
    assert bond is not None
    assert bond[2].replace("&amp;", "&") == artists[bond[3]]
    assert RANK.title in page
    assert "Who moves whom" not in page
    assert "most influence" not in page.lower()
