"""A run: from a client's folder to executed notebooks, numbers and decks."""
