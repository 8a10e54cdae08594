"""Action lists: who is to be contacted, about what, by which channel, when, for how much, why, and who is held out.

`make.make` makes them from a store; what is here needs no engine.
"""

from crmlib.lists.model import CHANNELS, COMPLAINT_DAYS, HOLDOUT, NAMES, REST_DAYS, WINDOW, ActionList, Lists

__all__ = ["CHANNELS", "COMPLAINT_DAYS", "HOLDOUT", "NAMES", "REST_DAYS", "WINDOW", "ActionList", "Lists"]
