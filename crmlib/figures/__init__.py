"""Readings of a result as pictures and tables. The only place that imports matplotlib."""
