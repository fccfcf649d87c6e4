"""What is true of a command when Ctrl-C stops it: each that writes says so while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from influence_graph.stores.base import Store

NOTHING_WRITTEN = "nothing was written to a store"
_FORMER = "nothing was written: the former run of this kind, if any, stays the current one"
_KEPT = "the result was written before that, and is the current run"


class Stopped:
    """The line that is printed where the command is stopped now."""

    line = NOTHING_WRITTEN


def if_stopped(line: str) -> None:
    """Let *line* say from now on what is true of the running command where it is stopped."""
    stopped = click.get_current_context().find_object(Stopped)
    if stopped is not None:
        stopped.line = line


def if_stopped_appending(store: Store, again: str) -> None:
    """Say from now on that part of the records may be in *store*, and that *again* goes on."""
    if_stopped(
        f"the records stored in {store.url} so far remain, the batch in hand was taken back; to go on, {again}:"
        " what is stored already is not stored twice"
    )


@contextmanager
def keeping(write: bool) -> Iterator[None]:
    """Say in the ``with`` block that no result is written yet, after it that it is; nothing without *write*."""
    if write:
        if_stopped(_FORMER)
    yield
    if write:
        if_stopped(_KEPT)
