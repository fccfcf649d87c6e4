"""Texts on the command line: what is not UTF-8 is refused once, for every option and argument that is a text."""

from __future__ import annotations

import unicodedata

import click

from influence_graph.text import one_line


class PlainType(click.ParamType[str]):
    """A text as it is typed."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value*; bytes that are not UTF-8 come as lone surrogates, which nothing here can hold."""
        text = str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail(f"{one_line(text, 60)!r} is not UTF-8 text; type it in a terminal of UTF-8", param, ctx)
        return text


class TextType(PlainType):
    """An id, or a text in which one stands, in the form that stores hold: NFC, without spaces around it."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* in that form; a terminal may give ``e`` and an accent for ``é``."""
        return unicodedata.normalize("NFC", super().convert(value, param, ctx)).strip()


def check_texts(command: click.Command) -> None:
    """Let every parameter of *command*, and of those within it, that takes any text take UTF-8 only."""
    for param in command.params:
        if param.type is click.STRING:
            param.type = PlainType()
    for within in command.commands.values() if isinstance(command, click.Group) else ():
        check_texts(within)
