"""Reading the configuration: environment before file before default, and each error with its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError, model_validator
from pydantic_settings.exceptions import SettingsError

from influence_graph.configuration.forms import KeyPath, Misread, is_table, leaves, prepared
from influence_graph.configuration.sections import DELIMITER, LIMITS, NEO4J, PREFIX, Configuration
from influence_graph.errors import InputError
from influence_graph.model.toml_file import TomlText, read_toml
from influence_graph.text import did_you_mean, one_line, without_credentials

_FORM = "docs/reference/configuration.md"
_DEFAULT = "default"
_REMEDIES = {
    "int": "write a whole number",
    "float": "write a number",
    "bool": "write true or false",
    "timedelta": "write for example 30d, 36h, 30m or 30s",
    "time": "write for example 30d, 36h, 30m or 30s",
    "string": "write it between quotes",
    "path": "write the path of a file between quotes",
    "tuple": 'write a list, such as ["rank", "score"]',
    "missing": "write it",
    "union": "name one of these as its kind",
}
"""What to write, by how the types of pydantic's errors begin."""


@dataclass(frozen=True)
class Loaded:
    """The configuration as it holds, and where each value comes from.

    Attributes:
        values: All settings.
        file: The file that was read, None where there is none.
        given: What file and environment state, as stated.
        text: The text of the file.
        environment: The variables.
    """

    values: Configuration
    file: Path | None
    given: Mapping[str, Any] = field(repr=False)
    text: TomlText = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)

    def origin(self, path: KeyPath) -> str:
        """Return where the value at *path* comes from: a variable, ``FILE:LINE``, or ``default``."""
        return _origin(path, self.text, self.environment) or _DEFAULT

    def place(self, path: KeyPath) -> str:
        """Return where the value at *path* is stated, or the table in which it could be."""
        return _place(path, self.text, self.environment)

    def rows(self) -> Iterator[tuple[str, Any, str]]:
        """Yield key, value and origin of each setting; what may be a secret is hidden."""
        for name in type(self.values).model_fields:
            for path, value in leaves(getattr(self.values, name), (name,)):
                yield dotted(path), _hidden(path, value), self.origin(path)
        if self.environment.get("NEO4J_PASSWORD"):
            yield "neo4j.password", "(hidden)", "NEO4J_PASSWORD"


def load(file: Path | None) -> Loaded:
    """Return the configuration of *file*, None: of environment and defaults alone.

    Raises:
        UnreadableFile: the file cannot be read, or is not TOML.
        InputError: a key or a variable is unknown, or a value is out of its limits.
    """
    environment = dict(os.environ)
    text = TomlText("" if file is None else read_toml(file, "configuration", f"see {_FORM}"), str(file or ""))
    content = text.content(_FORM)
    _check_variables(environment)
    server = {key: environment[name] for key, name in NEO4J.items() if environment.get(name)}
    if server:
        content["neo4j"] = {**text.table(content, ("neo4j",)), **server}
    given: dict[str, Any] = {}

    class Checked(Configuration):
        @model_validator(mode="before")
        @classmethod
        def _prepare(cls, merged: dict[str, Any]) -> dict[str, Any]:
            given.update(merged)
            return _prepared(merged, text, environment)

    try:
        values = Checked(**content)
    except ValidationError as error:
        _tell(error, text, environment)
    except Misread as error:
        place = _place(error.path, text, environment)
        message = f"{place}: {dotted(error.path)}: {error.error.message}"
        raise InputError(message, remedy=error.error.remedy) from None
    except SettingsError as error:
        raise InputError(f"the environment: {error}", remedy=f"check the variables {PREFIX}…{DELIMITER}…") from None
    return Loaded(values, file, given, text, environment)


def dotted(path: KeyPath) -> str:
    """Return *path* as people write it: places in arrays count from 1."""
    return ".".join(str(part) if isinstance(part, str) else f"{part + 1}" for part in path)


def _prepared(merged: dict[str, Any], text: TomlText, environment: Mapping[str, str]) -> dict[str, Any]:
    forms = {name: each.annotation for name, each in Configuration.model_fields.items()}

    def refuse(path: KeyPath, names: list[str]) -> InputError:
        place = _place(path, text, environment)
        if not names:
            return InputError(f"{place}: {dotted(path)} must be a table", remedy=f"write [{dotted(path)}]")
        remedy = did_you_mean(path[-1], names, f"use {', '.join(names)}")
        return InputError(f"{place}: unknown key {one_line(dotted(path), 100)}", remedy=remedy)

    for key in merged:
        if key not in forms:
            raise refuse((key,), list(forms))
    found = {key: prepared(forms[key], value, (key,), refuse) for key, value in merged.items()}
    for name, table in found.get("schedule", {}).items():  # the key is the name
        if table.get("name", name) != name:
            place = _place(("schedule", name, "name"), text, environment)
            raise InputError(f"{place}: [schedule.{name}] has another name", remedy="leave the key name out")
        table["name"] = name
    return found


