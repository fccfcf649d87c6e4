"""TOML files that people write: read with limits, and with the line in each error."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.model.toml_lines import KeyPath, line_of
from influence_graph.text import did_you_mean

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class TomlText:
    """The text of one file, whose errors begin ``FILE:LINE``."""

    text: str
    file: str

    def content(self, form: str) -> dict[str, Any]:
        """Return the keys and values; *form* says where the right form is shown.

        Raises:
            UnreadableFile: it is not TOML.
        """
        try:
            return tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:  # tomllib lets int() complain of too many digits
            at = re.search(r"line (\d+)", str(error))
            line = at[1] if at else self.text.rstrip().count("\n") + 1
            what = error or "too deeply nested"
            raise UnreadableFile(f"{self.file}:{line}: not TOML: {what}", remedy=f"see {form} for the form") from error

    def table(self, content: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
        """Return the table at *path* of *content*, empty where there is none."""
        value: Any = content
        for key in path:
            value = value.get(key, {})
        if isinstance(value, Mapping):
            return value
        raise self.refused(path, f"{'.'.join(path)} is {value!r}, must be a table", f"write [{'.'.join(path)}]")

    def known(self, path: KeyPath, given: Iterable[str], names: Iterable[str]) -> None:
        """Refuse a key that is not in *names*."""
        names = list(names)
        for key in given:
            if key not in names:
                where = ".".join(str(part) for part in (*path, key) if isinstance(part, str))
                remedy = did_you_mean(key, names, f"use {', '.join(names)}")
                raise self.refused((*path, key), f"unknown key {where}", remedy)

    def refused(self, path: KeyPath, message: str, remedy: str) -> InputError:
        """Return the error that *message* is true of the key at *path*."""
        return InputError(f"{self.file}:{self.line(path)}: {message}", remedy=remedy)

    def line(self, path: KeyPath) -> int:
        """Return the line, from 1, on which what gives the key at *path* begins."""
        return line_of(self.text, path)


def read_toml(path: Path, what: str, form: str) -> str:
    """Return the text of the file *path*, which is a *what*, such as a policy; *form* is what writes one.

    Raises:
        UnreadableFile: it cannot be read, is too large, or is not UTF-8.
    """
    if path.is_fifo() and path.parts[:2] != ("/", "dev"):  # opening it could wait for ever
        raise UnreadableFile(f"the {what} {path} is a named pipe", remedy="name a TOML file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        remedy = f"name a TOML file that can be read, such as {form} writes"
        raise UnreadableFile(f"cannot read the {what} {path}: {error.strerror}", remedy=remedy) from error
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"{path} has more than {MAX_BYTES:,} bytes", remedy=f"a {what} file is smaller: name it")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{path}:{line}: not UTF-8 text", remedy="save the file as UTF-8") from error


def toml_text(value: str) -> str:
    """Return *value* as a TOML string."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
