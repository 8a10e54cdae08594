"""Readings of a result as sentences with a verdict, an interval and a grade."""
