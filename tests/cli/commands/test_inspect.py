"""``inspect``: what it shows, what it writes, and that the commands it tells work."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from influence_graph.ingest.mapping.file import load_mapping
from tests.cli.conftest import Run

ORDERS = """Order No;Order Date;E-Mail;Total
1;14/07/2025;ann@example.org;1.234,50
2;15/07/2025;Ann@example.org;20,00
3;16/07/2025;sam@example.org;soon
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS * 1, encoding="utf-8")
    return file


def _more(file: Path, rows: int = 12) -> None:
    lines = "".join(f"{n};{n % 28 + 1:02}/07/2025;p{n % 5}@example.org;{n},50\n" for n in range(10, 10 + rows))
    file.write_text(ORDERS + lines, encoding="utf-8")


def test_it_shows_columns_rejects_questions_and_the_next_command(run: Run, orders: Path) -> None:
    _more(orders)
    done = run("inspect", "orders.csv")
    assert done.code == 0, done.err
    assert "delimiter semicolon" in done.out
    assert "purchase interactions" in done.out
    assert "at: format %d/%m/%Y" in done.out
    assert "value: decimal ," in done.out
    assert "14 would be stored, 1 rejected" in done.out
    assert "line 4: Total 'soon' is not a number" in done.out
    assert "1 id of people differs" in done.out
    assert "--set brand=BRAND" in done.out
    assert not (orders.parent / "influence-graph-data").exists()


def test_the_next_command_works_once_its_gaps_are_filled(run: Run, orders: Path) -> None:
    _more(orders)
    shown = json.loads(run("inspect", "orders.csv", "--format", "json").out)
    words = shlex.split(shown["next"].replace("=BRAND", "=acme").replace("ZONE", "Europe/Berlin"))
    done = run(*words[1:])
    assert done.code == 0, done.err
    assert done.rows[0]["inserted"] == 14
    assert done.rows[0]["rejected"] == shown["rejected"] == 1


def test_a_mapping_is_written_to_be_edited_and_never_over_another(run: Run, orders: Path, tmp_path: Path) -> None:
    _more(orders)
    done = run("inspect", "orders.csv", "-o", "shop.toml")
    assert done.code == 0, done.err
    assert "influence-graph ingest orders.csv --mapping shop.toml" in done.out
    text = (tmp_path / "shop.toml").read_text("utf-8")
    assert "# To be stated: Which brand" in text
    mapping = load_mapping(tmp_path / "shop.toml")
    assert mapping.kind == "interactions"
    assert mapping.fields["value"].notation.decimal == ","
    again = run("inspect", "orders.csv", "-o", "shop.toml")
    assert again.code == 2
    assert "--force" in again.err
    assert (tmp_path / "shop.toml").read_text("utf-8") == text
    assert run("inspect", "orders.csv", "-o", "shop.toml", "--force").code == 0
    stored = run("ingest", "orders.csv", "--mapping", "shop.toml", "--set", "brand=acme", "--timezone", "Europe/Berlin")
    assert stored.code == 0, stored.err
    assert stored.rows[0]["inserted"] == 14


def test_a_mapping_with_an_open_question_is_refused_with_the_remedy(run: Run, orders: Path) -> None:
    _more(orders)
    run("inspect", "orders.csv", "-o", "shop.toml")
    done = run("ingest", "orders.csv", "--mapping", "shop.toml", "--timezone", "UTC")
    assert done.code != 0
    assert "--set brand" in done.err
    assert not (orders.parent / "influence-graph-data").exists() or not run("export", "interactions").rows


def test_a_record_file_needs_no_mapping(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("source,target\nann,june\n")
    done = run("inspect", "ties.csv")
    assert done.out.rstrip().endswith("Next: influence-graph ingest ties.csv")


def test_a_record_file_with_other_dates_needs_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("brand,date,value\nacme,14.07.2025,1\nacme,15.07.2025,2\n")
    done = run("inspect", "sales.csv")
    assert '--map date="date format %d.%m.%Y"' in done.out
    words = shlex.split(done.out.partition("Next: ")[2])
    assert run(*words[1:]).rows[0]["inserted"] == 2


def test_a_file_of_nothing_known_is_an_honest_answer(run: Run, tmp_path: Path) -> None:
    (tmp_path / "products.csv").write_text("sku,price\n1,2\n2,3\n")
    done = run("inspect", "products.csv")
    assert done.code == 0
    assert "It cannot be told what it is" in done.out
    refused = run("inspect", "products.csv", "-o", "m.toml")
    assert refused.code == 2
    assert not (tmp_path / "m.toml").exists()


def test_what_is_stated_is_not_asked(run: Run, orders: Path) -> None:
    _more(orders)
    done = run("inspect", "orders.csv", "--set", "brand=acme", "--timezone", "UTC")
    assert "To be stated" not in done.out
    words = shlex.split(done.out.partition("Next: ")[2])
    assert run(*words[1:]).rows[0]["inserted"] == 14


def test_a_column_that_is_not_there_is_named(run: Run, orders: Path) -> None:
    done = run("inspect", "orders.csv", "--map", "at=Ordr Date")
    assert done.code != 0
    assert "'Order Date'" in done.err
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize(("name", "content"), [("none.csv", None), ("empty.csv", "")])
def test_files_that_cannot_be_read(run: Run, tmp_path: Path, name: str, content: str | None) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    done = run("inspect", name)
    assert done.code == 1
    assert len(done.err.strip().splitlines()) == 1


def test_a_network_is_for_another_command(run: Run, tmp_path: Path) -> None:
    (tmp_path / "net.graphml").write_text("<graphml/>")
    done = run("inspect", "net.graphml")
    assert done.code == 1
    assert "influence-graph import edges net.graphml" in done.err
    (tmp_path / "edges.txt").write_text("1 2\n2 3\n3 1\n")
    assert "influence-graph import edges edges.txt" in run("inspect", "edges.txt").out


def test_ambiguous_dates_are_asked_and_the_command_has_a_gap(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"{n},0{n % 9 + 1}/04/2025,p{n}@example.org\n" for n in range(1, 9))
    (tmp_path / "orders.csv").write_text(f"Order No,Order Date,Email\n{rows}")
    done = run("inspect", "orders.csv")
    assert "can be read in two ways" in done.out
    assert "--map at=…" in done.out
    words = shlex.split(done.out.partition("Next: ")[2].replace("BRAND", "acme").replace("ZONE", "UTC"))
    refused = run(*words[1:])
    assert refused.code != 0
    assert "…" in refused.err
