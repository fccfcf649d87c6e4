"""``ingest`` of files with columns of other names, and ``presets``: exit codes, notes, refusals without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.ingest.presets import presets
from tests.cli.commands.conftest import Call

ORDERS = "Order;Email;Created at;Total\n1;ann;14/07/2025;8,50\n2;bob;15/07/2025;1.200,00\n3;;15/07/2025;3\n"
SHOP = """kind = "interactions"
timezone = "Europe/Berlin"
[skip]
Email = [""]
[fields]
event_id = {column = "Order", prefix = "shop-"}
consumer = "Email"
at = {column = "Created at", format = "%d/%m/%Y"}
value = {column = "Total", decimal = ","}
kind = {constant = "purchase"}
[ask]
brand = "the brand of the shop"
"""
MAPS = (
    "--map",
    "event_id=Order",
    "--map",
    "consumer=Email",
    "--map",
    "at=Created at format %d/%m/%Y",
    "--set",
    "brand=b",
)


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "shop.toml").write_text(SHOP)


def test_a_mapping_file_and_what_it_asks_for(empty: Call) -> None:
    done = empty("ingest", "orders.csv", "--mapping", "shop.toml", "--set", "brand=acme", "--format", "jsonl")
    (row,) = done.rows
    assert (done.code, row["rows"], row["inserted"], row["rejected"]) == (0, 2, 2, 0)
    assert "orders.csv: 1 row skipped: Email is empty" in done.err
    assert "columns ignored" not in done.err
    stored = {each["event_id"]: each["value"] for each in empty("export", "interactions", "--format", "jsonl").rows}
    assert stored == {"shop-1": 8.5, "shop-2": 1200.0}
    again = empty("ingest", "orders.csv", "--mapping", "shop.toml", "--set", "brand=acme", "--format", "jsonl")
    assert again.rows[0]["unchanged"] == 2


def test_columns_are_mapped_on_the_command_line(empty: Call, tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("1;ann;x;14/07/2025\n")
    options = ("--no-header", "--columns", "n,who,x,day", "--delimiter", ";", "--timezone", "UTC", "--format", "jsonl")
    maps = ("--map", "event_id=n", "--map", "consumer=who", "--map", "at=day format %d/%m/%Y", "--set", "brand=acme")
    done = empty("ingest", "bare.csv", *options, *maps)
    assert (done.code, done.rows[0]["inserted"]) == (0, 1)
    (stored,) = empty("export", "interactions", "--format", "jsonl").rows
    assert (stored["consumer"], stored["at"], stored["brand"]) == ("ann", "2025-07-14T00:00:00Z", "acme")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--mapping", "shop.toml"), 2, "needs the brand of the shop; state it: --set brand="),
        (("--mapping", "shop.toml", "--preset", "shopify-orders"), 2, "both --mapping and --preset"),
        (("--preset", "shopify-order"), 1, "no preset 'shopify-order'; did you mean 'shopify-orders'"),
        (("--preset", "shopify-orders", "--set", "brand=acme"), 1, "is no shopify-orders: it lacks 'Name'"),
        (("--mapping", "none.toml"), 1, "cannot read the mapping none.toml"),
        ((*MAPS, "--map", "at=Day"), 2, "at is given by --map at=Created at format %d/%m/%Y too"),
        ((*MAPS, "--map", "value=Totl"), 2, "orders.csv has no column 'Totl'; did you mean 'Total'?"),
        ((*MAPS, "--map", "valu=Total"), 2, "no field 'valu'; did you mean 'value'"),
        ((*MAPS, "--map", "value=Total scale 0..5"), 2, "value has no scale"),
        ((*MAPS, "--columns", "a,b"), 2, "add --no-header"),
        ((*MAPS, "--delimiter", ";;"), 2, "one character"),
        ((), 1, "influence-graph inspect orders.csv"),
    ],
)
def test_what_does_not_fit_is_one_line_and_nothing_is_stored(
    empty: Call, tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    refused = empty("ingest", "orders.csv", *arguments)
    assert refused.code == code
    assert message in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert not any(path.name not in ("orders.csv", "shop.toml") for path in tmp_path.iterdir())


def test_a_format_that_fits_no_row_is_no_success(empty: Call) -> None:
    maps = [text.replace("%d/%m", "%d.%m") for text in MAPS]
    done = empty("ingest", "orders.csv", *maps, "--timezone", "UTC")
    assert done.code == 1
    assert "orders.csv: all 3 rows were rejected: Created at '14/07/2025' " in done.err


def test_all_rows_rejected_is_no_success(empty: Call, tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("source,target,kind\nann,june,retweet\n")
    done = empty("ingest", "ties.csv")
    assert done.code == 1
    assert "its only row was rejected: kind 'retweet' " in done.err.strip().splitlines()[-1]


def test_presets_are_listed_with_what_must_be_stated(empty: Call) -> None:
    rows = {row["name"]: row for row in empty("presets", "--format", "jsonl").rows}
    assert list(rows) == list(presets())
    assert rows["shopify-orders"]["asks"] == "brand"
    assert all(row["source"].startswith("https://") for row in rows.values())
