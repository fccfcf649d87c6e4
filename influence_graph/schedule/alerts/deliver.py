"""What waits in the outbox goes to the webhook and the file; each that was taken is noted before the next is sent.

A message is put into the outbox in the same write that records its crossing, and taken out after it was taken. A
process that dies in between sends it again, with the same id: at least once, and a receiver that drops ids that it has
seen has it exactly once. The file has it once: its end is searched for the id before a line is appended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from influence_graph import ending
from influence_graph.errors import InputError
from influence_graph.files import append_line
from influence_graph.model.json_values import json_text
from influence_graph.schedule.alerts.messages import Fired
from influence_graph.schedule.alerts.rules import Delivery
from influence_graph.schedule.alerts.state import STATE, AlertState, state_of
from influence_graph.schedule.alerts.webhook import Sent, address_of, send
from influence_graph.stores.base import LEASE_SECONDS, Lease, Store

WEBHOOK, FILE = "webhook", "file"
Target = Callable[[Fired, Callable[[], None]], Sent]
"""Takes a message, and what it calls before each try."""


@dataclass(frozen=True)
class Delivered:
    """What became of the outbox.

    Attributes:
        sent: How many deliveries were taken, a message and a target each.
        failed: Why others were not, a line each.
        waiting: How many messages still wait.
        given_up: How many messages were ever given up because too many waited.
    """

    sent: int
    failed: tuple[str, ...]
    waiting: int
    given_up: int = 0


def names_of_targets(delivery: Delivery) -> tuple[str, ...]:
    """Return where *delivery* sends messages: ``"webhook"``, ``"file"``, both or nowhere."""
    webhook = delivery.webhook is not None or delivery.webhook_file is not None
    return (*((WEBHOOK,) if webhook else ()), *((FILE,) if delivery.file is not None else ()))


def targets_of(delivery: Delivery) -> dict[str, Target]:
    """Return what takes a message, by the name of the target; addresses and secrets are read here, once.

    Raises:
        InputError: an address or a file of a secret cannot be used.
    """
    targets: dict[str, Target] = {}
    address = address_of(delivery)
    if address is not None:
        targets[WEBHOOK] = partial(send, address, delivery)
    if delivery.file is not None:
        targets[FILE] = partial(_append, delivery.file)
    return targets


def deliver(store: Store, delivery: Delivery, lease: Lease, ttl: float = LEASE_SECONDS) -> Delivered:
    """Send what waits in *store*, the oldest first; a target that cannot be reached now is left for the next time.

    Args:
        store: The store whose alerts are sent.
        delivery: Where to.
        lease: Held by the caller, and renewed here before each try.
        ttl: For how long, in seconds, beside the time of a try.

    Raises:
        InputError: an address or a file of a secret cannot be used.
        LockHeld: the lease has expired or was granted to another owner, who goes on.
    """
    state, targets = state_of(store.state(STATE)), targets_of(delivery)
    failed: dict[str, str] = {}
    closed: set[str] = set()
    sent = 0

    def alive() -> None:
        store.renew(lease, ttl + delivery.try_seconds)

    for message, name in [(each.message, name) for each in state.outbox.waiting for name in each.to]:
        if name not in targets or name in closed or ending.is_ending():
            continue
        outcome = targets[name](message, alive)
        state = _noted(state, message.id, name, outcome.failed)
        store.set_state(STATE, state.to_dict(), lease)
        sent += not outcome.failed
        if outcome.failed:
            failed.setdefault(name, outcome.failed)
            closed |= set() if outcome.others else {name}
    return Delivered(sent, tuple(failed.values()), len(state.outbox.waiting), state.outbox.given_up)


def send_once(message: Fired, delivery: Delivery) -> Mapping[str, str]:
    """Send *message*, of which no store knows, and return why it failed by target, "" where it was taken.

    Raises:
        InputError: *delivery* names no target, or an address or a file of a secret cannot be used.
    """
    targets = targets_of(delivery)
    if not targets:
        raise InputError("messages go nowhere", remedy="write webhook = 'https://…' or file = '…' under [delivery]")
    return {name: target(message, lambda: None).failed for name, target in targets.items()}


def _noted(state: AlertState, id_: str, target: str, failed: str) -> AlertState:
    """Return *state* where *target* has the message *id_*, or why it has not."""
    waiting = []
    for each in state.outbox.waiting:
        if each.message.id != id_:
            waiting.append(each)
            continue
        noted = replace(each, failed=failed) if failed else each.without(target)
        waiting += [noted] if noted.to else []
    return replace(state, outbox=replace(state.outbox, waiting=tuple(waiting)))


def _append(path: Path, message: Fired, alive: Callable[[], None]) -> Sent:
    alive()
    try:
        append_line(path, json_text(message.to_dict(), ensure_ascii=False), message.id)
    except InputError as error:
        return Sent(str(error), others=False)
    return Sent()
