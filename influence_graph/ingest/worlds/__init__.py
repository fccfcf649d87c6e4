"""Worlds in which influence is hard to find, with known truth, for tests of what finds it.

People in communities and cities take up items over years. They do so alike, and at the same times,
without any influence: because of fads of their community, hidden tastes that cut across communities,
launches, seasons and campaigns. Planted *active* influencers speak of what they adopt, *silent* ones
never do; nobody else has any influence. ``World.truth`` says who caused what.

The same parameters give the same bytes (with the same version of numpy).
"""

from influence_graph.ingest.worlds.generate import World, generate_world
from influence_graph.ingest.worlds.parameters import WorldParameters

__all__ = ["World", "WorldParameters", "generate_world"]
