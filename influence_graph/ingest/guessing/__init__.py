"""What the columns of an unknown table may be: guesses from their names and values, and what only its owner can say."""
