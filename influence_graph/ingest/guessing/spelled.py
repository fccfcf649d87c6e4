"""A mapping as options of the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.ingest.values.notation import Notation

_UNQUOTED = frozenset('"$`\\!\n')


def spelled(mapping: Mapping) -> list[str] | None:
    """Return *mapping* as options, quoted for a shell; None where only a file can say it: rows left out, other values.

    Example:
        >>> day = Rule(columns=("Created at",), notation=Notation(format="%d/%m/%Y"))
        >>> spelled(Mapping(kind="interactions", fields={"at": day, "brand": Rule(constant="acme")}))
        ['--as interactions', '--map at="Created at format %d/%m/%Y"', '--set brand=acme']
    """
    if mapping.skip or any(rule.notation.values or rule.notation.currency for rule in mapping.fields.values()):
        return None
    layout = mapping.layout
    options = [f"--as {mapping.kind}"]
    options += [f"--encoding {layout.encoding}"] if layout.encoding else []
    options += [f"--delimiter {quoted(layout.delimiter)}"] if layout.delimiter else []
    options += [f"--timezone {mapping.timezone}"] if mapping.timezone else []
    return options + [_option(name, rule) for name, rule in mapping.fields.items()]


def quoted(text: str) -> str:
    """Return *text* as one word of a shell, in quotes where it needs them.

    Example:
        >>> quoted("Created at"), quoted("plain"), quoted('say "so"')
        ('"Created at"', 'plain', '\\'say "so"\\'')
    """
    plain = shlex.quote(text)
    return plain if plain == text or not _UNQUOTED.isdisjoint(text) else f'"{text}"'


def _option(name: str, rule: Rule) -> str:
    if rule.constant is not None:
        return f"--set {name}={quoted(rule.constant)}"
    if rule.digest:
        return f"--map {name}=digest"
    return f"--map {name}={quoted(' '.join((' + '.join(rule.columns), *notation_words(rule.notation))))}"


def notation_words(notation: Notation) -> Iterator[str]:
    """Yield the rule words of *notation*, such as ``scale 0..10``."""
    pairs = (
        ("format", notation.format),
        ("unit", notation.unit),
        ("decimal", notation.decimal),
        ("prefix", notation.prefix),
        ("zone", notation.timezone),
    )
    yield from (f"{word} {value}" for word, value in pairs if value)
    if notation.scale is not None:
        yield "scale {:g}..{:g}".format(*notation.scale)
