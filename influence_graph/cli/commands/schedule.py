"""``schedule run|status|install``: recalculation by schedule."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from influence_graph.app.recompute.kinds import asked_for
from influence_graph.cli.configured import configuration
from influence_graph.cli.observing import observers_of, observing_options, taken
from influence_graph.cli.options import asking_options, format_option, parameter, several, shown, timezone_option
from influence_graph.cli.output import emit, note
from influence_graph.cli.stopping import if_stopped
from influence_graph.cli.texts import TextType
from influence_graph.errors import InputError, LockHeld
from influence_graph.files import write_whole
from influence_graph.model.parameters import InboxParameters, ScheduleParameters
from influence_graph.model.recalculations import Recalculation
from influence_graph.schedule.alerts.check import check as check_alerts
from influence_graph.schedule.alerts.deliver import deliver, targets_of
from influence_graph.schedule.clock import Clock
from influence_graph.schedule.daemon import After, Scheduler, Settings, recalculating
from influence_graph.schedule.daemon import run as run_schedulers
from influence_graph.schedule.events import Event, Tell
from influence_graph.schedule.expiring import last_erased, retaining
from influence_graph.schedule.inbox import Inbox
from influence_graph.schedule.install import installed, unit_name
from influence_graph.schedule.listing import schedulers_frame, ticks_frame
from influence_graph.schedule.record import Became, Known, known, known_names
from influence_graph.schedule.retention import announced
from influence_graph.schedule.ticks import Ticks
from influence_graph.stores.base import RECALCULATION, Lease, Store
from influence_graph.text import did_you_mean

_STOPPED = (
    "what was being written is kept whole or not at all; the next start goes on where this one ended, at the latest"
    " when the lease has run out"
)
_NEEDED = ("NEO4J_USERNAME", "NEO4J_DATABASE", "NEO4J_PASSWORD_FILE", "INFLUENCE_GRAPH_CACHE")
"""Variables that a timer's start needs, too, where they are set; none holds a secret."""

when_options = several(
    parameter(ScheduleParameters, "name", help="Name of the schedule; one of the configuration, or a new one."),
    parameter(
        ScheduleParameters,
        "cron",
        metavar="'M H D M W'",
        help="Minute, hour, day, month and weekday, as in a crontab; or @hourly, @daily, @weekly.",
    ),
    parameter(ScheduleParameters, "every", metavar="DURATION", help="Time between two ticks, such as 15m."),
    parameter(ScheduleParameters, "timezone", help="IANA zone in which --cron is meant, such as Europe/Berlin."),
    parameter(
        ScheduleParameters,
        "jitter",
        metavar="DURATION",
        help="Longest delay of the work, so that not all start at once.",
    ),
    click.option(
        "--only",
        type=TextType(),
        multiple=True,
        metavar="STEP,…",
        help="Only these results, as in `recompute --only`. Repeatable.",
    ),
    click.option("--catch-up", is_flag=True, help="Carry out missed ticks one by one; else the latest stands for all."),
    click.option(
        "--inbox",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="FOLDER",
        help="Store the record files that are dropped there; they move to done/ or failed/.",
    ),
)


@click.group(epilog="Example: influence-graph schedule run --cron '0 2 * * *' --timezone Europe/Berlin")
def schedule() -> None:
    """Recalculate by schedule: each tick takes effect once, whoever else runs (extra: influence-graph[schedule]).

    Schedules are given here, or are the [schedule.NAME] tables of influence-graph.toml.
    """


