"""Findings on a brand in words: they say what the tables say, and what is not known."""

from __future__ import annotations

import pandas as pd
import pytest

from influence_graph.analyses.brand.view import BrandView, brand_view
from tests.analyses.brand.events import crowd, events


def view(frame: pd.DataFrame) -> BrandView:
    return brand_view(frame, "acme")


def test_the_nearest_brand_is_the_one_that_shares_most() -> None:
    frame = events(
        *((day, who, brand, "wear") for day, who in enumerate(("ann", "bob", "cid")) for brand in ("acme", "bolt")),
        (9, "ann", "core", "wear"),
    )
    (line,) = view(frame).neighbors.sentences()
    assert line.startswith("Its 3 consumers also interacted with, or named, 2 other brands; the nearest is bolt: ")
    assert "3 shared consumers, named together 0 times." in line


def test_what_is_shared_beyond_chance_is_said_with_its_lift() -> None:
    shared = [(day, f"c{day}", brand, "wear") for day in range(40) for brand in ("acme", "bolt")]
    others = [(day, f"d{day}", "core", "wear") for day in range(160)]
    lines = view(events(*shared, *others)).neighbors.sentences()
    assert lines[1].startswith("Shared most beyond chance: bolt, ")
    (row,) = view(events(*shared, *others)).neighbors.brands.query("brand == 'bolt'").to_dict("records")
    assert f"{row['lift']:.2f} times as often" in lines[1]
    assert row["low"] > 1


def test_the_worth_of_purchases_is_the_sum_of_their_values() -> None:
    frame = crowd().rename(columns={"weight": "value"})
    bought = frame[(frame["brand"] == "acme") & (frame["kind"] == "purchase")]
    found = view(frame).profit
    assert found.value == pytest.approx(bought["value"].sum())
    assert found.count == bought["consumer"].nunique()
    lines = found.sentences()
    assert any(line.startswith("Value per customer: ") for line in lines)
    assert any(line.startswith("The best ") for line in lines)


def test_the_recovery_is_one_line_of_counts() -> None:
    found = view(crowd()).judgment.recovery
    assert repr(found) == (
        f"<Recovery: complaints {found.complaints}, followed {found.followed}, recovered {found.recovered}>"
    )
    assert found.recovered <= found.followed <= found.complaints


@pytest.mark.parametrize("frame", [crowd(), crowd(size=8, seed=3), events((1, "ann", "acme", "complaint"))])
def test_every_sentence_of_every_section_is_a_printable_sentence(frame: pd.DataFrame) -> None:
    for heading, sentences in view(frame).sections().items():
        assert sentences, heading
        for sentence in sentences:
            assert sentence.isprintable()
            assert sentence.endswith(".")
            assert "nan" not in sentence.lower().split()
