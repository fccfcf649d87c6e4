"""A report with every section, built by hand, and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from influence_graph.model.names import NodeNames
from influence_graph.reports.pages.data import BondStory, Convergence, KeptRanking, ReportData
from influence_graph.reports.pages.parts import Network

CONCERT = datetime(2026, 6, 6, 20, tzinfo=UTC)
FISH = CONCERT + timedelta(days=7)


def contributions() -> pd.DataFrame:
    rows = [
        (
            "concert",
            CONCERT,
            "wear",
            "brand_experience",
            "to_brand",
            "direct",
            "",
            3.0,
            1.0,
            1.0,
            3.0,
            "singer → sweater",
        ),
        (
            "fish",
            FISH,
            "complaint",
            "problem_recovery",
            "to_brand",
            "spillover",
            "restaurant",
            -8.0,
            1.0,
            0.25,
            -2.0,
            "→",
        ),
    ]
    names = ["event_id", "at", "kind", "touchpoint", "direction", "term", "via", "points", "decay", "share"]
    return pd.DataFrame(rows, columns=[*names, "contribution", "path"])


def series() -> pd.DataFrame:
    rows = [
        (CONCERT, 0.0, "", ""),
        (CONCERT, 3.0, "concert", "+3.0 concert"),
        (FISH, 3.0, "", ""),
        (FISH, 1.0, "fish", "bad fish"),
        (FISH + timedelta(days=5), 1.0, "", ""),
    ]
    return pd.DataFrame(rows, columns=["at", "score", "event_id", "label"])


def bonds(count: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    to_brand, to_consumer = rng.normal(2, 4, count), rng.normal(1, 1, count)
    frame = pd.DataFrame({"consumer": [f"p{n}" for n in range(count)], "brand": "sweater", "to_brand": to_brand})
    score = to_brand + to_consumer
    return frame.assign(to_consumer=to_consumer, fusion_score=score, reciprocity=0.5, display=100 * np.tanh(score / 10))


def influencers(ids: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"label": "Consumer", "id": ids, "score": np.linspace(9, 1, len(ids))})
    return frame.assign(linked_by=3, mutual=1)


def network(names: tuple[str, ...] = ("Sweater", "Zoe Wolf", "")) -> Network:
    rows = range(len(names))
    nodes = pd.DataFrame({"id": [f"n{n}" for n in rows], "label": ["Brand", *["Consumer"] * (len(names) - 1)]})
    nodes = nodes.assign(name=names, size=[len(names) - n for n in rows], group=1, x=np.cos(rows), y=np.sin(rows))
    edges = pd.DataFrame({"source": 0, "target": rows[1:], "weight": 2.0, "sign": -1, "kind": "bond"})
    return Network(nodes, edges, "", "1 brand and others")


@pytest.fixture
def make() -> Callable[..., ReportData]:
    def build(**changes: Any) -> ReportData:
        touch = [("engagement", "to_brand", 7), ("engagement", "to_consumer", 3), ("problem_recovery", "to_brand", 2)]
        run = ("r1", "rank", "finished", CONCERT, FISH, "ab12", "0.1.0", {"damping_factor": 0.85})
        names = ["id", "kind", "status", "started_at", "finished_at", "input_digest", "version", "parameters"]
        values: dict[str, Any] = {
            "version": "0.1.0",
            "generated_at": FISH,
            "store": "./data",
            "digest": "d1ge57",
            "as_of": FISH,
            "counts": {"people": 1020, "interactions": 92834},
            "influencers": influencers([f"p{n}" for n in range(20)]),
            "convergence": Convergence("PageRank", 17, 3.1e-11, 1e-10, 0.85),
            "rankings": (KeptRanking("psi", "r2", CONCERT, influencers(["p3", "p0"])),),
            "bonds": bonds(),
            "stories": (BondStory("singer", "sweater", 1.0, contributions(), series(), "The singer's week"),),
            "touchpoints": pd.DataFrame(touch, columns=["touchpoint", "direction", "count"]),
            "runs": pd.DataFrame([run], columns=names),
            "network": network(),
            "commands": "influence-graph report --store here",
            "names": NodeNames(consumers={"singer": "The pop singer", "p0": "Zoe Wolf"}),
        }
        return ReportData(**(values | changes))

    return build


FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator:
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1 and there is no chromium on the PATH")
        pytest.skip("there is no chromium on the PATH")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()
