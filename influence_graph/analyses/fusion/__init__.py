"""The Fusion Score: scores, explanations, and the state that updates them."""
