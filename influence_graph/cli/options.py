"""Options that several commands share, each declared once; defaults are those of the parameters dataclasses."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast

import click

from influence_graph.app.open import open_store
from influence_graph.cli.output import note
from influence_graph.cli.texts import PlainType, TextType
from influence_graph.cli.zones import ZoneType, choose
from influence_graph.errors import InputError
from influence_graph.ingest.values.zones import EARLIEST, LATEST
from influence_graph.model.graph import Graph, GraphKind
from influence_graph.model.parameters import DEFAULT_STORE, MODELS, DiffusionParameters
from influence_graph.model.policy.file import load_policy
from influence_graph.model.policy.policy import OUTCOMES, FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.times import duration_of
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.reports.plots import check_suffix
from influence_graph.stores.base import ACKNOWLEDGED_ROWS, QUERY_SECONDS, WAIT_SECONDS, Reader, Store
from influence_graph.stores.embedded.connection import LOCK_WAIT_SECONDS
from influence_graph.stores.limits import check_limits
from influence_graph.text import one_line

Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]
FILE = click.Path(dir_okay=False, path_type=Path)
_TIMEOUT = "influence_graph.timeout"
FORMATS = ("table", "csv", "json", "jsonl", "parquet")


class StoreType(click.ParamType["Store"]):
    """A store address; nothing is opened yet, and what is opened later is closed when the command ends.

    Args:
        in_all: Count the waits for a server in the whole command together; else those of each call.
    """

    name = "store"

    def __init__(self, *, in_all: bool = True) -> None:
        self._in_all = in_all

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Store:
        """Return the store at *value*."""
        if not isinstance(value, str):
            return cast("Store", value)
        if "://" in value:
            PlainType().convert(value, param, ctx)
        allowed = ctx is not None and bool(ctx.find_root().params.get("allow_remote_plaintext"))
        store = open_store(value, allow_remote_plaintext=allowed, timeout=timeout_of(ctx), in_all=self._in_all)
        if ctx is not None:
            ctx.call_on_close(store.close)
        return store


class TimeType(click.ParamType[datetime]):
    """An ISO 8601 time; a date means its start, and no zone means UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return *value* as a time with a zone."""
        if isinstance(value, datetime):
            return value
        try:
            time = datetime.fromisoformat(str(value))
            time = time if time.tzinfo else time.replace(tzinfo=UTC)
            inside = EARLIEST <= time.astimezone(UTC) <= LATEST
        except OverflowError:
            inside = False
        except ValueError:
            self.fail(
                f"{_shown(value)} is not an ISO 8601 time; write for example 2026-06-01 or 2026-06-01T12:00Z",
                param,
                ctx,
            )
        if not inside:
            self.fail(f"{_shown(value)} is not between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}", param, ctx)
        return time


class DurationType(click.ParamType[timedelta]):
    """A length of time: a number and d, h, m or s; *bare* is the unit of a number alone, where one is allowed."""

    name = "duration"

    def __init__(self, bare: str = "") -> None:
        self._bare = bare

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return *value* as a time span of 0 or more."""
        if isinstance(value, timedelta):
            return value
        try:
            return duration_of(str(value), self._bare)
        except InputError as error:
            self.fail(str(error), param, ctx)


class ShareType(click.ParamType[float]):
    """A part of a whole: a number such as 0.1, or a percentage such as 10%."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return *value* as a number: 0.1 for 10%."""
        if isinstance(value, float):
            return value
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"{_shown(value)} is not a share; write for example 10% or 0.1", param, ctx)
        return number / 100 if text.endswith("%") else number


