"""Checks and delivers until it is killed: ``python -m tests.schedule.alerts.checker STORE URL FILE``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import influence_graph as ig
from influence_graph.errors import LockHeld
from influence_graph.schedule.alerts.check import check
from influence_graph.schedule.alerts.deliver import deliver
from influence_graph.schedule.alerts.rules import ComplaintRule, Delivery
from influence_graph.stores.base import RECALCULATION, Store

RULE = ComplaintRule("left alone", days=4.0)
TTL = 1.5


def delivery_to(url: str, file: Path) -> Delivery:
    return Delivery(webhook=url, file=file, try_seconds=1.0, in_all_seconds=5.0)


def check_once(store: Store, delivery: Delivery) -> int:
    """Check and deliver; return how many messages wait, -1 where another one checks or took over."""
    try:
        with store.lease(RECALCULATION, TTL) as lease:
            check(store, [RULE], lease, delivery)
            return deliver(store, delivery, lease, TTL).waiting
    except LockHeld:
        return -1


if __name__ == "__main__":
    with ig.open_store(sys.argv[1]) as opened:
        print("ready", flush=True)  # noqa: T201
        while True:
            check_once(opened, delivery_to(sys.argv[2], Path(sys.argv[3])))
            time.sleep(0.02)
