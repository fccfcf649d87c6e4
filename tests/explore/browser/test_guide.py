"""Guide, style and favorites: one source, complete, the same bytes each time."""

from __future__ import annotations

import io
import re
from html import unescape
from zipfile import ZipFile

import pytest

from influence_graph.errors import InputError
from influence_graph.explore.browser.favorites import PICTURES, archive, favorites
from influence_graph.explore.browser.guide import Guide, Query, Slide, as_asciidoc, as_html, guide
from influence_graph.explore.browser.pages import content_type, pages, style
from influence_graph.explore.catalogue import catalogue, question
from influence_graph.model.results import RESULTS
from influence_graph.stores.neo4j.queries import folder

ODD = Guide("a & b", (Slide("x < y", ("`a<b` and **c & d**, 1 < 2",), (Query("t", "MATCH (a)<-[r]-(b) RETURN r"),)),))


def test_html_and_asciidoc_hold_the_same_slides_and_queries() -> None:
    html, adoc = as_html(guide()), as_asciidoc(guide())
    assert [unescape(text) for text in re.findall(r"<h3>(.*?)</h3>", html)] == re.findall(r"^== (.*)$", adoc, re.M)
    inside = re.findall(r"<pre [^>]*runnable[^>]*>(.*?)</pre>", html, re.S)
    assert [unescape(text) for text in inside] == re.findall(r"----\n(.*?)\n----", adoc, re.S)
    assert len(inside) == len(guide().queries) >= 20


def test_marks_and_signs_of_html_are_drawn() -> None:
    html = as_html(ODD)
    assert "<title>a &amp; b</title>" in html
    assert "<p><code>a&lt;b</code> and <strong>c &amp; d</strong>, 1 &lt; 2</p>" in html
    assert "MATCH (a)&lt;-[r]-(b) RETURN r</pre>" in html
    assert "`a<b` and **c & d**" in as_asciidoc(ODD)


def test_queries_stand_alone_and_name_what_they_need() -> None:
    for query in guide().queries:
        assert "$" not in query.text
        assert ";" not in query.text
        assert set(query.needs) <= set(RESULTS)
        assert ("(run:Run)" in query.text) <= bool(query.needs)


def test_questions_of_the_guide_are_those_of_the_catalogue() -> None:
    asked = {query.question for query in guide().queries} - {""}
    assert len(asked) >= 10
    assert asked <= set(catalogue())
    bonds = question("brand-bonds")
    assert "{id: 'it\\'s'}" in bonds.filled({"brand": "it's"})
    assert bonds.filled({"brand": "x", "limit": 3}).endswith("LIMIT 3")


def test_a_value_that_the_question_does_not_take_is_refused() -> None:
    with pytest.raises(InputError, match="limit"):
        question("brand-bonds").filled({"limit": "many"})


def test_favorites_are_all_questions_by_topic_and_the_pictures() -> None:
    with ZipFile(io.BytesIO(archive())) as file:
        assert file.testzip() is None
        texts = {name: file.read(name).decode() for name in file.namelist()}
    assert texts == favorites()
    for name, each in catalogue().items():
        assert texts[f"{each.topic}/{name}.cypher"].startswith(f"// {each.title}\n")
    assert sum(name.startswith(f"{PICTURES}/") for name in texts) == sum(not q.question for q in guide().queries)
    assert archive() == archive()


def test_the_style_names_labels_types_and_properties_that_the_store_writes() -> None:
    written = "".join(path.read_text() for path in (folder() / "store").glob("*.cypher"))
    for selector, properties in style().items():
        kind, _, name = selector.partition(".")
        assert kind in ("node", "relationship")
        assert not name or re.search(rf":{name}\b", written), name
        for shown in re.findall(r"\{(\w+)\}", properties.get("caption", "")):
            assert re.search(rf"\b{shown}\b", written), shown


def test_the_style_tells_apart_what_must_be_seen() -> None:
    rules = style()
    kinds = ["node.Consumer", "node.ActiveInfluencer", "node.PassiveInfluencer", "node.Brand"]
    assert len({rules[kind]["color"] for kind in kinds}) == len(kinds)
    assert rules["node.TopInfluencer"]["border-color"] != rules["node.Consumer"]["border-color"]
    for kind in ("Active", "Passive"):  # found and declared have one color, and another border
        found, declared = (rules[f"node.{which}{kind}Influencer"] for which in ("Found", ""))
        assert found["color"] == declared["color"]
        assert found["border-color"] not in (declared["border-color"], rules["node.TopInfluencer"]["border-color"])
    signs = [rules[f"relationship.{name}"] for name in ("BOND", "STRAINED", "CO_ASSOCIATED")]
    assert len({each["color"] for each in signs}) == 3
    assert {each["caption"] for each in signs} == {"{caption}"}


def test_every_page_has_a_content_type() -> None:
    assert set(pages()) == {"guide.html", "guide.adoc", "style.grass", "favorites.zip", "login.html", "login.js"}
    assert content_type("guide.html").startswith("text/html")
    assert all(content_type(name) for name in pages())
