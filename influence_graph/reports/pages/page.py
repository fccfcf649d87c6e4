"""The one writer of pages: self-contained HTML, light and dark, that can load nothing; scripts are inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import jinja2

from influence_graph.reports.pages.network import digest_of, drawing, licenses, scripts
from influence_graph.reports.words import integer_text, printable, time_text
from influence_graph.version import __version__

if TYPE_CHECKING:
    from influence_graph.reports.pages.parts import Section


@dataclass(frozen=True)
class Page:
    """What a page holds.

    Attributes:
        title: Its heading.
        sections: Its parts, in their order.
        lead: A paragraph under the heading.
        tiles: Numbers to show large, each with what it counts.
        generated_at: When it was made, with a zone; None where it does not matter.
        as_of: The time for which the scores stand.
        store: Address of the store, without user name or password.
        version: Version of the program.
    """

    title: str
    sections: Sequence[Section]
    lead: str = ""
    tiles: Sequence[tuple[int, str]] = ()
    generated_at: datetime | None = None
    as_of: datetime | None = None
    store: str = ""
    version: str = __version__


def render_page(page: Page) -> str:
    """Return *page* as HTML that needs no other file and can make no request; all text is escaped.

    Scripts stand in it only where a section has a network. Its Content Security Policy
    (https://www.w3.org/TR/CSP3/) names each of them by digest, so that no other one can run, and forbids to load
    anything.
    """
    drawings = {section.anchor: drawing(section.network) for section in page.sections if section.network}
    script_texts = scripts() if drawings else []
    return _template().render(
        title=printable(page.title),
        lead=printable(page.lead, 2000),
        tiles=[(integer_text(number), printable(kind, 40)) for number, kind in page.tiles],
        made=time_text(page.generated_at) if page.generated_at else "",
        as_of=time_text(page.as_of) if page.as_of else "",
        version=printable(page.version),
        store=printable(page.store),
        sections=page.sections,
        drawings=drawings,
        scripts=script_texts,
        digests=[digest_of(script) for script in script_texts],
        licenses=licenses() if drawings else [],
    )


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("influence_graph.reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("page.html.j2")
