"""The guide: slides from one file, drawn as HTML for the classic Browser and as AsciiDoc for the new one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from influence_graph.explore.catalogue import question

_MARKS = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


@dataclass(frozen=True)
class Query:
    """One query of a slide.

    Attributes:
        title: A few words.
        text: Cypher without parameters.
        needs: Kinds of results that must have been written.
        question: The name of the question of the catalogue that it is; "" for a picture.
    """

    title: str
    text: str
    needs: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True)
class Slide:
    """One slide: its title, paragraphs and queries."""

    title: str
    texts: tuple[str, ...]
    queries: tuple[Query, ...]


@dataclass(frozen=True)
class Guide:
    """All slides under one title."""

    title: str
    slides: tuple[Slide, ...]

    @property
    def queries(self) -> tuple[Query, ...]:
        """All queries, in their order."""
        return tuple(each for slide in self.slides for each in slide.queries)


@cache
def guide() -> Guide:
    """Return the guide."""
    source = tomllib.loads(resources.files(__package__).joinpath("guide.toml").read_text("utf-8"))
    slides = [
        Slide(row["title"], tuple(row["texts"]), tuple(_query(each) for each in row["queries"]))
        for row in source["slides"]
    ]
    return Guide(source["title"], tuple(slides))


def as_html(shown: Guide) -> str:
    """Return *shown* for ``:guide`` and ``:play`` of the classic Browser, which runs no scripts of it."""
    slides = "".join(_slide_html(slide) for slide in shown.slides)
    head = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{escape(shown.title)}</title>\n'
    return f'{head}<article class="guide">\n<carousel class="deck">\n{slides}</carousel>\n</article>\n'


def as_asciidoc(shown: Guide) -> str:
    """Return *shown* as the AsciiDoc that guides of the new Browser are written in."""
    parts = [f"= {shown.title}\n"]
    for slide in shown.slides:
        parts.append(f"== {slide.title}\n")
        parts += [f"{text}\n" for text in slide.texts]
        for query in slide.queries:
            parts.append(f".{query.title}{_needs(query)}\n[source,cypher]\n----\n{query.text}\n----\n")
    return "\n".join(parts)


def _query(row: Mapping[str, Any]) -> Query:
    if "question" not in row:
        return Query(row["title"], row["cypher"].strip(), tuple(row.get("needs", ())))
    asked = question(row["question"])
    return Query(asked.title, asked.filled(row.get("values")), asked.needs, asked.name)


def _slide_html(slide: Slide) -> str:
    texts = "".join(f"<p>{_marked(text)}</p>\n" for text in slide.texts)
    queries = "".join(
        f"<h4>{escape(query.title + _needs(query))}</h4>\n"
        f'<pre mode="cypher" class="pre-scrollable programlisting cm-s-neo code runnable standalone-example">'
        f"{escape(query.text, quote=False)}</pre>\n"
        for query in slide.queries
    )
    inner = f"<h3>{escape(slide.title)}</h3>\n{texts}{queries}"
    return f'<slide>\n<div style="padding: 0 18px 18px">\n{inner}</div>\n</slide>\n'


def _marked(text: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _MARKS.finditer(text):
        parts.append(escape(text[end : found.start()], quote=False))
        kind, inner = ("code", found[1]) if found[1] else ("strong", found[2])
        parts.append(f"<{kind}>{escape(inner, quote=False)}</{kind}>")
        end = found.end()
    return "".join([*parts, escape(text[end:], quote=False)])


def _needs(query: Query) -> str:
    """Return which commands must have been run with --write, "" where none."""
    return f" (needs {', '.join(query.needs)})" if query.needs else ""
