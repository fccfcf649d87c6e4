"""A town of any size whose truth is known, for demos, tests and benchmarks.

People live in communities, follow hubs, and adopt brands: on their own, with the tastes of their
community (homophily), or because somebody whom they follow or are exposed to adopted before them.
Who has that effect is planted: *active* influencers, who recommend what they adopt, and *passive*
ones, who never say a word. Everyone else, hubs among them, has next to none. Brands respond, which
makes recommendations likelier by a planted amount, and hold concerts, which lift the sales of one
segment by a planted amount. ``Town.truth`` tells all of it.

The same recipe gives the same bytes (with the same version of numpy).
"""

from influence_graph.ingest.town.generate import Town, generate_town
from influence_graph.ingest.town.recipe import TownRecipe

__all__ = ["Town", "TownRecipe", "generate_town"]
