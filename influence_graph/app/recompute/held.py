"""The lease under which results are recalculated, renewed while they are."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from influence_graph.ending import register
from influence_graph.errors import AuthenticationFailed, InfluenceGraphError, LockHeld
from influence_graph.stores.base import LEASE_SECONDS, RECALCULATION, Lease, Store

_RENEWALS = 3
"""How often a lease is renewed in the time that it lasts."""
_JOIN_SECONDS = 1.0


@contextmanager
def held(store: Store, ttl: float = LEASE_SECONDS, lost: Callable[[], None] | None = None) -> Iterator[Lease]:
    """Hold the lease :data:`RECALCULATION` of *store* for the ``with`` block; a thread renews it.

    Where it cannot be renewed it runs out, and the store refuses what is written under it.

    Args:
        store: Where it is held.
        ttl: How long it lasts once nobody renews it, in seconds.
        lost: Called in that thread once the lease has run out or was granted to another: the work is in vain.

    Raises:
        LockHeld: another process holds it.
    """
    manager = store.lease(RECALCULATION, ttl)
    with manager as lease:
        is_over = threading.Event()
        renewing = threading.Thread(target=_renew, args=(store, lease, ttl, is_over, lost), daemon=True)
        renewing.start()
        leaving = register(_LettingGo(manager, is_over))
        try:
            yield lease
        finally:
            leaving.release()
            is_over.set()
            renewing.join(_JOIN_SECONDS)  # it may be waiting for a server; what was released it cannot renew


class _LettingGo:
    """Releases a lease, in a thread of its own, where a signal ends this process and code in C does not come back.

    What this process would still write under it is refused.
    """

    def __init__(self, manager: AbstractContextManager[Lease], is_over: threading.Event) -> None:
        self._manager, self._is_over, self._has_begun = manager, is_over, False

    def __call__(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._is_over.set()
            threading.Thread(target=self._release, daemon=True).start()

    def _release(self) -> None:
        with suppress(Exception):  # the main thread does it, too, if it comes that far; else the lease runs out
            self._manager.__exit__(None, None, None)


def _renew(store: Store, lease: Lease, ttl: float, is_over: threading.Event, lost: Callable[[], None] | None) -> None:
    until, pause = time.monotonic() + ttl, ttl / _RENEWALS
    while not is_over.wait(pause):
        asked, is_refused = time.monotonic(), False
        try:
            store.renew(lease, ttl)
        except InfluenceGraphError as error:
            is_refused, pause = isinstance(error, (LockHeld, AuthenticationFailed)), ttl / _RENEWALS / 4
        else:
            until, pause = asked + ttl, ttl / _RENEWALS
        if (is_refused or time.monotonic() > until) and not is_over.is_set():
            if lost is not None:
                lost()
            return
