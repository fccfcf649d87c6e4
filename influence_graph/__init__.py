"""Who influences whom, and how strong the bond of a consumer and a brand is.

>>> import influence_graph as ig
>>> graph = ig.Graph.from_edges(["ann", "bob"], ["june", "june"])
>>> ig.pagerank(graph).to_frame()["id"][0]
'june'

The public names stand in ``__init__.pyi``. They are imported when they are first used, so that
``import influence_graph`` is quick.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
