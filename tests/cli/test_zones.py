"""Days and times in the zone that the user asks for; the same instants, whatever the zone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from influence_graph.cli.zones import in_zone, local
from tests.cli.conftest import Run

BERLIN = ZoneInfo("Europe/Berlin")
LATE = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)  # the first of February in Berlin
EVENTS = "event_id,at,consumer,brand,kind,points\ngig,2026-01-31T23:30:00Z,singer,sweater,concert,3\n"
ZONE = ("--timezone", "Europe/Berlin")


@dataclass(frozen=True)
class Result:
    at: datetime
    frame: pd.DataFrame
    parts: tuple[dict[str, datetime], ...]
    note: str = "31 January"


def test_every_time_in_a_result_moves_and_nothing_else() -> None:
    frame = pd.DataFrame({"at": pd.to_datetime([LATE]), "day": pd.to_datetime(["2026-01-31"]), "text": ["x"]})
    frame.attrs["kept"] = True
    moved = in_zone(Result(LATE, frame, ({"at": LATE},)), BERLIN)
    assert (moved.at, moved.at.day, moved.parts[0]["at"].month, moved.note) == (LATE, 1, 2, "31 January")
    assert moved.frame["at"].dt.day.tolist() == [1]
    assert moved.frame["day"].equals(frame["day"])
    assert moved.frame.attrs == {"kept": True}
    assert frame["at"].dt.day.tolist() == [31]


def test_what_holds_no_time_is_given_back_as_it_is() -> None:
    for value in (3, "x", None, [1, 2], {"a": 1}, pd.DataFrame({"a": [1]}), datetime(2026, 1, 1)):
        assert in_zone(value, BERLIN) is value
    assert pd.isna(in_zone(pd.NaT, BERLIN))
    assert local(LATE) is LATE  # no command runs


def test_a_column_of_mixed_objects_moves_time_by_time() -> None:
    frame = in_zone(pd.DataFrame({"value": pd.Series([LATE, "x", None], dtype=object)}), BERLIN)
    assert frame["value"][0].day == 1
    assert frame["value"][1:].tolist() == ["x", None]


@pytest.fixture
def loaded(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "events.csv").write_text(EVENTS)
    assert run("ingest", "events.csv").code == 0
    return run


def test_the_first_of_february_in_berlin_is_told_as_such(loaded: Run, tmp_path: Path) -> None:
    utc = loaded("explain", "singer", "sweater", "--format", "table").out
    assert "on 2026-01-31" in utc
    shown = loaded("explain", "singer", "sweater", *ZONE, "--format", "table", "--plot", "plot.svg").out
    assert "on 2026-02-01" in shown
    assert "2026-02-01 00:30" in shown
    assert "2026-01-31" not in shown
    drawn = (tmp_path / "plot.svg").read_text()
    assert "time (Europe/Berlin)" in drawn
    assert "2026-02-01 +3 concert" in drawn


def test_files_keep_the_instant_with_the_offset_of_the_zone(loaded: Run) -> None:
    rows = {
        zone: loaded("explain", "singer", "sweater", "--timezone", zone).rows[0]["at"] for zone in ("UTC", BERLIN.key)
    }
    assert rows == {"UTC": "2026-01-31T23:30:00Z", BERLIN.key: "2026-02-01T00:30:00+01:00"}
    csv = loaded("explain", "singer", "sweater", *ZONE, "--format", "csv").out
    assert "2026-02-01T00:30:00+01:00" in csv


def test_pages_and_notes_tell_days_of_the_zone_and_the_environment_names_it_too(loaded: Run, tmp_path: Path) -> None:
    environment = {"INFLUENCE_GRAPH_TIMEZONE": "Europe/Berlin"}
    assert "as of 2026-02-01 00:30 CET" in loaded("score", **environment).err
    record = json.loads(loaded("brand", "sweater", "-o", "brand.html", "--format", "json", **environment).out)
    assert record["as_of"] == "2026-02-01T00:30:00+01:00"
    assert loaded("report", "-o", "report.html", **environment).code == 0
    for name in ("brand", "report"):
        page = (tmp_path / f"{name}.html").read_text()
        assert "2026-02-01 00:30 CET" in page
        told = re.sub(r"<code>.*?</code>", "", page, flags=re.DOTALL)  # commands hold in any zone
        assert "2026-01-31" not in told


@pytest.mark.parametrize(
    ("zone", "remedy"),
    [
        ("Europ/Berlyn", "did you mean 'Europe/Berlin'"),
        ("berlin", "did you mean 'Europe/Berlin'?"),
        ("New York", "did you mean 'America/New_York'?"),
        ("12", "use an IANA name such as Europe/Berlin"),
    ],
)
def test_an_unknown_zone_is_refused_in_one_line_with_the_nearest_names(loaded: Run, zone: str, remedy: str) -> None:
    for arguments, environment in ((("--timezone", zone), {}), ((), {"INFLUENCE_GRAPH_TIMEZONE": zone})):
        outcome = loaded("score", *arguments, **environment)
        assert outcome.code != 0
        assert outcome.out == ""
        assert outcome.err.count("\n") == 1
        assert f"no time zone is named {zone!r}; {remedy}" in outcome.err
