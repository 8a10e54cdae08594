"""The comparisons that may become findings, and the level at which all of them hold together."""

from __future__ import annotations

COMPARISONS = ("f2_change", "loyal_change", "value_change", "entry_product", "kept_value", "cohort_value")
CHANCE = 0.01  # that one or more of a client's findings is chance
LEVEL = 1 - CHANCE / len(COMPARISONS)  # Bonferroni