def _check_variables(environment: Mapping[str, str]) -> None:
    """Refuse variables that would set nothing: of no section, or of a section as a whole."""
    sections = [name for name, each in Configuration.model_fields.items() if is_table(each.annotation)]
    usable = [name for name in sections if name not in ("alerts", "neo4j")]
    for variable, value in environment.items():
        name, separator, key = variable.upper().partition(DELIMITER)
        section = name.removeprefix(PREFIX).lower()
        if not name.startswith(PREFIX) or not value or (section not in sections and not separator):
            continue
        if section == "neo4j":
            raise InputError(f"{variable} sets nothing", remedy=f"use {', '.join(NEO4J.values())}")
        if section == "alerts":
            raise InputError(f"{variable} sets nothing", remedy="write each alert as [[alerts]] in the file")
        if not separator:
            raise InputError(f"{variable} sets nothing", remedy=f"use {variable}{DELIMITER}KEY for each key")
        if section not in usable:
            remedy = did_you_mean(section, usable, f"use one of {', '.join(usable)} before {DELIMITER}{key}")
            raise InputError(f"{variable} is of no section of the configuration", remedy=remedy)


def _variable(path: KeyPath, environment: Mapping[str, str]) -> str | None:
    """Return the variable that states the value at *path*, None where there is none."""
    keys = [str(part) for part in path]
    if keys[0] == "neo4j" and len(keys) > 1:
        name = NEO4J.get(keys[1], "")
        return name if environment.get(name) else None
    wanted = [PREFIX + DELIMITER.join(keys[:count]) for count in range(len(keys), 0, -1)]
    upper = {name.upper(): name for name in environment if environment[name]}
    return next((upper[name.upper()] for name in wanted if name.upper() in upper), None)


def _origin(path: KeyPath, text: TomlText, environment: Mapping[str, str]) -> str | None:
    variable = _variable(path, environment)
    if variable is not None:
        return variable
    value: Any = text.content(_FORM)
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return f"{text.file}:{text.line(path)}"


def _place(path: KeyPath, text: TomlText, environment: Mapping[str, str]) -> str:
    """Return where the value at *path* is stated, or where the table that lacks it is."""
    for count in range(len(path), 0, -1):
        place = _origin(path[:count], text, environment)
        if place is not None:
            return place
        table = PREFIX + DELIMITER.join(map(str, path[:count])).upper() + DELIMITER
        inside = next((name for name in environment if name.upper().startswith(table)), None)
        if inside is not None:
            return inside
    return text.file or "environment"


def _tell(error: ValidationError, text: TomlText, environment: Mapping[str, str]) -> NoReturn:
    """Raise the first error of *error* as one line."""
    first = error.errors(include_url=False)[0]
    path = _without_kinds(first["loc"])
    place, context = _place(path, text, environment), first.get("ctx", {})
    if first["type"] == LIMITS:
        raise InputError(f"{place}: {context['message']}", remedy=context["remedy"]) from None
    remedy = next((text_ for kind, text_ in _REMEDIES.items() if first["type"].startswith(kind)), f"see {_FORM}")
    if first["type"] == "missing":
        raise InputError(f"{place}: {dotted(path)} is missing", remedy=remedy) from None
    message = first["msg"].removeprefix("Input should be ")
    value = one_line(without_credentials(repr(first["input"])), 80)
    raise InputError(f"{place}: {dotted(path)} is {value}, must be {message}", remedy=remedy) from None


def _without_kinds(path: tuple[str | int, ...]) -> KeyPath:
    """Return *path* without the kinds by which pydantic tells the tables of an array apart."""
    return tuple(part for place, part in enumerate(path) if place != 2 or path[0] != "alerts")


def _hidden(path: KeyPath, value: Any) -> Any:  # noqa: ANN401
    """Return *value* without what signs in somewhere: credentials, and the path of a webhook."""
    if isinstance(value, tuple | list):
        return type(value)(_hidden(path, item) for item in value)
    if not isinstance(value, str | Path):
        return value
    shown = without_credentials(str(value))
    if path[-1] == "webhook":
        scheme, separator, rest = shown.partition("://")
        return f"{scheme}{separator}{rest.partition('/')[0]}/…"
    return shown
