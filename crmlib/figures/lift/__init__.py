"""Campaign lift as pictures and tables: one function per exhibit, called as ``f(study, words=words)``."""

from crmlib.figures.lift.calls import calls, calls_table
from crmlib.figures.lift.design import design, design_table
from crmlib.figures.lift.forest import campaigns
from crmlib.figures.lift.labels import labels
from crmlib.figures.lift.responders import responders, responders_table
from crmlib.figures.lift.tables import campaigns_table, chronicle_table
from crmlib.figures.lift.versions import versions

__all__ = [
    "calls", "calls_table", "campaigns", "campaigns_table", "chronicle_table", "design", "design_table", "labels", "responders",
    "responders_table", "versions",
]  # fmt: skip
