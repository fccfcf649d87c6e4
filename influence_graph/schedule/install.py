"""Files by which a machine carries out a schedule: a service and a timer of systemd, or a line of a crontab.

Each starts ``influence-graph schedule run --once`` at the minutes of the schedule in every hour, and that looks whether
a tick is due: so neither the zone of the machine nor what its cron makes of changing clocks matters, and a start that
was missed is made up for by the next one. Passwords are in none of them: the service reads an environment file or
``NEO4J_PASSWORD_FILE``.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import gcd
from zoneinfo import ZoneInfo

from influence_graph.errors import InputError
from influence_graph.model.parameters import ScheduleParameters
from influence_graph.model.times import zone_named
from influence_graph.schedule.cron import parse_cron
from influence_graph.text import one_line

_HOUR = 60
_STOPPED = 130  # exit code of a command that a signal ended


@dataclass(frozen=True)
class Installed:
    """What is to be installed.

    Attributes:
        service: Content of the unit ``influence-graph-NAME.service``.
        timer: Content of the unit ``influence-graph-NAME.timer``.
        crontab: Lines of a crontab.
    """

    service: str
    timer: str
    crontab: str

    def files(self, name: str) -> Mapping[str, str]:
        """Return the contents by the names of their files, for the schedule *name*."""
        stem = unit_name(name)
        return {f"{stem}.service": self.service, f"{stem}.timer": self.timer, f"{stem}.crontab": self.crontab}


def unit_name(name: str) -> str:
    """Return the name of the units of the schedule *name*, without their ending."""
    return f"influence-graph-{name}"


def installed(
    schedule: ScheduleParameters, command: Sequence[str], folder: str, environment: Mapping[str, str]
) -> Installed:
    """Return the files that carry out *schedule*.

    Args:
        schedule: The schedule.
        command: The command that carries out what is due, with its arguments; no secret is in them.
        folder: Where it is started.
        environment: Variables that it needs, none of them secret.

    Raises:
        InputError: the schedule has ticks within a minute, or a word holds a line break or another control character.
    """
    for word in (*command, folder, *environment, *environment.values()):
        if not word.isprintable():
            raise InputError(
                f"{one_line(word, 80)!r} holds a control character, which no unit and no crontab can have",
                remedy="rename it",
            )
    minutes = minutes_of(schedule)
    lines = "".join(f"Environment={_in_quotes(f'{name}={value}')}\n" for name, value in environment.items())
    service = f"""[Unit]
Description=influence-graph: what is due of the schedule {schedule.name}
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
WorkingDirectory={_path(folder)}
{lines}# Secrets: NEO4J_PASSWORD_FILE=…, or variables in a file of mode 0600.
EnvironmentFile=-%E/influence-graph/environment
ExecStart={" ".join(map(_word, command))}
SuccessExitStatus={_STOPPED}
"""
    timer = f"""[Unit]
Description=influence-graph: looks whether the schedule {schedule.name} is due

[Timer]
OnCalendar=*-*-* *:{",".join(f"{minute:02}" for minute in minutes)}:00 UTC
Persistent=true
AccuracySec=1s
Unit={unit_name(schedule.name)}.service

[Install]
WantedBy=timers.target
"""
    words = [*(["env", *(f"{name}={value}" for name, value in environment.items())] if environment else []), *command]
    here = sorted({(minute + shift) % _HOUR for minute in minutes for shift in _shifts(None)})
    at = "*" if len(here) == _HOUR else ",".join(map(str, here))
    crontab = f"{at} * * * * cd {_in_crontab([folder])} && {_in_crontab(words)}\n"
    return Installed(service, timer, crontab)


def minutes_of(schedule: ScheduleParameters) -> tuple[int, ...]:
    """Return the minutes of every hour, in [0, 59], at which a tick of *schedule* may be due, in whatever zone.

    Raises:
        InputError: ticks are not on whole minutes.
    """
    if schedule.every is not None:
        minutes, rest = divmod(schedule.every, timedelta(minutes=1))
        if rest:
            seconds = schedule.every.total_seconds()
            raise InputError(
                f"--every is {seconds:g} s, and timers start things at whole minutes",
                remedy="give whole minutes, or let `schedule run` run on",
            )
        return tuple(range(0, _HOUR, gcd(minutes, _HOUR)))
    wanted = parse_cron(schedule.cron or "").minutes
    shifts = _shifts(zone_named(schedule.timezone))
    return tuple(sorted({(minute - shift) % _HOUR for minute in wanted for shift in shifts}))


def _shifts(zone: ZoneInfo | None) -> set[int]:
    """Return by how many minutes of the hour clocks of *zone*, None: of this machine, differ from UTC this year."""
    days = (datetime(datetime.now(UTC).year, month, 1, tzinfo=UTC) for month in range(1, 13))
    offsets = (day.astimezone(zone).utcoffset() or timedelta(0) for day in days)
    return {int(offset / timedelta(minutes=1)) % _HOUR for offset in offsets}


def _in_quotes(text: str) -> str:
    r"""Return *text* as a unit has it: in quotes, with ``%`` doubled (systemd.exec(5), systemd.unit(5)).

    Example:
        >>> print(_in_quotes('50% of "it"'))
        "50%% of \"it\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _word(text: str) -> str:
    """Return *text* as a word of ``ExecStart=``, where ``$`` is doubled, too (systemd.service(5))."""
    return _in_quotes(text).replace("$", "$$")


def _in_crontab(words: Sequence[str]) -> str:
    r"""Return *words* for a shell in a crontab, where ``%`` would end the line (crontab(5)).

    Example:
        >>> print(_in_crontab(["echo", "50% of it"]))
        echo '50\% of it'
    """
    return " ".join(map(shlex.quote, words)).replace("%", "\\%")


def _path(folder: str) -> str:
    """Return *folder* as ``WorkingDirectory=`` has it: no quotes, specifiers only."""
    return folder.replace("%", "%%")
