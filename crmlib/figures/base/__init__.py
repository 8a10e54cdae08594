"""The customer base as pictures and tables: one function per exhibit, called as ``f(result, ..., words=words)``."""

from crmlib.figures.base.concentration import concentration
from crmlib.figures.base.control import control
from crmlib.figures.base.cpm import cpm
from crmlib.figures.base.distribution import distribution
from crmlib.figures.base.entry import entry
from crmlib.figures.base.growth import growth
from crmlib.figures.base.mode import mode
from crmlib.figures.base.pipeline import pipeline
from crmlib.figures.base.products import ownership
from crmlib.figures.base.rules import cuts_table, rules_table, sets_table
from crmlib.figures.base.tables import (
    change_table,
    class_table,
    entry_table,
    growth_table,
    lens_table,
    loyalty_table,
    next_table,
    pipeline_table,
    typical_table,
)

__all__ = [
    "change_table",
    "class_table",
    "concentration",
    "control",
    "cpm",
    "cuts_table",
    "distribution",
    "entry",
    "entry_table",
    "growth",
    "growth_table",
    "lens_table",
    "loyalty_table",
    "mode",
    "next_table",
    "ownership",
    "pipeline",
    "pipeline_table",
    "rules_table",
    "sets_table",
    "typical_table",
]
