"""``alerts``: what is watched, who has crossed it, and the messages about it."""

from __future__ import annotations

import click

from influence_graph.cli.configured import configuration
from influence_graph.cli.options import format_option, store_option, timezone_option
from influence_graph.cli.output import chosen_format, emit, note, tell
from influence_graph.cli.stopping import if_stopped
from influence_graph.schedule.alerts.check import check as check_rules
from influence_graph.schedule.alerts.check import trial_message
from influence_graph.schedule.alerts.deliver import Delivered, deliver, names_of_targets, send_once, targets_of
from influence_graph.schedule.alerts.listing import beyond_frame, messages_frame, rules_frame, waiting_frame
from influence_graph.schedule.alerts.messages import Fired
from influence_graph.schedule.alerts.rules import AnyRule, Delivery
from influence_graph.schedule.alerts.state import STATE, state_of
from influence_graph.stores.base import RECALCULATION, Store
from influence_graph.text import count_text

FIRED = 6
"""Exit code where an alert fired."""
_NONE = "no alerts are configured: write [[alerts]] tables in influence-graph.toml"
_SHOWN = ("rules", "beyond", "told", "waiting")


@click.group(epilog="Example: influence-graph alerts check")
def alerts() -> None:
    """Watch bonds, brands, influencers, complaints and feeds; tell of each crossing once, with its reason.

    Rules are the [[alerts]] tables of influence-graph.toml, and messages go where [delivery] says.
    """


@alerts.command(epilog="Example: influence-graph alerts check --format jsonl")
@timezone_option
@store_option
@format_option
def check(store: Store, format_: str | None) -> None:
    """Tell who has crossed a rule since the last check, and deliver what waits.

    Exit code 6 if an alert fired, 1 if a message could not be delivered: it waits for the next check.
    """
    rules, delivery = _configured()
    if not rules:
        note(_NONE)
        return
    targets_of(delivery)  # an address or a secret that cannot be used is refused before anything is written
    if_stopped("what was found so far waits in the store, and `influence-graph alerts check` sends it")
    with store.lease(RECALCULATION) as lease:
        fired = check_rules(store, rules, lease, delivery, notify=note)
        delivered = deliver(store, delivery, lease)
    _print(fired, format_)
    _tell(fired, delivered, delivery)
    if delivered.failed:
        raise SystemExit(1)
    if fired:
        raise SystemExit(FIRED)


@alerts.command(name="list", epilog="Example: influence-graph alerts list --show waiting")
@click.option(
    "--show",
    type=click.Choice(_SHOWN),
    default="rules",
    show_default=True,
    help="The rules, who is beyond them, the latest messages, or what waits for delivery.",
)
@timezone_option
@store_option
@format_option
def list_(show: str, store: Store, format_: str | None) -> None:
    """List the rules with who is beyond each, by the last check; the latest messages; and what waits."""
    rules, _ = _configured()
    state = state_of(store.state(STATE))
    frames = {
        "rules": lambda: rules_frame(rules, state),
        "beyond": lambda: beyond_frame(rules, state).dropna(axis=1, how="all"),
        "told": lambda: messages_frame(reversed(state.told)),
        "waiting": lambda: waiting_frame(state),
    }
    frame = frames[show]()
    table = frame[["at", "rule", "text"]] if show == "told" else None
    emit(frame, format_, table=table, names=store if show == "beyond" else None)
    if not rules:
        note(_NONE)
    if state.outbox.waiting:
        note(f"{count_text(len(state.outbox.waiting), 'message')} waiting for delivery; see --show waiting")
    if state.outbox.given_up:
        note(f"{count_text(state.outbox.given_up, 'message')} given up, because too many waited")


@alerts.command(epilog="Example: influence-graph alerts test")
@store_option
@format_option
def test(store: Store, format_: str | None) -> None:
    """Send a message that tells of nothing, to see whether it arrives; the store is not touched.

    Exit code 1 if it could not be delivered.
    """
    _, delivery = _configured()
    message = trial_message(store.url)
    _print([message], format_)
    if not names_of_targets(delivery):
        note("it went nowhere: write webhook = 'https://…' or file = '…' under [delivery] in influence-graph.toml")
        return
    failed = {name: why for name, why in send_once(message, delivery).items() if why}
    for why in failed.values():
        note(f"not delivered: {why}")
    if failed:
        raise SystemExit(1)
    note(f"delivered to {' and '.join(names_of_targets(delivery))}")


def _configured() -> tuple[tuple[AnyRule, ...], Delivery]:
    values = configuration().values
    return values.alerts, values.delivery


def _print(messages: list[Fired], format_: str | None) -> None:
    if chosen_format(format_) != "table":
        emit(messages_frame(messages), format_, top=0)
        return
    for each in messages:
        tell(each.text)


def _tell(fired: list[Fired], delivered: Delivered, delivery: Delivery) -> None:
    if not fired:
        note("no rule was crossed since the last check")
    if names_of_targets(delivery):
        waiting = f", {delivered.waiting:,} waiting" if delivered.waiting else ""
        note(f"{count_text(delivered.sent, 'delivery', 'deliveries')}{waiting}")
    for why in delivered.failed:
        note(f"not delivered: {why}")
