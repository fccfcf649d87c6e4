"""Options that several commands share, each declared once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from influence_graph.app.jobs.channels import Diffusion
from influence_graph.app.open import open_store
from influence_graph.errors import InputError
from influence_graph.model.policy.file import load_policy
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.reports.files import check_suffix

if TYPE_CHECKING:
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


class DurationType(click.ParamType[timedelta]):
    """A length of time: a number and d, h, m or s."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return *value* as a time span of 0 or more."""
        if isinstance(value, timedelta):
            return value
        text = str(value).strip()
        units = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
        try:
            span = timedelta(**{units[text[-1:]]: float(text[:-1])})
        except (KeyError, ValueError, OverflowError):
            span = timedelta(-1)
        if span < timedelta(0):
            self.fail(f"{value!r} is not a duration of 0 or more; write for example 1d, 12h or 30m", param, ctx)
        return span


class SizeType(click.ParamType[int]):
    """A size of memory: a number and K, M or G (of 1024), or bytes."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return *value* in bytes."""
        if isinstance(value, int):
            return value
        text = str(value).strip().upper().removesuffix("B")
        unit = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(text[-1:], 1)
        try:
            return int(float(text if unit == 1 else text[:-1]) * unit)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a size; write for example 500M or 2G", param, ctx)


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
valid_at_option = click.option(
    "--valid-at",
    type=TimeType(),
    help="Hindsight: what had happened by this time, with all that is known now (or by --as-of).",
)
plot_option = click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw the result, too: .svg, .png or .html.",
)


def check_plot(plot: Path | None) -> None:
    """Check, before anything runs, that *plot* ends as one of the formats does, in a folder that exists.

    Raises:
        InputError: it does not.
    """
    if plot is None:
        return
    check_suffix(plot)
    if not plot.parent.is_dir():
        raise InputError(
            f"{plot} cannot be written: there is no folder {plot.parent}", remedy="make it, or name another"
        )


def given(name: str) -> bool:
    """Return whether the option *name* of the running command was given, not left at its default."""
    source = click.get_current_context().get_parameter_source(name)
    return source is not None and source is not click.core.ParameterSource.DEFAULT


estimate_option = click.option(
    "--estimate", "only_estimate", is_flag=True, help="Say what time and memory the run would take, and stop."
)
seed_option = click.option("--seed", type=click.IntRange(min=0), help="Random seed: the same gives the same result.")


def diffusion_options(command: Command) -> Command:
    """Add the options of how influence passes on; read them with :func:`diffusion_of`."""
    for option in reversed(
        [
            click.option(
                "--model",
                type=click.Choice(["ic", "lt", "ic-n"]),
                help="Independent cascade, linear threshold, or cascade with negative opinions.  [default: ic]",
            ),
            click.option("--quality", type=float, help="Chance that an opinion turns out positive, for ic-n."),
            click.option(
                "--probabilities",
                metavar="KIND",
                help="Of passing on: learned, weighted-cascade, weights (of the ties), or a number for all."
                "  [default: learned if there are any, else weighted-cascade]",
            ),
        ]
    ):
        command = option(command)
    return command


def diffusion_of(
    model: str | None, quality: float | None, probabilities: str | None, as_of: datetime | None
) -> Diffusion:
    """Return the Diffusion of the options of :func:`diffusion_options`."""
    return Diffusion(model or "ic", quality, probabilities, as_of)


touchpoints_option = click.option(
    "--touchpoints",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="INFLUENCE_GRAPH_TOUCHPOINTS",
    help="Your own touchpoint table (see `export touchpoints`).  [env: INFLUENCE_GRAPH_TOUCHPOINTS]",
)


def load_table(path: Path | None) -> TouchpointTable:
    """Return the touchpoint table of *path*, else of ./touchpoints.toml, else the built-in one."""
    beside = Path("touchpoints.toml")
    return TouchpointTable.load(path or (beside if beside.exists() else None))


policy_option = click.option(
    "--policy",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="INFLUENCE_GRAPH_POLICY",
    help="Parameters of the score (see `policy show`).  [env: INFLUENCE_GRAPH_POLICY]",
)


def policy_options(command: Command) -> Command:
    """Add the options of the Fusion Score; read them with :func:`policy_of`."""
    for option in reversed(
        [
            policy_option,
            click.option(
                "--outcome",
                type=click.Choice(["recommend", "loyalty"]),
                help="What the score stands for.  [default: that of the policy, recommend]",
            ),
            click.option(
                "--half-life",
                multiple=True,
                metavar="[TOUCHPOINT=]DAYS",
                help="Days after which a point counts half; inf for never. Repeat per touchpoint."
                "  [default: that of the policy, inf]",
            ),
            click.option(
                "--spillover",
                type=float,
                help="Share that reaches co-associated brands.  [default: that of the policy, 0.25]",
            ),
            touchpoints_option,
        ]
    ):
        command = option(command)
    return command


def policy_of(
    policy: Path | None,
    outcome: str | None,
    half_life: tuple[str, ...],
    spillover: float | None,
    touchpoints: Path | None,
) -> FusionPolicy:
    """Return the FusionPolicy of the options of :func:`policy_options`: options go before the file."""
    chosen = file_policy(policy, touchpoints)
    changed: dict[str, Any] = {"half_life_days": _half_lives(half_life, chosen)} if half_life else {}
    if outcome is not None:
        changed["outcome"] = outcome
    if spillover is not None:
        changed["spillover"] = spillover
    return replace(chosen, **changed)


def file_policy(policy: Path | None, touchpoints: Path | None) -> FusionPolicy:
    """Return the policy of the file *policy*, else the default one, with the chosen touchpoint table."""
    table = load_table(touchpoints)
    return FusionPolicy(table=table) if policy is None else load_policy(policy, table)


def _half_lives(texts: tuple[str, ...], policy: FusionPolicy) -> float | dict[str, float]:
    every: float | None = None
    each: dict[str, float] = {}
    for text in texts:
        name, separator, days = text.rpartition("=")
        try:
            value = float(days.removesuffix("d"))
        except ValueError:
            raise click.BadParameter(f"{text!r}: {days!r} is not a number of days", param_hint="--half-life") from None
        if separator:
            each[name] = value
        else:
            every = value
    if every is not None and not each:
        return every
    rest = {name: policy.half_life(name) if every is None else every for name in TOUCHPOINTS}
    return {**rest, **each}
