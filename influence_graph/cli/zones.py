"""The zone in which times are shown: all results are in UTC, and become local here, on their way out."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
import pandas as pd

from influence_graph.model.times import zone_named

Value = TypeVar("Value")
_KEY = "influence_graph.timezone"


class ZoneType(click.ParamType[ZoneInfo]):
    """The IANA name of a time zone."""

    name = "zone"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """Return *value* as a zone; an unknown name is refused with the nearest ones."""
        del param, ctx
        return value if isinstance(value, ZoneInfo) else zone_named(str(value))


def choose(ctx: click.Context, param: click.Parameter, zone: ZoneInfo) -> None:
    """Keep *zone* for all output of the running command; a callback of click."""
    del param
    ctx.meta[_KEY] = zone


def local(value: Value) -> Value:
    """Return *value*, any result, with its times in the zone that the running command was asked for."""
    context = click.get_current_context(silent=True)
    zone = None if context is None else context.meta.get(_KEY)
    return value if zone is None or zone.key == "UTC" else in_zone(value, zone)


def in_zone(value: Any, zone: ZoneInfo) -> Any:  # noqa: ANN401 - what comes in goes out
    """Return *value* with all times in it that have a zone in *zone*: a time, a frame, a dataclass, a container."""
    if isinstance(value, datetime):
        return value if value.tzinfo is None or pd.isna(value) else value.astimezone(zone)
    if isinstance(value, pd.DataFrame):
        return _frame_in_zone(value, zone)
    if is_dataclass(value) and not isinstance(value, type):
        old = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        new = {name: in_zone(item, zone) for name, item in old.items()}
        changed = {name: item for name, item in new.items() if item is not old[name]}
        return replace(value, **changed) if changed else value
    if isinstance(value, dict):
        new = {name: in_zone(item, zone) for name, item in value.items()}
        return new if any(new[name] is not value[name] for name in new) else value
    if type(value) in (list, tuple):
        items = [in_zone(item, zone) for item in value]
        return type(value)(items) if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value


def _frame_in_zone(frame: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    changed: dict[Any, pd.Series] = {}
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            changed[name] = column.dt.tz_convert(zone)
        elif column.dtype == object and any(isinstance(item, datetime) for item in column):
            changed[name] = column.map(lambda item: in_zone(item, zone))
    if not changed:
        return frame
    moved = frame.copy(deep=False)
    for name, column in changed.items():
        moved[name] = column
    return moved
