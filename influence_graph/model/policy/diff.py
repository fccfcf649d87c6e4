"""Differences of two policies, or of the records of two runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from influence_graph.model.policy.policy import FusionPolicy, recorded_settings

Value = str | float | None


class Change(NamedTuple):
    """One parameter with its old and its new value; None: it is not set."""

    parameter: str
    old: Value
    new: Value


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return the parameters that differ between two records of :meth:`FusionPolicy.to_dict`.

    Parameters are named as in a policy file, ``weights.recommend.engagement``; a pair of rivals is
    ``rivals.one|other``, None where it is not named, ``table`` is the digest of the touchpoint table and
    ``kinds.KIND.weight`` what it says beside the built-in one. Parameters that records of earlier versions lack have
    their defaults.

    Example:
        >>> differences(FusionPolicy().to_dict(), FusionPolicy(spillover=0.5).to_dict())
        [Change(parameter='spillover', old=0.25, new=0.5)]
    """
    before, after = (dict(_flat(_completed(record))) for record in (old, new))
    names = [*before, *(name for name in after if name not in before)]
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return [Change(*pair) for pair in pairs if pair[1] != pair[2]]


def _completed(record: Mapping[str, Any]) -> dict[str, Any]:
    known = FusionPolicy(**recorded_settings(record)).to_dict()
    return known | {name: record.get(name, known[name]) for name in ("table", "kinds")}


def _flat(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Value]]:
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield from ((f"{prefix}{name}.{'|'.join(pair['brands'])}", pair["relation"]) for pair in value)
        else:
            yield f"{prefix}{name}", value
