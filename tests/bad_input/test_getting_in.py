"""Mappings, presets and files that do not fit: one line each on the command line, and nothing stored."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from influence_graph.cli.main import main
from influence_graph.errors import InfluenceGraphError
from influence_graph.ingest.readers import workbook

ORDERS = "Order ID,Order date,Email,Shop,Total\n1,25/02/2025,ann@x.de,acme,8\n2,26/04/2025,bob@x.de,acme,1\n"
NAMED = ("--as", "interactions", "--map", "event_id=Order ID", "--map", "consumer=Email", "--map", "brand=Shop")
ZONE = ("--timezone", "UTC")
TOML = 'kind = "interactions"\n[fields]\nevent_id = "Order ID"\nat = "{at}"\nconsumer = "Email"\nbrand = "Shop"\n'
MIXED = (
    ORDERS.encode() + "3,27/04/2025,zoë@x.de,acme,1\n".encode() + "4,28/04/2025,bjørn@x.de,acme,1\n".encode("latin-1")
)
FILES: dict[str, bytes] = {
    "orders.csv": ORDERS.encode(),
    "both.csv": ORDERS.replace("25/", "02/").replace("26/", "03/").encode(),
    "twice.csv": ORDERS.replace("Shop", "Email").encode(),
    "mixed.csv": MIXED,
    "latin.csv": "Order ID,Order date,Email,Shop,Total\n1,25/02/2025,bjørn@x.de,acme,8\n".encode("latin-1"),
    "tickets.csv": b"Ticket,Opened\n1,2\n",
    "near.toml": TOML.format(at="Order dtae").encode(),
    "twice.toml": (TOML.format(at="Order date") + 'at = "Email"\n').encode(),
    "unknown.toml": (TOML.format(at="Order date") + 'brnad = "Shop"\n').encode(),
    "broken.toml": b"kind = \n",
    "locked.xlsx": workbook.OLE_MAGIC + bytes(1000) + workbook._ENCRYPTED + bytes(5000),
}
CASES: dict[str, tuple[tuple[str, ...], str]] = {
    "a field mapped twice": (("orders.csv", *NAMED, "--map", "brand=Email"), "brand is given by"),
    "a field twice in a file": (("orders.csv", "--mapping", "twice.toml", *ZONE), "twice.toml"),
    "a missing column": (("orders.csv", *NAMED, "--map", "at=Order dtae"), "did you mean 'Order date'"),
    "a missing column of a file": (("orders.csv", "--mapping", "near.toml"), "did you mean 'Order date'"),
    "an unknown field": (("orders.csv", *NAMED, "--map", "att=Order date"), "did you mean 'at'"),
    "an unknown field of a file": (("orders.csv", "--mapping", "unknown.toml"), "did you mean 'brand'"),
    "no TOML": (("orders.csv", "--mapping", "broken.toml"), "broken.toml"),
    "a column that is there twice": (
        ("twice.csv", *NAMED[:-1], "brand=Total", "--map", "at=Order date"),
        "more than once",
    ),
    "a format that fits no row": (
        ("orders.csv", *NAMED, "--map", "at=Order date format %Y.%m.%d", *ZONE),
        "all 2 rows were rejected: Order date '25/02/2025' is not in the format",
    ),
    "a format that is none": (("orders.csv", *NAMED, "--map", "at=Order date format %Q", *ZONE), "%Q"),
    "times in two orders": (("both.csv", *NAMED, "--map", "at=Order date", *ZONE), "all 2 rows were rejected"),
    "a field that is not said": (("orders.csv", *NAMED), "at"),
    "a preset for another file": (("orders.csv", "--preset", "shopify-orders", "--set", "brand=x"), "it lacks"),
    "an unknown preset": (("orders.csv", "--preset", "shopify"), "shopify-orders"),
    "two encodings": (("mixed.csv", *NAMED, "--map", "at=Order date format %d/%m/%Y", *ZONE), "mixes encodings"),
    "two encodings, one stated": (
        ("mixed.csv", *NAMED, "--map", "at=Order date format %d/%m/%Y", *ZONE, "--encoding", "cp1252"),
        "mixes encodings",
    ),
    "an encoding that is none": (("latin.csv", *NAMED, "--encoding", "cp125"), "did you mean"),
    "another encoding": (
        ("latin.csv", *NAMED, "--map", "at=Order date format %d/%m/%Y", *ZONE),
        "--encoding cp1252",
    ),
    "an encrypted workbook": (("locked.xlsx",), "encrypted"),
    "a table of something else": (("tickets.csv",), "matches no kind of record"),
    "a scale of what has none": (
        ("orders.csv", *NAMED, "--map", "at=Order date", "--map", "value=Total scale 0..10"),
        "scale",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("INFLUENCE_GRAPH_")]:
        monkeypatch.delenv(name)
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("case", CASES)
def test_what_does_not_fit_gets_one_line_and_stores_nothing(folder: Path, case: str) -> None:
    arguments, said = CASES[case]
    done = CliRunner().invoke(main, ["ingest", *arguments, "--store", "store"])
    error = done.exception
    if isinstance(error, InfluenceGraphError):
        assert error.exit_code
        shown = str(error)
    else:
        assert isinstance(error, SystemExit), error
        assert done.exit_code
        shown = done.stderr.strip().splitlines()[-1]
    assert said in shown
    assert "\n" not in shown
    counted = CliRunner().invoke(main, ["export", "interactions", "--store", "store", "--format", "jsonl"])
    assert not counted.stdout.strip()


def test_inspect_asks_which_of_two_date_orders_is_meant(folder: Path) -> None:
    done = CliRunner().invoke(main, ["inspect", str(folder / "both.csv")])
    assert done.exit_code == 0, done.output
    assert "can be read in two ways" in done.stdout
    assert "%d/%m/%Y" in done.stdout
    assert "%m/%d/%Y" in done.stdout
