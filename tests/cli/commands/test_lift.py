"""The commands of lift, as a user runs them on the story and on files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.commands.conftest import Call

DATES = pd.date_range("2026-01-05", periods=100)


@pytest.fixture
def files(empty: Call, tmp_path: Path) -> Call:
    rng = np.random.default_rng(2)
    shops = [
        pd.DataFrame(
            {
                "unit": unit,
                "date": DATES.date,
                "value": 50 + 5 * np.sin(np.arange(100)) + rng.normal(0, 2, 100) + rise * (DATES >= "2026-03-30"),
            }
        )
        for unit, rise in {"north": 8.0, "south": 0.0, "east": 0.0, "west": 0.0, "a=b": 0.0, "far": 0.0}.items()
    ]
    frame = pd.concat(shops)
    frame.to_csv(tmp_path / "shops.csv", index=False)
    frame[frame["unit"] == "north"].drop(columns="unit").to_parquet(tmp_path / "days.parquet", index=False)
    return empty


def test_the_concert_sold_sweaters(call: Call, tmp_path: Path) -> None:
    shown = call("lift", "campaign", "concert", "--format", "table", "--plot", "concert.svg")
    assert shown.code == 0, shown.err
    assert shown.out.startswith("Sales of Harbour Knitwear (sweater) after the concert concert in Riverton: higher")
    assert "over the 14 declared days from 2026-06-06" in shown.out
    assert "It began on day 1 (1 to 1)" in shown.out
    assert "2026-06-19" in shown.out
    assert "2026-06-05" not in shown.out
    assert "Not compared with Northport (ties to the treated)." in shown.err
    assert "Harbour Knitwear" in (tmp_path / "concert.svg").read_text("utf-8")


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "parquet"])
def test_every_format_says_the_same(call: Call, tmp_path: Path, format_: str) -> None:
    shown = call("lift", "campaign", "concert", "--format", format_)
    if format_ in ("json", "jsonl"):
        found = json.loads(shown.out)
        assert (found["status"], found["brand_name"], found["day"]) == ("higher", "Harbour Knitwear", "2026-06-06")
        assert found["daily"][-1]["date"] == "2026-06-19"
        assert found["low"] < found["total"] < found["high"]
    elif format_ == "csv":
        lines = shown.out.splitlines()
        assert lines[0].startswith("campaign,brand,brand_name,date,day,actual,counterfactual")
        assert lines[-1].startswith("concert,sweater,Harbour Knitwear,2026-06-19,13,")
    else:
        assert shown.code == 0


def test_a_series_and_a_panel_come_from_files(files: Call, tmp_path: Path) -> None:
    when = ("--start", "2026-03-30", "--days", "14")
    one = json.loads(files("lift", "panel", "days.parquet", *when, "--format", "json").out)
    assert one["status"] == "higher"
    assert one["parameters"]["design"].startswith("one series")
    few = files("lift", "panel", "shops.csv", "--treated", "north", "--exposed", "far", *when, "--format", "json")
    found = json.loads(few.out)
    assert found["total"]["low"] <= 14 * 8 <= found["total"]["high"]
    assert "Left out, since they met the event, too: far." in found["sentences"]
    table = files("lift", "panel", "shops.csv", "--treated", "north", *when, "--format", "table", "--plot", "p.png")
    assert "2026-04-12" in table.out
    assert "2026-03-29" not in table.out
    assert (tmp_path / "p.png").stat().st_size > 1000
    rows = files("lift", "panel", "shops.csv", "--treated", "north", *when, "--format", "csv").out.splitlines()
    assert rows[1].startswith("2026-01-05,false,")


def test_units_with_dates_of_their_own_are_staggered_or_one_panel(files: Call) -> None:
    def design(*treated: str) -> str:
        words = [word for each in treated for word in ("--treated", each)]
        done = files("lift", "panel", "shops.csv", *words, "--days", "14", "--format", "jsonl")
        assert done.code == 0, done.err
        return str(json.loads(done.out)["parameters"]["design"])

    assert design("north=2026-03-30", "south=2026-03-30") == "few treated: 2 units, all from one date on"
    dated = ("north=2026-03-30", "south=2026-03-30", "east=2026-03-23", "west=2026-03-23")
    assert design(*dated) == "staggered: 4 units begin on 2 dates"
    assert design("a=b=2026-03-30") == "few treated: 1 unit, all from one date on"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("shops.csv --start 2026-03-30", "none is named as treated; name each: --treated UNIT"),
        ("shops.csv --treated north", "no first day; give --start DATE, or --treated UNIT=DATE"),
        ("shops.csv --treated north --treated south=2026-03-30", "'north' has no first day"),
        ("shops.csv --treated far=2026-03-30 --treated far=2026-03-31", "'far' is given twice"),
        ("shops.csv --treated nort --start 2026-03-30", "did you mean 'north'"),
        ("days.parquet --treated north=2026-03-30", "no column 'unit'"),
        ("days.parquet --start 2026-04-10", "the last declared day is 2026-04-23"),
        ("days.parquet --start 2026-01-05", "is not after the first day"),
        ("missing.csv --start 2026-01-05", "missing.csv"),
        ("days.parquet --start soon", "soon"),
        ("days.parquet --start 2026-03-30 --plot x.gif", "x.gif is no plot"),
    ],
)
def test_what_a_file_does_not_allow_is_one_line(files: Call, arguments: str, words: str) -> None:
    done = files("lift", "panel", *arguments.split(), "--days", "14")
    assert done.code in (1, 2)
    assert words in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("campaign concrt", 1, "did you mean 'concert'"),
        ("campaign annie-free-pair", 2, "the brand 'sneakers' has no sales in"),
        ("campaign concert --days 20", 2, "28 days before the event on 2026-06-06, must be at least 40"),
        ("campaign concert --outcome wearr", 1, "did you mean 'wear'"),
        ("campaign concert --exposed 0%", 2, "exposed is 0"),
        ("campaign concert --exposed much", 2, "'much' is not a share; write for example 10% or 0.1"),
        ("plan --brand sweter", 1, "did you mean 'sweater'"),
        ("plan --brand sneakers", 2, "has no sales"),
        ("plan --brand sweater --effect -5%", 2, "effect is -0.05"),
        ("calibrate --days 0", 2, "--days"),
    ],
)
def test_what_cannot_be_asked_of_a_store_is_one_line(call: Call, arguments: str, code: int, words: str) -> None:
    done = call("lift", *arguments.split())
    assert (done.code, words in done.err) == (code, True), done.err
    assert done.out == ""


def test_a_percentage_and_a_part_are_the_same(call: Call) -> None:
    texts = [
        call("lift", "plan", "--brand", "sweater", "--effect", each, "--format", "json").out for each in ("20%", "0.2")
    ]
    assert texts[0] == texts[1]
    found = json.loads(texts[0])
    assert found["parameters"]["effect"] == 0.2
    assert found["power"] is not None
    assert found["segments"] == []


def test_the_plan_shows_which_segments_to_hold_out(empty: Call) -> None:
    small = ("--people", "400", "--segments", "8", "--brands", "2", "--days", "120", "--seed", "3")
    assert empty("import", "market", *small).code == 0
    shown = empty("lift", "plan", "--brand", "b1", "--format", "table", "--plot", "plan.svg")
    assert shown.code == 0, shown.err
    assert "To hold a segment out, begin with town" in shown.out
    assert len([line for line in shown.out.splitlines() if "  town" in line]) == 8
    rows = empty("lift", "plan", "--brand", "b1", "--format", "csv").out.splitlines()
    assert rows[0] == "rank,segment,per_day,follows,people,seeing,share"
    assert len(rows) == 9


def test_of_three_campaigns_it_cannot_be_told_what_a_point_is_worth(call: Call) -> None:
    shown = call("lift", "calibrate", "--days", "7", "--format", "table")
    assert shown.code == 0, shown.err
    assert "What a point is worth cannot be told:" in shown.out
    assert "Harbour Knitwear" in shown.out
    found = json.loads(call("lift", "calibrate", "--days", "7", "--format", "json").out)
    assert found["per_point"] is None
    assert [each["campaign"] for each in found["campaigns"]] == ["annie-free-pair", "concert", "fish-apology"]
