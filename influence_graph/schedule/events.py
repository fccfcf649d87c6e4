"""What a scheduler says of itself while it runs: for the terminal a line, for logs and metrics a name and fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened in a scheduler.

    Attributes:
        name: ``started``, ``tick``, ``waiting``, ``missed``, ``skew``, ``inbox``, ``alert``, ``delivery``,
            ``retention``, ``error`` or ``stopped``.
        line: What happened, in one line.
        is_error: Whether somebody should look at it.
        fields: The same as JSON values.
    """

    name: str
    line: str
    is_error: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)


Tell = Callable[[Event], None]
"""Called with each event, in the scheduler's thread; it must not raise."""


def unheard(event: Event) -> None:
    """Take *event* and do nothing."""
    del event
