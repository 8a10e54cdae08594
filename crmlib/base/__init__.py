"""The customer base: concentration, classes, growth, pipeline, products, control. Arithmetic on counts only."""

from crmlib.base.analysis import Goods, Months, Whole, Years, goods, months, whole, years
from crmlib.base.calendar import evenings, repurchase_ends, year_starts
from crmlib.base.cpm import Cuts
from crmlib.base.pipeline import Pipeline, measured_stages, pipeline

__all__ = [
    "Cuts",
    "Goods",
    "Months",
    "Pipeline",
    "Whole",
    "Years",
    "evenings",
    "goods",
    "measured_stages",
    "months",
    "pipeline",
    "repurchase_ends",
    "whole",
    "year_starts",
    "years",
]