class SizeType(click.ParamType[int]):
    """A size of memory: a number and K, M or G (of 1024), or bytes."""

    name = "size"
    _UNITS: ClassVar[dict[str, int]] = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return *value* in bytes."""
        if isinstance(value, int):
            return value
        text = str(value).strip().upper().removesuffix("B")
        unit = self._UNITS.get(text[-1:], 1)
        try:
            return int(float(text if unit == 1 else text[:-1]) * unit)
        except (ValueError, OverflowError):
            self.fail(f"{_shown(value)} is not a size; write for example 500M or 2G", param, ctx)

    @classmethod
    def shown(cls, size: int) -> str:
        """Return *size* in bytes as users write it, such as ``2G``."""
        fitting = (unit for unit, of in reversed(cls._UNITS.items()) if size % of == 0)
        unit = next(fitting, "")
        return f"{size // cls._UNITS.get(unit, 1)}{unit}"


def _shown(value: object) -> str:
    return one_line(repr(value), 80)


_TYPES: dict[str, click.ParamType[Any]] = {
    "float": click.FLOAT,
    "int": click.INT,
    "str": TextType(),
    "timedelta": DurationType(),
    "datetime": TimeType(),
    "Path": FILE,
}


def parameter(parameters: type, name: str, *declarations: str, **attributes: Any) -> Option[Any]:
    """Declare the option of the field *name* of a parameters dataclass, with the type and the default of the field.

    Args:
        parameters: The dataclass, of ``model/parameters.py``.
        name: Its field; the option is ``--name`` unless *declarations* differ.
        declarations: Flags, and the name of the argument.
        attributes: Passed on to ``click.option``.
    """
    field = next(each for each in fields(parameters) if each.name == name)
    default = None if field.default is MISSING else field.default
    attributes.setdefault("type", _TYPES[str(field.type).partition(" ")[0]])
    if default is not None and not isinstance(default, tuple):
        attributes.setdefault("default", shown(default))
        attributes.setdefault("show_default", True)
    return click.option(*(declarations or (f"--{name.replace('_', '-')}", name)), **attributes)


def shown(value: Any) -> Any:  # noqa: ANN401 - any default
    """Return a default as users write it: a length of time as ``30d``, all else as it is."""
    if not isinstance(value, timedelta):
        return value
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if value.total_seconds() % seconds == 0:
            return f"{value.total_seconds() / seconds:.0f}{unit}"
    return f"{value.total_seconds():.15g}s"


def several(*options: Option[Any]) -> Option[Any]:
    """Return a decorator that adds *options*, the first one first in the help."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def timeout_of(ctx: click.Context | None) -> float | None:
    """Return the seconds of the option ``--timeout``, None where it is not given."""
    return None if ctx is None else ctx.meta.get(_TIMEOUT)


def _keep_timeout(ctx: click.Context, param: click.Parameter, value: timedelta | None) -> None:
    del param
    if value is not None:
        check_limits(value.total_seconds(), 1)
        ctx.meta[_TIMEOUT] = value.total_seconds()


def timeout_option_for(of: str, default: float) -> Option[Any]:
    """Return the option ``--timeout``, beside each ``--store``; stores are opened with its value.

    Args:
        of: What it is the longest time of, as a sentence without its end.
        default: Seconds that hold for a server where it is not given.
    """
    return click.option(
        "--timeout",
        type=DurationType("s"),
        envvar="INFLUENCE_GRAPH_TIMEOUT",
        is_eager=True,  # before the address of the store is read
        expose_value=False,
        callback=_keep_timeout,
        metavar="DURATION",
        help=f"{of}; also for a folder in use.  [default: {default:g}s; a folder {LOCK_WAIT_SECONDS:g}s]"
        "  [env: INFLUENCE_GRAPH_TIMEOUT]",
    )


def _store_option_of(type_: StoreType) -> Option[Any]:
    return click.option(
        "--store",
        type=type_,
        envvar="INFLUENCE_GRAPH_STORE",
        default=DEFAULT_STORE,
        show_default=True,
        help="Folder, neo4j://… or bolt://… address, or `neo4j` for NEO4J_URI.  [env: INFLUENCE_GRAPH_STORE]",
    )


timeout_option = timeout_option_for(
    f"Longest wait for a Neo4j in all, anew with each {ACKNOWLEDGED_ROWS:,} records", WAIT_SECONDS
)
query_timeout_option = timeout_option_for("Longest time to answer", QUERY_SECONDS)
store_option = several(_store_option_of(StoreType()), timeout_option)
asking_options = several(query_timeout_option, _store_option_of(StoreType(in_all=False)))
"""``--timeout`` and ``--store`` of what asks queries, each of which may take as long."""
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
timezone_option = click.option(
    "--timezone",
    type=ZoneType(),
    envvar="INFLUENCE_GRAPH_TIMEZONE",
    default="UTC",
    show_default=True,
    expose_value=False,
    callback=choose,
    help="IANA zone of the days and times shown, such as Europe/Berlin; times typed without a zone stay UTC."
    "  [env: INFLUENCE_GRAPH_TIMEZONE]",
)
"""The zone of all that a command shows; :func:`influence_graph.cli.zones.local` uses it."""
plot_option = click.option("--plot", type=FILE, metavar="FILE", help="Draw the result, too: .svg, .png or .html.")
estimate_option = click.option(
    "--estimate", "only_estimate", is_flag=True, help="Predict the time and memory of the run, and stop."
)
seed_option = click.option("--seed", type=click.IntRange(min=0), help="Random seed: the same gives the same result.")
graph_option = click.option(
    "--graph",
    type=click.Choice([kind.value for kind in GraphKind]),
    default="all",
    show_default=True,
    help="Edges to follow.",
)


node_options = several(graph_option, top_option, as_of_option, store_option, format_option)
"""What every question about nodes of a graph takes; the graph is read with :func:`graph_of`."""
run_options = several(estimate_option, plot_option, as_of_option, store_option, format_option)
"""What every job on a graph takes, after its own options."""


def graph_of(*, store: Store, graph: str, as_of: datetime | None, **rest: Any) -> Graph:
    """Return the graph that the options of :data:`node_options` name; *rest* says how it is shown."""
    del rest
    return store.graph(graph, as_of)


