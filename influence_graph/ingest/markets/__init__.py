"""Markets of known truth, in which what a campaign sold is hard to tell, for tests of what finds it.

Brands sell to segments, day by day, with weekdays, trends, seasons, shocks that segments and brands share, and noise
that lasts from day to day. Campaigns raise the sales of a brand in some segments: some at once, some after days, some
not at all; some overlap. Segments tied to the treated ones feel a part of it. ``Market.truth`` says what each one
caused.

The same parameters give the same bytes (with the same version of numpy).
"""

from influence_graph.ingest.markets.generate import Market, generate_market
from influence_graph.ingest.markets.parameters import MarketParameters

__all__ = ["Market", "MarketParameters", "generate_market"]
