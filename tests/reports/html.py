"""Pages as parsed HTML, and the names that they must show as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'); DROP TABLE x;--",
    "</svg></style><b>bold</b>",
    "{{ 7 * 7 }}{% raw %}",
    "😀 Ünïcödé 名前 \u202eevil",
    "a\x1b[31mred\x00",
    "x" * 5000,
    "https://evil.example/a.js",
    "&amp;&lt;",
]


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, tag: str, name: str) -> list[str]:
        return [value for t, n, value in self.attributes if (t, n) == (tag, name)]


def assert_self_contained(page: Page) -> None:
    assert not {"script", "iframe", "object", "embed", "base", "form", "b", "img"} & set(page.tags)
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in {"src", "href", "xlink:href", "action", "data", "srcset", "poster"}:
            assert value.startswith("#") or value == "data:,"
        if name in {"style", "fill", "stroke", "clip-path", "filter"}:
            assert not re.search(r"url\((?!#)", value)
