"""Intake: a client's exports into normalised tables, every row accounted for."""
