"""From a file as people have it to the first answer: the commands, counted, and the figures as pandas has them."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Outcome, Run, run  # noqa: F401 - the fixture
from tests.ingest.realistic import expected
from tests.ingest.realistic.expected import HERE

STATED = {"BRAND": "foerde", "ZONE": "Europe/Berlin"}
DIRECT = {
    "orders.csv": "--as interactions --encoding cp1252 --map event_id=digest --map at='Bestelldatum format %d/%m/%Y'"
    " --map consumer=E-Mail --map value='Gesamtbetrag decimal ,' --set kind=purchase",
    "tickets.csv": "--as interactions --map event_id='Ticket # prefix ticket-' --map at=created"
    " --map consumer='requester email' --set kind='support ticket'",
    "followers.csv": "--as people --map id=Username --map name='Full name' --map followers='Followers decimal .'"
    " --map city=City --map joined=Joined",
}


class Session:
    """Commands in a folder with one file, counted."""

    def __init__(self, runs: Run, folder: Path, name: str) -> None:
        shutil.copy(HERE / name, folder / name)
        self.run, self.name, self.count = runs, name, 0

    def __call__(self, command: str) -> Outcome:
        words = shlex.split(command)
        assert words.pop(0) == "influence-graph"
        self.count += 1
        done = self.run(*words)
        assert done.code == 0, done.err
        return done

    def with_inspect(self) -> Outcome:
        """Do what `inspect` says, with the gaps filled, up to a report of `ingest`."""
        shown = json.loads(self(f"influence-graph inspect {self.name} --format json").out)
        asked = {question["about"] for question in shown["questions"]}
        assert asked <= {"brand", "--timezone"}
        command = shown["next"]
        while not command.startswith("influence-graph ingest"):
            told = self(command).out
            command = told.partition("Next: ")[2].strip()
        for gap, answer in STATED.items():
            command = command.replace(gap, answer)
        return self(command)

    def stored(self, kind: str) -> pd.DataFrame:
        table = pd.DataFrame(self.run("export", kind, "--format", "jsonl").rows)
        return table.assign(at=pd.to_datetime(table["at"], utc=True)) if "at" in table else table


def _same(stored: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """Compare the columns of *wanted*, rows in any order."""
    columns = list(wanted.columns)
    left = stored[columns].sort_values(columns).reset_index(drop=True)
    right = wanted.sort_values(columns).reset_index(drop=True)
    pd.testing.assert_frame_equal(left, right, check_dtype=False)


def test_orders(run: Run, tmp_path: Path) -> None:  # noqa: F811
    session, wanted = Session(run, tmp_path, "orders.csv"), expected.orders()
    report = session.with_inspect().rows[0]
    brand = session("influence-graph brand foerde --format jsonl").rows[0]
    assert session.count == 3
    assert (report["inserted"], report["rejected"]) == (len(wanted), 2)
    _same(session.stored("interactions"), wanted)
    profit = brand["profit"]
    assert profit["orders"] == len(wanted)
    assert profit["value"] == pytest.approx(wanted["value"].sum())
    assert profit["count"] == wanted["consumer"].nunique()
    assert profit["per_order"]["value"] == pytest.approx(wanted["value"].mean())


def test_tickets(run: Run, tmp_path: Path) -> None:  # noqa: F811
    session, wanted = Session(run, tmp_path, "tickets.csv"), expected.tickets()
    report = session.with_inspect().rows[0]
    brand = session("influence-graph brand foerde --format jsonl").rows[0]
    assert session.count == 3
    assert (report["inserted"], report["rejected"]) == (len(wanted), 2)
    _same(session.stored("interactions"), wanted)
    assert brand["unknown_kinds"] == {"support ticket": len(wanted)}
    assert brand["health"]["count"] == wanted["consumer"].nunique()


def test_survey(run: Run, tmp_path: Path) -> None:  # noqa: F811
    session, wanted = Session(run, tmp_path, "survey.csv"), expected.survey()
    report = session.with_inspect().rows[0]
    brand = session("influence-graph brand foerde --format jsonl").rows[0]
    assert session.count == 4  # those who gave no score are left out, which takes a file
    assert (report["inserted"], report["rejected"]) == (len(wanted), 2)
    stored = session.stored("interactions")
    _same(stored, wanted)
    assert stored["valence"].mean() == pytest.approx(wanted["valence"].mean())
    engagement = next(row for row in brand["judgment"]["touchpoints"] if row["touchpoint"] == "engagement")
    assert engagement["positive"] == (wanted["valence"] > 0).sum()
    assert engagement["neutral"] == (wanted["valence"] == 0).sum()
    assert engagement["negative"] == (wanted["valence"] < 0).sum()
    assert engagement["mean"] == pytest.approx(wanted["valence"].mean())


def test_followers(run: Run, tmp_path: Path) -> None:  # noqa: F811
    session, wanted = Session(run, tmp_path, "followers.csv"), expected.followers()
    report = session.with_inspect().rows[0]
    assert session.count == 2
    stored = session.stored("people")
    assert report["inserted"] == len(stored) == len(wanted)
    _same(stored, wanted)
    assert stored["followers"].sum() == wanted["followers"].sum()


@pytest.mark.parametrize("name", list(DIRECT))
def test_without_inspect_it_is_one_command_less(run: Run, tmp_path: Path, name: str) -> None:  # noqa: F811
    session = Session(run, tmp_path, name)
    brand = "" if name == "followers.csv" else " --set brand=foerde"
    session(f"influence-graph ingest {name} {DIRECT[name]}{brand} --timezone Europe/Berlin")
    if brand:
        assert session("influence-graph brand foerde --format jsonl").rows[0]["health"]["count"]
    assert session.count == (2 if brand else 1)
    wanted = getattr(expected, name.removesuffix(".csv"))()
    _same(session.stored("people" if name == "followers.csv" else "interactions"), wanted)
