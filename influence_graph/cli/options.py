"""Options that several commands share, each declared once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from influence_graph.model.policy import FusionPolicy
    from influence_graph.model.touchpoints import TouchpointTable
    from influence_graph.stores.base import Store

Command = TypeVar("Command", bound=Callable[..., Any])
FORMATS = ("table", "csv", "json", "jsonl", "parquet")


class StoreType(click.ParamType["Store"]):
    """A store address, opened when a command asks for it."""

    name = "store"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Store:
        """Return the store at *value*."""
        del param
        if not isinstance(value, str):
            return cast("Store", value)
        from influence_graph.app.stores import open_store

        allowed = ctx is not None and bool(ctx.find_root().params.get("allow_remote_plaintext"))
        return open_store(value, allow_remote_plaintext=allowed)


class TimeType(click.ParamType[datetime]):
    """An ISO 8601 time; a date means its start, and no zone means UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return *value* as a time with a zone."""
        if isinstance(value, datetime):
            return value
        try:
            time = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"{value!r} is not an ISO 8601 time; write for example 2026-06-01 or 2026-06-01T12:00Z", param, ctx
            )
        return time if time.tzinfo else time.replace(tzinfo=UTC)


store_option = click.option(
    "--store",
    type=StoreType(),
    envvar="INFLUENCE_GRAPH_STORE",
    default="influence-graph-data",
    show_default=True,
    help="Folder, neo4j://… or bolt://… address, or `neo4j` for NEO4J_URI.  [env: INFLUENCE_GRAPH_STORE]",
)
format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="Output format.  [default: table on a terminal, jsonl in a pipe]",
)
top_option = click.option(
    "--top",
    type=click.IntRange(min=0),
    help="Number of rows, 0 for all.  [default: 20 as a table, else all]",
)
as_of_option = click.option("--as-of", type=TimeType(), help="Use what had happened and was known by this time.")
touchpoints_option = click.option(
    "--touchpoints",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="INFLUENCE_GRAPH_TOUCHPOINTS",
    help="Your own touchpoint table (see `export touchpoints`).  [env: INFLUENCE_GRAPH_TOUCHPOINTS]",
)


def load_table(path: Path | None) -> TouchpointTable:
    """Return the touchpoint table of *path*, else of ./touchpoints.toml, else the built-in one."""
    from influence_graph.model.touchpoints import TouchpointTable

    beside = Path("touchpoints.toml")
    return TouchpointTable.load(path or (beside if beside.exists() else None))


def policy_options(command: Command) -> Command:
    """Add the options of the Fusion Score; read them with :func:`policy_of`."""
    for option in reversed(
        [
            click.option(
                "--outcome", type=click.Choice(["recommend", "loyalty"]), default="recommend", show_default=True
            ),
            click.option(
                "--half-life",
                multiple=True,
                metavar="[TOUCHPOINT=]DAYS",
                help="Days after which a point counts half; inf for never. Repeat per touchpoint.  [default: inf]",
            ),
            click.option(
                "--spillover",
                type=float,
                default=0.25,
                show_default=True,
                help="Share that reaches co-associated brands.",
            ),
            touchpoints_option,
        ]
    ):
        command = option(command)
    return command


def policy_of(outcome: str, half_life: tuple[str, ...], spillover: float, touchpoints: Path | None) -> FusionPolicy:
    """Return the FusionPolicy that the options of :func:`policy_options` give."""
    import math

    from influence_graph.model.policy import FusionPolicy

    every, each = math.inf, {}
    for text in half_life:
        name, separator, days = text.rpartition("=")
        try:
            value = float(days.removesuffix("d"))
        except ValueError:
            raise click.BadParameter(f"{text!r}: {days!r} is not a number of days", param_hint="--half-life") from None
        if separator:
            each[name] = value
        else:
            every = value
    half_lives: Any = every
    if each:
        from influence_graph.model.records import TOUCHPOINTS

        half_lives = {**dict.fromkeys(TOUCHPOINTS, every), **each}
    return FusionPolicy(half_life_days=half_lives, spillover=spillover, outcome=outcome, table=load_table(touchpoints))
