"""How far influence spreads: cascades on edges with probabilities, and heat."""
