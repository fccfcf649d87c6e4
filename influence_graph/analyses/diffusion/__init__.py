"""How far it spreads: cascades on edges that pass on with a probability, and heat."""