@schedule.command(epilog="Example: influence-graph schedule run --every 15m --inbox incoming")
@when_options
@click.option("--once", is_flag=True, help="Carry out what is due, and end: for cron and timers.")
@observing_options
@asking_options
def run(store: Store, once: bool, **options: Any) -> None:
    """Recalculate whenever a tick is due, until Ctrl-C or SIGTERM ends it (exit code 130).

    Two schedulers share a lease: one does the work, the other looks later whether it was done. Alerts of the
    configuration are checked after each recalculation.
    """
    seen = taken(options)
    schedules, inbox = _schedules(options)
    values = configuration().values
    if_stopped(_STOPPED)
    with ExitStack() as inside:
        observers = observers_of(inside, seen)

        def tell(event: Event) -> None:
            if observers.log is None:
                note(event.line)
            observers.tell(event)

        after = (observers.recalculated, *_alerts(store, tell), *_retention(store, tell))
        settings = Settings(tell=tell, after=after, leased=observers.leased)
        schedulers = [
            Scheduler(
                store,
                each,
                recalculating(store, replace(values.recompute, only=each.only or values.recompute.only)),
                inbox=inbox if place == 0 else None,
                settings=settings,
            )
            for place, each in enumerate(schedules)
        ]
        if inbox is not None:
            for line in inbox.passed_over():
                note(line)
        if once:
            _once(schedulers)
        else:
            run_schedulers(schedulers, Clock(), partial(observers.alive, schedulers))


@schedule.command(epilog="Example: influence-graph schedule status --format json")
@click.option("--name", type=TextType(), help="Only this schedule.  [default: all that the store knows]")
@click.option("--ticks", "of_ticks", is_flag=True, help="What became of the last ticks, one row each.")
@timezone_option
@asking_options
@format_option
def status(store: Store, name: str | None, of_ticks: bool, format_: str | None) -> None:
    """Show who runs, since when, the next tick, and what became of the last; exit 1 if no scheduler runs."""
    now = datetime.now(UTC)
    with store.snapshot() as view:
        names = known_names(view)
        if name is not None and name not in names:
            message = f"the store {store.url} knows no schedule {name!r}"
            raise InputError(message, remedy=did_you_mean(name, names, "start it with `influence-graph schedule run`"))
        found = [each for one in names if name in (None, one) and (each := known(view, one)) is not None]
        erased = last_erased(view)
    emit(ticks_frame(found) if of_ticks else schedulers_frame(found, now), format_, top=0)
    note(_lease_line(store))
    if erased is not None:
        note(erased)
    for each in found:
        _tell_who_does_not_run(each, now)
    if not found:
        note(f"the store {store.url} knows no schedule; start one: influence-graph schedule run --cron '0 2 * * *'")
    if not any(runner.runs(now) for each in found for runner in each.runners):
        raise SystemExit(1)


@schedule.command(epilog="Example: influence-graph schedule install --cron '0 2 * * *' --timezone Europe/Berlin")
@when_options
@click.option(
    "--write",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write the files there, such as ~/.config/systemd/user, in place of printing them.",
)
@asking_options
def install(store: Store, write: Path | None, **options: Any) -> None:
    """Print a systemd service and timer, and a crontab line, each of which carries out the schedule.

    They start `schedule run --once` at the minutes of the schedule; no password is in them.
    """
    schedules, _ = _schedules(options, looks_at_inbox=False)
    for each in schedules:
        Ticks(each)
        files = installed(each, _command(each, store, options), str(Path.cwd()), _environment()).files(each.name)
        if write is None:
            for name, content in files.items():
                click.echo(f"# {name}\n{content}")
            continue
        if not write.is_dir():
            raise InputError(f"there is no folder {write}", remedy="make it, or name another")
        for name, content in files.items():
            write_whole(write / name, content)
            note(f"written: {write / name}")
        note(f"systemd: systemctl --user enable --now {unit_name(each.name)}.timer; cron: add the line to `crontab -e`")


def _tell_who_does_not_run(schedule: Known, now: datetime) -> None:
    for runner in schedule.runners:
        if not runner.runs(now):
            heard = f"it was last heard of at {runner.seen:%Y-%m-%d %H:%M:%S} UTC"
            note(f"{schedule.name}: {runner.owner} is not running; {heard}")
    if not schedule.runners:
        note(f"{schedule.name}: no scheduler is running; `influence-graph schedule run` starts one")


