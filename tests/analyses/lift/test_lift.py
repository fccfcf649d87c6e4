from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig

DAYS = pd.date_range("2026-01-01", periods=50)
START, LATER = "2026-02-10", "2026-02-12"
PANEL = pd.DataFrame(
    {
        "unit": np.repeat(list("abcdef"), DAYS.size),
        "date": np.tile(DAYS, 6),
        "value": np.random.default_rng(2).normal(20, 1, 6 * DAYS.size),
    }
)
SERIES = PANEL[PANEL["unit"] == "a"].drop(columns="unit")


@pytest.mark.parametrize(
    ("records", "given", "kind", "design"),
    [
        (SERIES, {"start": START}, ig.SeriesLift, "one series: the records have no column unit"),
        (PANEL, {"start": START, "treated": "a"}, ig.PanelLift, "few treated: 1 unit, all from one date on"),
        (PANEL, {"start": {"a": START, "b": None}}, ig.PanelLift, "few treated: 1 unit, all from one date on"),
        (
            PANEL,
            {"start": {"a": START, "b": DAYS[40].date(), "c": "2030-01-01"}},
            ig.PanelLift,
            "few treated: 2 units, all from one date on",
        ),
        (
            PANEL,
            {"start": {"a": START, "b": START, "c": LATER, "d": LATER}},
            ig.StaggeredLift,
            "staggered: 4 units begin on 2 dates",
        ),
    ],
)
def test_the_design_is_chosen_by_what_is_given_and_said(records, given, kind, design):
    found = ig.lift(records, days=5, **given)
    assert type(found) is kind
    assert found.parameters["design"] == design


def test_it_is_what_the_function_of_the_design_returns():
    found, same = ig.lift(SERIES, start=START, days=5), ig.series_lift(SERIES, start=START, days=5)
    assert (found.total, found.p, found.digest) == (same.total, same.p, same.digest)
    given = {"start": START, "days": 5, "treated": ["a", "b"], "exposed": ["c"]}
    found, same = ig.lift(PANEL, **given), ig.panel_lift(PANEL, **given)
    assert (found.total, found.p, found.left_out) == (same.total, same.p, ("c",))


@pytest.mark.parametrize(
    ("records", "given", "message"),
    [
        (SERIES, {"treated": "a"}, "no column 'unit', and units are named"),
        (SERIES, {"exposed": ["a"]}, "no column 'unit', and units are named"),
        (SERIES, {"start": {"a": START}}, "no column 'unit', and units are named"),
        (SERIES, {"start": 40}, "start is the number 40"),
        (SERIES, {"options": ig.PanelLiftParameters()}, "options is a PanelLiftParameters"),
        (PANEL, {}, "the design cannot be told"),
        (PANEL, {"treated": "a", "controls": ["b"]}, "controls are columns beside one series"),
        (PANEL, {"treated": "a", "start": {"a": START}}, "treated is given beside a start for each unit"),
        (PANEL, {"start": {"a": None}}, "no unit has a start within the dates"),
        (PANEL, {"treated": "a", "options": ig.SeriesLiftParameters()}, "options is a SeriesLiftParameters"),
    ],
)
def test_what_cannot_be_told_or_does_not_fit_is_refused_in_one_line(records, given, message):
    with pytest.raises(ig.InputError, match=message) as refused:
        ig.lift(records, **({"start": START, "days": 5} | given))
    assert refused.value.remedy
    assert "\n" not in str(refused.value)


def test_a_unit_that_is_not_in_the_records_is_not_found():
    with pytest.raises(ig.NotFound, match="'z' is none of the 6 units"):
        ig.lift(PANEL, start={"z": START}, days=5)
