"""Lifetime value: how often customers will buy again, for how much, and how far to trust the answer.

Time goes in as whole days and the models' unit is the week (days / 7, never truncated: whole weeks bias the fit).
Money goes in and comes out in major units of the currency.

* `patterns`      customers with the same (frequency, recency, T) are one row with a weight
* `bg_nbd`        how often: BG/NBD by maximum likelihood
* `gamma_gamma`   for how much: Gamma-Gamma by maximum likelihood
* `holdout`       the race against "the same rate continues" on dates the model has not seen
* `verdicts`      PASS, REVIEW or FAIL per use, and the rule
* `value`         customer lifetime value with intervals
* `concentration` where that value sits
* `second_opinion` what the `lifetimes` package says
"""

from crmlib.ltv import bg_nbd, concentration, gamma_gamma, holdout, patterns, second_opinion, value, verdicts

__all__ = ["bg_nbd", "concentration", "gamma_gamma", "holdout", "patterns", "second_opinion", "value", "verdicts"]
