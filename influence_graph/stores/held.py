"""Who holds a lease, and what is said where it is held by another or was lost."""

from __future__ import annotations

import os
import socket
from datetime import datetime

from influence_graph.errors import LockHeld
from influence_graph.stores.base import Lease

SKEW_SECONDS = 2.0
"""How far two clocks may be apart before it is said."""
_TIME = "%Y-%m-%d %H:%M:%S"


def this_process() -> str:
    """Return how a lease names this process: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


def held(lease: Lease, since: datetime | None, now: datetime) -> LockHeld:
    """Return the error of who finds *lease* held, *since* when and until its end, at *now* on the store's clock."""
    begun = "" if since is None else f" since {since:{_TIME}}"
    left = max((lease.expires_at - now).total_seconds(), 0.0)
    return LockHeld(
        f"the lease {lease.name!r} is held by {lease.owner}{begun} until {lease.expires_at:{_TIME}} UTC, "
        f"for {left:.0f} s more{_skewed(lease.ahead)}",
        remedy="wait, or stop that process",
    )


def lost(lease: Lease) -> LockHeld:
    """Return the error of a write under *lease* once that has expired or was granted to another."""
    return LockHeld(
        f"the lease {lease.name!r} (token {lease.token}) has expired or passed to another process; "
        f"nothing was written that a reader can see{_skewed(lease.ahead)}",
        remedy="run the command again",
    )


def _skewed(ahead: float) -> str:
    if abs(ahead) < SKEW_SECONDS:
        return ""
    return f" (the store's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} this machine's)"
