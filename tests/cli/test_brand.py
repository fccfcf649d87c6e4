"""The brand command, as a user runs it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def town(run: Run) -> Run:
    assert run("import", "town", "--people", "300").code == 0
    return run


def test_brand_prints_sections_one_object_and_a_page(town: Run, tmp_path: Path) -> None:
    shown = town("brand", "b01", "--compare", "b02", "--format", "table", "-o", "b01.html")
    assert shown.code == 0, shown.err
    for heading in ("Health", "Judgment", "Profit", "Carriers", "Neighbors"):
        assert f"{heading}\n" in shown.out
    assert re.search(r"^\S.* \(b01\) and \S.* \(b02\) side by side$", shown.out, re.M)
    assert "page written to b01.html" in shown.err
    assert "<h1>" in (tmp_path / "b01.html").read_text("utf-8")
    found = json.loads(town("brand", "b01", "--compare", "b02", "--format", "json").out)
    assert (found["brand"], found["other"]["brand"]) == ("b01", "b02")
    assert {"health", "judgment", "profit", "carriers", "neighbors", "differences"} <= found.keys()
    scores = town("score", "--brand", "b01", "--format", "jsonl").rows
    assert found["health"]["count"] == len(scores)
    assert found["health"]["total"] == pytest.approx(sum(row["fusion_score"] for row in scores))
    assert town("brand", "b01", "--format", "csv").out.startswith(
        "brand,brand_name,measure,value,low,high,count,method"
    )


def test_an_unknown_brand_gets_the_nearest_names(town: Run) -> None:
    refused = town("brand", "sweatre")
    assert refused.code == 1
    assert "did you mean 'sweater'" in refused.err
    assert town("brand", "b01", "--recovery", "-3d").code == 2
