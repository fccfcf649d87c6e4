"""The page of a person, as one self-contained HTML page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from influence_graph.model.names import CONSUMER, NodeNames
from influence_graph.reports.pages import person_sections
from influence_graph.reports.pages.again import NO_ORIGIN, Origin, again
from influence_graph.reports.pages.influencer_sections import case_section
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.words import display_name, name_and_id, signed
from influence_graph.text import count_text

if TYPE_CHECKING:
    from influence_graph.analyses.influencers.case_result import InfluencerCase
    from influence_graph.analyses.person.view import PersonView


def render_person(
    view: PersonView,
    names: NodeNames,
    origin: Origin = NO_ORIGIN,
    generated_at: datetime | None = None,
    case: InfluencerCase | None = None,
) -> str:
    """Return *view* as an HTML page.

    Args:
        view: A person.
        names: Names of the people and brands in it.
        origin: Where the figures come from, and the neighborhood to draw.
        generated_at: When the page was made, with a zone; default now.
        case: What speaks for and against it that the person moves others.
    """
    name = display_name(names, CONSUMER, view.person)
    sections = [
        person_sections.giving(view, names),
        person_sections.influence(view, names),
        None if case is None else case_section(case, names),
        person_sections.image(view, names),
        person_sections.history(view, name, names),
        person_sections.neighborhood(origin.network),
        person_sections.method(view),
        again(origin, view.as_of, view.unknown_kinds),
    ]
    return render_page(
        Page(
            title=name,
            sections=[section for section in sections if section is not None],
            lead=_lead(view, name_and_id(names, CONSUMER, view.person)),
            tiles=_tiles(view),
            generated_at=generated_at or datetime.now(UTC),
            as_of=view.as_of,
            store=origin.store,
        )
    )


def _tiles(view: PersonView) -> list[tuple[int, str]]:
    later = int((view.circle.moves["after"] > 0).sum())
    return [
        (len(view.dealings.brands), "bonds"),
        (int(view.dealings.brands["events"].sum()), "interactions"),
        (view.dealings.spoke, "times spoken"),
        (len(view.circle.moves), "may be moved"),
        *([] if view.circle.undated else [(later, "came later")]),
    ]


def _lead(view: PersonView, name: str) -> str:
    """Return the main findings: bonds, what others did, and what is declared."""
    brands = view.dealings.brands
    bonds = f"{name} has {count_text(len(brands), 'bond')}"
    lines = [f"{bonds} with a sum of {signed(brands['fusion_score'].sum(), 1)}." if len(brands) else f"{bonds}."]
    if len(brands) and not view.dealings.spoke:
        lines.append("Nothing said about a brand is on record.")
    after = int((view.circle.moves["after"] > 0).sum())
    if after and not view.circle.undated:
        of = count_text(len(view.circle.moves), "person", "people")
        lines.append(f"Of {of} whom this person may move, {after:,} took up one of the same brands later.")
    return " ".join([*lines, view.declaration()])
