"""Graph and parameters in, result out: each result carries its parameters and its error."""