def output_option(help_: str, **attributes: Any) -> Option[Any]:
    """Return the option that names the file to write."""
    return click.option("-o", "--output", type=FILE, help=help_, **attributes)


def label_option(name: str, of: str) -> Option[Any]:
    """Return the option that says which node the argument *of* means."""
    help_ = f"Which one is meant, where a consumer and a brand share the id {of}."
    return click.option(name, type=click.Choice(["Consumer", "Brand"], case_sensitive=False), help=help_)


diffusion_options = several(
    parameter(
        DiffusionParameters,
        "model",
        type=click.Choice(MODELS),
        help="Independent cascade, linear threshold, or cascade with negative opinions.",
    ),
    parameter(DiffusionParameters, "quality", help="Chance that an opinion turns out positive, for ic-n."),
    parameter(
        DiffusionParameters,
        "probabilities",
        metavar="KIND",
        help="Of passing on: learned, weighted-cascade, weights (of the ties), or a number for all."
        "  [default: learned if there are any, else weighted-cascade]",
    ),
)
touchpoints_option = click.option(
    "--touchpoints",
    type=FILE,
    envvar="INFLUENCE_GRAPH_TOUCHPOINTS",
    help="What if: this touchpoint table, not the store's (see `touchpoints`).  [env: INFLUENCE_GRAPH_TOUCHPOINTS]",
)
policy_option = click.option(
    "--policy",
    type=FILE,
    envvar="INFLUENCE_GRAPH_POLICY",
    help="Parameters of the score (see `policy show`).  [env: INFLUENCE_GRAPH_POLICY]",
)
policy_options = several(
    policy_option,
    click.option(
        "--outcome",
        type=click.Choice(list(OUTCOMES)),
        help=f"What the score stands for.  [default: that of the policy, {FusionPolicy.outcome}]",
    ),
    click.option(
        "--half-life",
        multiple=True,
        metavar="[TOUCHPOINT=]DURATION",
        help="Time after which a point counts half, such as 180d; inf for never. Repeat per touchpoint."
        f"  [default: that of the policy, {FusionPolicy.half_life_days}]",
    ),
    click.option(
        "--spillover",
        type=float,
        help=f"Share that reaches co-associated brands.  [default: that of the policy, {FusionPolicy.spillover}]",
    ),
    touchpoints_option,
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
    """Return whether the option *name* of the running command was given, not left at its default or configured."""
    source = click.get_current_context().get_parameter_source(name)
    return source in (click.core.ParameterSource.COMMANDLINE, click.core.ParameterSource.ENVIRONMENT)


def table_of(path: Path | None, view: Reader) -> TouchpointTable:
    """Return the touchpoint table of *path*, which is noted; without one that of the store *view*."""
    if path is None:
        return view.touchpoints()
    table = TouchpointTable.load(path)
    note(f"what if: the touchpoint table {path} in place of that of {view.url}")
    return table


def policy_of(options: dict[str, Any], view: Reader) -> FusionPolicy:
    """Take the options of :data:`policy_options` out of *options*; return their policy. Options go before the file.

    The touchpoint table is that of the store *view*, unless one is given.
    """
    names = ("policy", "outcome", "half_life", "spillover", "touchpoints")
    policy, outcome, half_life, spillover, touchpoints = (options.pop(name) for name in names)
    chosen = file_policy(policy, table_of(touchpoints, view))
    changed: dict[str, Any] = {"half_life_days": _half_lives(half_life, chosen)} if half_life else {}
    if outcome is not None:
        changed["outcome"] = outcome
    if spillover is not None:
        changed["spillover"] = spillover
    return replace(chosen, **changed)


def file_policy(policy: Path | None, table: TouchpointTable | None = None) -> FusionPolicy:
    """Return the policy of the file *policy*, else the default one, with *table*, else the built-in one."""
    table = table or TouchpointTable.load()
    return FusionPolicy(table=table) if policy is None else load_policy(policy, table)


def _half_lives(texts: tuple[str, ...], policy: FusionPolicy) -> float | dict[str, float]:
    every: float | None = None
    each: dict[str, float] = {}
    for text in texts:
        name, separator, duration = text.rpartition("=")
        if separator:
            each[name] = _days(text, duration)
        else:
            every = _days(text, duration)
    if every is not None and not each:
        return every
    rest = {name: policy.half_life(name) if every is None else every for name in TOUCHPOINTS}
    return {**rest, **each}


def _days(text: str, duration: str) -> float:
    """Return a half-life in days; a number alone is one of days, as policies have it."""
    if duration.strip().lower() in ("inf", "infd"):
        return math.inf
    try:
        return DurationType("d").convert(duration, None, None) / timedelta(days=1)
    except click.BadParameter:
        message = f"{text!r}: {duration!r} is not a length of time; write for example 180d, or inf for never"
        raise click.BadParameter(message, param_hint="--half-life") from None
