"""Pages as parsed HTML, and the names that they must show as text."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from influence_graph.reports.pages.network import scripts

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
        self.scripts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "script":
            self.scripts.append((dict(attrs).get("type") or "", ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            kind, text = self.scripts.pop()
            self.scripts.append((kind, text + data))
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, tag: str, name: str) -> list[str]:
        return [value for t, n, value in self.attributes if (t, n) == (tag, name)]


def assert_self_contained(page: Page) -> None:
    """Check that *page* names nothing to load, runs none but the scripts that its policy lists, and these are ours."""
    assert not {"iframe", "object", "embed", "base", "form", "b"} & set(page.tags)
    policy = next(value for value in page.values("meta", "content") if value.startswith("default-src"))
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'")
    run = [text for kind, text in page.scripts if kind != "application/json"]
    assert run == (scripts() if run else [])
    assert re.findall("'sha256-([^']*)'", policy) == [
        b64encode(sha256(text.encode()).digest()).decode() for text in run
    ]
    assert ("script-src" in policy) == bool(run)
    assert page.tags.count("img") == page.tags.count("script") - len(run)  # where a network is printed
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in {"src", "href", "xlink:href", "action", "data", "srcset", "poster"}:
            assert value.startswith("#") or value == "data:,"
        if name in {"style", "fill", "stroke", "clip-path", "filter"}:
            assert not re.search(r"url\((?!#)", value)
