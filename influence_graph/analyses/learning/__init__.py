"""Who acted after whom: probabilities of edges and credit of people, learned from a dated log."""
