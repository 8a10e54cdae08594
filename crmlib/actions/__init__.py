"""What the findings are worth together, by a joint counterfactual; what to decide, stop and test; when it is checked."""

from crmlib.actions.joint import Total, joint
from crmlib.actions.plan import DAYS, SOON, WEEKS, Agenda, Saving, check_day, savings
from crmlib.actions.stakes import MARGIN, SALES, SAVED, Stake, in_margin

__all__ = [
    "DAYS", "MARGIN", "SALES", "SAVED", "SOON", "WEEKS", "Agenda", "Saving", "Stake", "Total", "check_day", "in_margin", "joint", "savings",
]  # fmt: skip
