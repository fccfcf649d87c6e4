"""Parameters of what is generated: their limits and files of them; its ids, and the file of its truth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.files import write_whole

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_P = TypeVar("_P", bound="DataclassInstance")


def check_limits(parameters: object, limits: Mapping[str, tuple[float, float]]) -> None:
    """Check the attributes of *parameters* that *limits* names; None is within all limits.

    Raises:
        InputError: a value is outside its limits, or is no whole number where the limits are.
    """
    for name, (low, high) in limits.items():
        value = getattr(parameters, name)
        if value is None:
            continue
        if isinstance(low, int) and isinstance(value, float):
            raise InputError(f"{name} {value!r} is not a whole number", remedy="choose a whole number")
        if not low <= value <= high:
            raise InputError(
                f"{name} {value!r} is outside {low:,} to {high:,}", remedy="choose a value within these limits"
            )


def parameters_from_json(kind: type[_P], text: str, where: str) -> _P:
    """Return the parameters of *kind* given as a JSON object of some of its fields.

    Raises:
        UnreadableFile: it is not such an object.
        InputError: a value is outside its limits.
    """
    remedy = f"write a JSON object with some of {', '.join(field.name for field in fields(kind))}"
    try:
        values: Any = json.loads(text)
        if isinstance(values, dict) and "start" in values:
            values["start"] = date.fromisoformat(values["start"])
        return kind(**values)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnreadableFile(f"{where}: {error}", remedy=remedy) from error


def read_parameters_of(kind: type[_P], path: Path) -> _P:
    """Return the parameters of *kind* in the JSON file *path*.

    Raises:
        UnreadableFile: it cannot be read, or is not an object of parameters.
        InputError: a value is outside its limits.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path} cannot be read: {error}", remedy="give a JSON file of parameters") from error
    return parameters_from_json(kind, text, str(path))


def plain_parameters(parameters: DataclassInstance) -> dict[str, Any]:
    """Return *parameters* as JSON values."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(parameters).items()}


def numbered(prefix: str, size: int) -> list[str]:
    """Return *size* ids of the same length, numbered from 1, in ascending order."""
    width = len(str(size))
    return [f"{prefix}{number:0{width}d}" for number in range(1, size + 1)]


def truth_text(truth: Mapping[str, Any]) -> str:
    """Return *truth* as the text of a JSON file."""
    return json.dumps(truth, indent=1, sort_keys=True) + "\n"


def write_truth(truth: Mapping[str, Any], path: Path) -> None:
    """Write *truth* as JSON to *path*.

    Raises:
        InputError, UnwritableFile: it cannot be written.
    """
    write_whole(path, truth_text(truth))
