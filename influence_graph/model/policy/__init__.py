"""The parameters of the Fusion Score: the policy, its file, and differences of two."""
