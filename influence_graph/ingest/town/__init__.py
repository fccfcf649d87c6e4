"""A synthetic town of any size with known ground truth, for demos, tests and benchmarks.

People belong to communities, follow hubs, and adopt brands: on their own, with the preferences of their
community (homophily), or because somebody whom they follow or are exposed to adopted before them.
Who has that effect is planted: *active* influencers, who recommend what they adopt, and *passive*
ones, who never broadcast. All others, hubs included, have almost no effect. Brands respond, which
makes recommendations likelier by a planted amount, and hold concerts, which raise the sales of one
segment by a planted amount. ``Town.truth`` lists all of it.

The same parameters give the same bytes (with the same version of numpy).
"""

from influence_graph.ingest.town.generate import Town, generate_town
from influence_graph.ingest.town.parameters import TownParameters

__all__ = ["Town", "TownParameters", "generate_town"]
