"""Charts and tables of the pages on actions."""

from crmlib.figures.actions.tables import decisions

__all__ = ["decisions"]
