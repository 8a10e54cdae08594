"""What client.yaml says of a membership programme."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

YEAR = 12  # months
STEPS = {"monthly": 1, "quarterly": 3, "yearly": YEAR}

Month = Annotated[int, Field(ge=1, le=12)]
Amount = Annotated[int, Field(ge=0)]


class Tiers(BaseModel):
    """The membership programme: ranks from low to high, the amount from which each begins, when and how they are reviewed.

    Args:
        basis: What is compared with the thresholds: sales of the 12 months up to the review, or of the fiscal year
            (between year ends the better of the last whole year and the year to date).
        review: How often; `review_months` says in which calendar months where that does not follow from the fiscal year.
        review_day: Day of the month (the month's last day where it is shorter); orders on it still count.
        order: Names of the tiers, low to high.
        thresholds: Amount in major units from which each tier begins; exactly the threshold is enough.
        keep: Amount that keeps each tier, at most its threshold; the thresholds themselves when left out.
        up: Rise at once to the tier that was earned, or one step a review.
        down: Fall at once to the highest tier that is still kept, one step a review, or never.
        grace_reviews: Reviews in a row at which missing the amount is forgiven.
        carry_over_years: A year's sales also count in so many following years (the best of these years decides).
        leave_after_months: Without a purchase for so long a customer has left; when left out, once no purchase counts any more.
        benefits: Share of sales that each tier gives back (points, discounts); left out when unknown.
        history_rule: Which `rule` of the client's own tier history is the programme's, where it holds several.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    basis: Literal["trailing_12m_sales", "fiscal_year_sales"] = "trailing_12m_sales"
    review: Literal["monthly", "quarterly", "yearly"] = "monthly"
    review_months: tuple[Month, ...] = ()
    review_day: Annotated[int, Field(ge=1, le=31)] = 31
    order: Annotated[tuple[str, ...], Field(min_length=2, max_length=12)]
    thresholds: tuple[Amount, ...]
    keep: tuple[Amount, ...] = ()
    up: Literal["at_once", "one_step"] = "at_once"
    down: Literal["at_once", "one_step", "never"] = "at_once"
    grace_reviews: Annotated[int, Field(ge=0, le=12)] = 0
    carry_over_years: Annotated[int, Field(ge=0, le=2)] = 0
    leave_after_months: Annotated[int, Field(ge=1, le=60)] | None = None
    benefits: tuple[Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)], ...] = ()
    history_rule: str = ""

    @model_validator(mode="after")
    def _thresholds_rise(self) -> Tiers:
        if len(self.order) != len(self.thresholds) or list(self.thresholds) != sorted(set(self.thresholds)):
            raise ValueError("thresholds: one for each tier in order, each higher than the one before")
        if len(set(self.order)) != len(self.order):
            raise ValueError("order: a tier is named twice")
        return self

    @model_validator(mode="after")
    def _keep_and_benefits_fit(self) -> Tiers:
        rises = list(self.keep) == sorted(self.keep)
        if self.keep and (len(self.keep) != len(self.order) or not rises or self._harder_to_keep()):
            raise ValueError("keep: one for each tier in order, rising, none above the tier's threshold")
        if self.benefits and len(self.benefits) != len(self.order):
            raise ValueError("benefits: one share for each tier in order")
        if list(self.review_months) != sorted(set(self.review_months)):
            raise ValueError("review_months: each month once, in order")
        return self

    @property
    def leaves_after(self) -> int:
        """Months without a purchase after which a customer has left."""
        if self.leave_after_months is not None:
            return self.leave_after_months
        to_date = self.basis == "fiscal_year_sales" and (self.review != "yearly" or len(self.review_months) > 1)
        return YEAR * (1 + self.carry_over_years) + (YEAR - 1) * to_date + STEPS[self.review] * self.grace_reviews

    def _harder_to_keep(self) -> bool:
        return any(kept > earned for kept, earned in zip(self.keep, self.thresholds, strict=True))
