"""The files that the Neo4j Browser is given, by name: guide, style, favorites and the page that signs in."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from influence_graph.explore.browser.favorites import archive
from influence_graph.explore.browser.guide import as_asciidoc, as_html, guide

if TYPE_CHECKING:
    from collections.abc import Mapping

GUIDE, STYLE, LOGIN = "guide.html", "style.grass", "login.html"
CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "adoc": "text/plain; charset=utf-8",
    "grass": "text/plain; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "zip": "application/zip",
}
"""Content types by the ends of names."""
_RULE = re.compile(r"([\w.]+)\s*\{((?:\"[^\"]*\"|[^}\"])*)\}")
_PROPERTY = re.compile(r"([\w-]+):\s*(?:\"([^\"]*)\"|([^;]*));")


@cache
def pages() -> Mapping[str, bytes]:
    """Return all files; equal versions give equal bytes."""
    shown = guide()
    texts = {GUIDE: as_html(shown), "guide.adoc": as_asciidoc(shown)}
    texts |= {name: _packaged(name) for name in (STYLE, LOGIN, "login.js")}
    files = {name: text.encode() for name, text in texts.items()}
    return MappingProxyType(files | {"favorites.zip": archive()})


def style() -> dict[str, dict[str, str]]:
    """Return the style as the Browser keeps it: properties by selector."""
    return {
        selector: {name: quoted or plain.strip() for name, quoted, plain in _PROPERTY.findall(body)}
        for selector, body in _RULE.findall(_packaged(STYLE))
    }


def content_type(name: str) -> str:
    """Return the content type of the file *name*."""
    return CONTENT_TYPES[name.rpartition(".")[2]]


def _packaged(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
