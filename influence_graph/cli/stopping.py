"""What is true of a command when Ctrl-C stops it: each that writes says so while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from influence_graph import ending
from influence_graph.cli.signals import Watch
from influence_graph.text import one_line

if TYPE_CHECKING:
    from influence_graph.stores.base import Store

NOTHING_WRITTEN = "nothing was written to a store"
_FORMER = "nothing was written: the former run of this kind, if any, stays the current one"
_IN_DOUBT = "the result is kept whole or not at all: `influence-graph runs` tells which"
_KEPT = "the result was written before that, and is the current run"


class Stopped:
    """The line that is printed where the command is stopped now.

    Args:
        watch: Prints it.
    """

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.set(NOTHING_WRITTEN)

    def set(self, line: str) -> None:
        """Let *line* be what is true of the command from now on."""
        self.watch.say(one_line(f"stopped; {line}"))


def if_stopped(line: str) -> None:
    """Let *line* say from now on what is true of the running command where it is stopped."""
    stopped = click.get_current_context().find_object(Stopped)
    if stopped is not None:
        stopped.set(line)


def watch() -> Watch:
    """Return what watches over the signals of the running command."""
    stopped = click.get_current_context().find_object(Stopped)
    return Watch() if stopped is None else stopped.watch


def if_stopped_appending(store: Store, again: str) -> None:
    """Say from now on that part of the records may be in *store*, and that *again* goes on."""
    if_stopped(
        f"the records stored in {store.url} so far remain, in whole batches; to go on, {again}: what is stored"
        " already is not stored twice"
    )


@contextmanager
def keeping(write: bool) -> Iterator[None]:
    """Say in the ``with`` block that no result is written yet, after it that it is; nothing without *write*."""
    if not write:
        yield
        return
    if_stopped(_FORMER)
    stopped = click.get_current_context().find_object(Stopped)
    if stopped is not None:
        ending.when_in_doubt(partial(stopped.set, _IN_DOUBT))
    yield
    if_stopped(_KEPT)
