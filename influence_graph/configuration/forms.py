"""What the tables of a configuration may hold, by the types of its sections; texts become lengths of time and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from influence_graph.errors import InputError
from influence_graph.model.times import duration_of
from influence_graph.text import did_you_mean, one_line

KeyPath: TypeAlias = tuple[str | int, ...]
Refuse: TypeAlias = Callable[[KeyPath, list[str]], InputError]
"""Makes the error that a key is not among the names, or, where there are none, that a value must be a table."""
_KIND = "kind"  # tells apart the tables of an array


class Misread(Exception):
    """A text is not what a key holds; ``path`` says which."""

    def __init__(self, path: KeyPath, error: InputError) -> None:
        super().__init__(str(error))
        self.path, self.error = path, error


def prepared(form: Any, value: Any, path: KeyPath, refuse: Refuse) -> Any:  # noqa: ANN401 - any type and value
    """Return *value*, given at *path* for the type *form*, with its texts as what the type holds.

    Raises:
        InputError: what *refuse* makes of a key that no dataclass has, and of what should be a table.
        Misread: a text is no length of time, no path, or no kind.
    """
    form = plain(form)
    if is_dataclass(form):
        return _table(hints(form), value, path, refuse)
    origin, arguments = get_origin(form), get_args(form)
    if origin is dict and arguments[1] is not Any:
        if not isinstance(value, Mapping):
            raise refuse(path, [])
        return {key: prepared(arguments[1], item, (*path, key), refuse) for key, item in value.items()}
    if origin is tuple and isinstance(value, list):
        return [prepared(arguments[0], item, (*path, place), refuse) for place, item in enumerate(value)]
    if origin is tuple and isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if origin in (Union, UnionType):
        return _one_of(arguments, value, path, refuse)
    return _text(form, value, path)


def plain(form: Any) -> Any:  # noqa: ANN401
    """Return the type *form* without what is annotated, and without None."""
    while True:
        if get_origin(form) is Annotated:
            form = get_args(form)[0]
            continue
        rest = [each for each in get_args(form) if each is not type(None)]
        if get_origin(form) not in (Union, UnionType) or len(rest) != 1:
            return form
        form = rest[0]


def is_table(form: Any) -> bool:  # noqa: ANN401
    """Return whether a value of the type *form* is a table, tables by name, or an array of tables."""
    form = plain(form)
    return is_dataclass(form) or get_origin(form) in (dict, tuple)


def hints(form: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the types of the fields of the dataclass *form*."""
    found = get_type_hints(form, include_extras=True)
    return {each.name: found[each.name] for each in fields(form)}


def leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:  # noqa: ANN401
    """Yield what *value*, of dataclasses, mappings and sequences of these, holds, by path."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from leaves(getattr(value, each.name), (*path, each.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, tuple) and any(is_dataclass(item) for item in value):
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    else:
        yield path, value


def _table(keys: Mapping[str, Any], value: Any, path: KeyPath, refuse: Refuse) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(value, Mapping):
        raise refuse(path, [])
    for key in value:
        if key not in keys:
            raise refuse((*path, key), list(keys))
    return {key: prepared(keys[key], item, (*path, key), refuse) for key, item in value.items()}


def _one_of(forms: tuple[Any, ...], value: Any, path: KeyPath, refuse: Refuse) -> Any:  # noqa: ANN401
    """Return *value*, which one of *forms* takes: of tables, the one of its kind."""
    tables = [form for form in map(plain, forms) if is_dataclass(form)]
    if not tables:
        return value
    if not isinstance(value, Mapping):
        raise refuse(path, [])
    kinds = {str(next(each.default for each in fields(form) if each.name == _KIND)): form for form in tables}
    kind = value.get(_KIND)
    if not isinstance(kind, str) or kind not in kinds:
        fault = "is missing" if kind is None else f"{one_line(repr(kind), 60)} is none"
        remedy = did_you_mean(kind, kinds, f"use {', '.join(kinds)}")
        raise Misread((*path, _KIND), InputError(fault, remedy=remedy))
    return prepared(kinds[kind], value, path, refuse)


def _text(form: Any, value: Any, path: KeyPath) -> Any:  # noqa: ANN401
    if not isinstance(value, str):
        return value
    if form is Path:
        if "\0" in value:
            message = f"{one_line(repr(value), 60)} is no path"
            raise Misread(path, InputError(message, remedy="write one without the character \\u0000"))
        return Path(value).expanduser()
    if form is not timedelta:
        return value
    try:
        return duration_of(value)
    except InputError as error:
        raise Misread(path, error) from error
