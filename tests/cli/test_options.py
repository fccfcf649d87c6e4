"""Options: types, defaults of the parameters, and lengths of time in one form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.cli.options import DurationType, SizeType, TimeType, parameter, several, shown, store_option
from influence_graph.errors import InputError
from influence_graph.stores.base import QUERY_SECONDS, WAIT_SECONDS, Store
from influence_graph.stores.embedded.connection import LOCK_WAIT_SECONDS
from influence_graph.stores.embedded.store import EmbeddedStore
from influence_graph.stores.neo4j.store import Neo4jStore


@dataclass(frozen=True)
class Sample:
    rate: float = 0.5
    wait: timedelta = timedelta(hours=36)
    limit: int | None = None
    file: Path | None = None
    since: datetime | None = None


@click.command()
@several(*(parameter(Sample, name, help="x") for name in ("rate", "wait", "limit", "file", "since")))
def sample(**options: object) -> None:
    click.echo(repr(Sample(**options)))  # type: ignore[arg-type]


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(sample, list(arguments))
    return done.output.strip()


def test_an_option_has_the_default_and_the_type_of_its_field() -> None:
    assert invoke() == repr(Sample())
    assert invoke("--wait", "2d", "--limit", "3") == repr(Sample(wait=timedelta(days=2), limit=3))
    assert "'soon' is not a duration" in invoke("--wait", "soon")
    shown_help = CliRunner().invoke(sample, ["--help"]).output
    assert "[default: 0.5]" in shown_help
    assert "[default: 36h]" in shown_help
    assert shown_help.index("--rate") < shown_help.index("--since")


@given(st.integers(0, 10**6))
def test_a_length_of_time_reads_as_it_is_shown(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert DurationType().convert(shown(span), None, None) == span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30d", timedelta(days=30)),
        ("36h", timedelta(hours=36)),
        ("1.5h", timedelta(minutes=90)),
        ("0s", timedelta(0)),
        (" 5m ", timedelta(minutes=5)),
    ],
)
def test_lengths_of_time(text: str, span: timedelta) -> None:
    assert DurationType().convert(text, None, None) == span


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "1w", "nand", "1e999d", "3 days"])
def test_what_is_no_length_of_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(click.BadParameter, match="write for example 30d, 36h"):
        DurationType().convert(text, None, None)


def test_a_number_alone_has_a_unit_only_where_one_is_agreed() -> None:
    assert DurationType("d").convert("180", None, None) == timedelta(days=180)
    assert DurationType("s").convert("2.5", None, None) == timedelta(seconds=2.5)


@pytest.mark.parametrize(("text", "size"), [("500M", 500 << 20), ("2G", 2 << 30), ("1.5kb", 1536), ("7", 7)])
def test_sizes(text: str, size: int) -> None:
    assert SizeType().convert(text, None, None) == size


@given(st.integers(0, 1 << 45))
def test_a_size_is_shown_as_it_is_read(size: int) -> None:
    assert SizeType().convert(SizeType.shown(size), None, None) == size


@pytest.mark.parametrize(("size", "text"), [(2 << 30, "2G"), (1536 << 20, "1536M"), (7, "7")])
def test_a_size_is_shown_in_the_largest_unit_that_fits(size: int, text: str) -> None:
    assert SizeType.shown(size) == text


def test_a_date_is_its_start_in_utc() -> None:
    assert TimeType().convert("2026-06-01", None, None) == datetime(2026, 6, 1, tzinfo=UTC)
    with pytest.raises(click.BadParameter, match="ISO 8601"):
        TimeType().convert("yesterday", None, None)


@click.command()
@store_option
def waiting(store: Store) -> None:
    """Show how long a store is waited for: the lock of a folder, or a server and a query of it."""
    if isinstance(store, Neo4jStore):
        click.echo(f"{store.database.patience.seconds:g} {store._query_seconds:g}")
    else:
        assert isinstance(store, EmbeddedStore)
        click.echo(f"{store._lock_wait:g}")


@pytest.mark.parametrize(
    ("arguments", "folder", "server"),
    [
        ("", f"{LOCK_WAIT_SECONDS:g}", f"{WAIT_SECONDS:g} {QUERY_SECONDS:g}"),
        ("--timeout 30", "30", "30 30"),
        ("--timeout 2m", "120", "120 120"),
    ],
)
def test_a_store_is_opened_with_the_timeout_wherever_it_stands(arguments: str, folder: str, server: str) -> None:
    for url, expected in (("there", folder), ("bolt://localhost:1", server)):
        words = arguments.split()
        for each in ([*words, "--store", url], ["--store", url, *words]):
            assert CliRunner().invoke(waiting, each).output.strip() == expected
        if words:
            done = CliRunner().invoke(waiting, ["--store", url], env={"INFLUENCE_GRAPH_TIMEOUT": words[1]})
            assert done.output.strip() == expected


@pytest.mark.parametrize("value", ["0", "0s", "2d", "1e9", "-1", "nan", "soon"])
def test_a_timeout_out_of_its_limits_is_refused_before_a_store_is_opened(value: str) -> None:
    done = CliRunner().invoke(waiting, ["--store", "there", "--timeout", value])
    assert done.exit_code != 0
    assert "there" not in done.output
    assert isinstance(done.exception, (SystemExit, InputError))
