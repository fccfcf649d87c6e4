"""How to get the figures of a page again: commands for a shell, with the files that they read."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from influence_graph.model.policy.file import dump_policy
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.touchpoints_file import dump_changes

if TYPE_CHECKING:
    from influence_graph.stores.base import Reader

_POLICY, _TOUCHPOINTS = "page-policy.toml", "page-touchpoints.toml"
_END = "END"  # of a file within the commands; no line of such a file is this word


def commands(view: Reader, policy: FusionPolicy, *lines: Sequence[str]) -> str:
    """Return *lines* as commands that can be pasted into a POSIX shell, the files that they read before them.

    Args:
        view: The store that they read; its touchpoint table holds where *policy* has the same.
        policy: Parameters of the scores: options where these say it all, else a file.
        lines: The words of each command after ``influence-graph``, without policy and store. One that begins with
            ``-`` takes no policy: it is written with the rest of its words.
    """
    files, options = _options(policy, view)
    written = [f"cat > {name} <<'{_END}'\n{text.rstrip()}\n{_END}" for name, text in files.items()]
    store = ["--store", view.url]
    calls = [
        ["influence-graph", *line[1:], *store] if line[0] == "-" else ["influence-graph", *line, *options, *store]
        for line in lines
    ]
    return "\n".join([*written, *map(shlex.join, calls)])


def at(as_of: datetime | None) -> list[str]:
    """Return the option that names the time *as_of*."""
    return [] if as_of is None else ["--as-of", as_of.isoformat()]


def length(span: timedelta) -> str:
    """Return *span* as the commands take it, exactly.

    Example:
        >>> length(timedelta(days=30)), length(timedelta(hours=36))
        ('30d', '129600s')
    """
    days = span / timedelta(days=1)
    return f"{days:.0f}d" if days == int(days) else f"{span.total_seconds()!r}s".replace(".0s", "s")


def _options(policy: FusionPolicy, view: Reader) -> tuple[dict[str, str], list[str]]:
    """Return the files and the options that make *policy* of the default one and the table of *view*."""
    files: dict[str, str] = {}
    options: list[str] = []
    if policy.table != view.touchpoints():
        files[_TOUCHPOINTS] = dump_changes(policy.table)
        options += ["--touchpoints", _TOUCHPOINTS]
    default = FusionPolicy(table=policy.table)
    flags = _flags(policy, default)
    if flags is not None:
        return files, [*options, *flags]
    files[_POLICY] = "\n".join(line for line in dump_policy(policy).splitlines() if line and not line.startswith("#"))
    return files, [*options, "--policy", _POLICY]


def _flags(policy: FusionPolicy, default: FusionPolicy) -> list[str] | None:
    """Return the options that make *policy* of *default*; None where no options do."""
    alike = replace(default, outcome=policy.outcome, half_life_days=policy.half_life_days, spillover=policy.spillover)
    half_lives = _half_lives(policy.half_life_days)
    if alike != policy or half_lives is None:
        return None
    flags = [] if policy.outcome == default.outcome else ["--outcome", policy.outcome]
    for each in half_lives if policy.half_life_days != default.half_life_days else []:
        flags += ["--half-life", each]
    return flags if policy.spillover == default.spillover else [*flags, "--spillover", repr(policy.spillover)]


def _half_lives(given: float | Mapping[str, float]) -> list[str] | None:
    """Return the values of ``--half-life``; None where a length of time is not exact in the digits of an option."""
    pairs = {"": given} if not isinstance(given, Mapping) else {f"{name}=": days for name, days in given.items()}
    texts = []
    for name, days in pairs.items():
        if math.isfinite(days) and timedelta(days=days) / timedelta(days=1) != days:
            return None
        texts.append(f"{name}{days!r}d" if math.isfinite(days) else f"{name}inf")
    return texts
