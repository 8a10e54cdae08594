"""Charts and tables of the pages on actions."""

from crmlib.figures.actions.gantt import gantt
from crmlib.figures.actions.labels import labels
from crmlib.figures.actions.saving import saving
from crmlib.figures.actions.tables import decisions, first_steps, kpis, savings
from crmlib.figures.actions.tornado import tornado

__all__ = ["decisions", "first_steps", "gantt", "kpis", "labels", "saving", "savings", "tornado"]
