"""What `[retention]` of the configuration says: how long a scheduler keeps what has happened; and lines about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from influence_graph.errors import InputError

ERASED = ("interactions", "campaigns", "sales")
"""The kinds of records that go by their age."""
DAY = timedelta(days=1)
"""The least age, and how long nothing is looked for again."""


@dataclass(frozen=True)
class RetentionSettings:
    """How long a scheduler keeps what has happened.

    Attributes:
        older_than: Age from which interactions, campaigns and sales are erased for good, by when they happened, at
            least 1d; None: nothing is.

    Raises:
        InputError: the age is less.
    """

    older_than: timedelta | None = None

    def __post_init__(self) -> None:
        if self.older_than is not None and self.older_than < DAY:
            message = f"older_than is {self.older_than.total_seconds():g} s, must be 1d or more"
            raise InputError(message, remedy="it erases for good what happened longer ago; write for example 730d")


def told(erased: Mapping[str, Any]) -> str:
    """Return in a line what was *erased*, as the state :data:`STATE` has it."""
    counts = ", ".join(f"{number:,} {kind}" for kind, number in erased["records"].items() if number)
    at = f"{datetime.fromisoformat(erased['at']):%Y-%m-%d %H:%M:%S} UTC"
    return f"retention: {counts or 'nothing'} older than {shown_age(erased['older_than'])} erased at {at}"


def announced(age: timedelta) -> str:
    """Return in a line what a scheduler will do, and how it is seen beforehand how much that is."""
    shown = shown_age(age.total_seconds())
    return (
        f"retention: after a tick, once a day, `schedule run` erases {', '.join(ERASED)} that happened more than"
        f" {shown} ago, for good; see how much: influence-graph forget --older-than {shown} --dry-run"
    )


def shown_age(seconds: float) -> str:
    """Return a length of time in days, as the configuration takes it."""
    return f"{seconds / DAY.total_seconds():.10g}d"