def _once(schedulers: Sequence[Scheduler]) -> None:
    """Carry out what is due; exit 1 where that failed."""
    reports = [scheduler.once() for scheduler in schedulers]
    if not any(reports):
        note("nothing was due")
    if any(report is not None and report.became is Became.FAILED for report in reports):
        raise SystemExit(1)


def _schedules(
    options: dict[str, Any], *, looks_at_inbox: bool = True
) -> tuple[list[ScheduleParameters], Inbox | None]:
    """Return the schedules that *options* give, else those of the configuration, and the inbox."""
    given = {
        **options,
        "only": tuple(step.strip() for text in options["only"] for step in text.split(",") if step.strip()),
    }
    folder = given.pop("inbox")
    asked_for(given["only"])
    values = configuration().values
    configured = {name: replace(each, name=name) for name, each in values.schedule.items()}
    if given["cron"] is not None or given["every"] is not None:
        chosen = [ScheduleParameters(**given)]
    elif given["name"] in configured:
        chosen = [configured[given["name"]]]
    elif given["name"] == ScheduleParameters.name and configured:
        chosen = list(configured.values())
    else:
        chosen = [ScheduleParameters(**given)]  # refused with what is missing
    inbox = values.inbox if folder is None else replace(values.inbox or InboxParameters(folder), folder=folder)
    return chosen, Inbox(inbox) if inbox is not None and looks_at_inbox else None


def _alerts(store: Store, tell: Tell) -> tuple[After, ...]:
    """Return what checks and delivers the alerts of the configuration after a recalculation."""
    values = configuration().values
    if not values.alerts:
        return ()
    targets_of(values.delivery)  # what cannot be used is refused before anything is done

    def after(done: Recalculation, lease: Lease) -> None:
        fired = check_alerts(store, values.alerts, lease, values.delivery, notify=note)
        delivered = deliver(store, values.delivery, lease)
        for each in fired:
            tell(Event("alert", each.text, fields={"rule": each.rule, "tick": done.tick}))
        for line in delivered.failed:
            tell(Event("alert", f"an alert could not be delivered: {line}", is_error=True, fields={"tick": done.tick}))
        what = f"alerts: {delivered.sent:,} delivered, {delivered.waiting:,} wait for delivery"
        tell(Event("delivery", what, fields={"sent": delivered.sent, "waiting": delivered.waiting, "tick": done.tick}))

    return (after,)


def _retention(store: Store, tell: Tell) -> tuple[After, ...]:
    """Return what erases after a recalculation what is too old by the configuration."""
    values = configuration().values
    age = values.retention.older_than
    if age is None:
        return ()
    note(announced(age))
    return (retaining(store, age, tell, key_file=values.key_file, notify=note),)


def _lease_line(store: Store) -> str:
    """Return who holds the lease, since when and until when."""
    try:
        with store.lease(RECALCULATION, 1.0):
            return f"the lease {RECALCULATION!r} is free"
    except LockHeld as error:
        return error.message


def _command(chosen: ScheduleParameters, store: Store, options: dict[str, Any]) -> list[str]:
    """Return the command that carries out what is due of *chosen*."""
    address = store.url if "://" in store.url else str(Path(store.url).resolve())
    words = [sys.executable, "-m", "influence_graph"]
    file = configuration().file
    if file is not None:
        words += ["--config", str(file.resolve())]
    words += ["schedule", "run", "--once", "--store", address, "--name", chosen.name]
    for name in ("cron", "every", "timezone", "jitter"):
        value = getattr(chosen, name)
        if value is not None and value != getattr(ScheduleParameters, name):
            words += [f"--{name}", str(shown(value))]
    words += ["--only", ",".join(chosen.only)] if chosen.only else []
    words += ["--catch-up"] if chosen.catch_up else []
    return words + (["--inbox", str(options["inbox"].resolve())] if options["inbox"] is not None else [])


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _NEEDED if os.environ.get(name)}
