"""Who moves others beyond chance: by what their audience took up after them and before them."""
