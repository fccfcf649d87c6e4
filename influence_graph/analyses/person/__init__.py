"""One person: what she gives and gets, whom she moves and who moves her, and her history."""
