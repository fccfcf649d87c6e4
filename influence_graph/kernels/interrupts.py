"""Ctrl-C in compiled code: whatever the dispatcher of numba makes of it, it is a KeyboardInterrupt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C be a KeyboardInterrupt also where it strikes while compiled code is loaded or called.

    The dispatcher of numba, written in C, turns an interrupt raised in its callbacks into a SystemError.
    """
    try:
        yield
    except SystemError as error:
        cause: BaseException | None = error
        while isinstance(cause, SystemError):  # each layer of the dispatcher adds one
            cause = cause.__cause__
        if isinstance(cause, KeyboardInterrupt):
            raise cause from None
        raise
