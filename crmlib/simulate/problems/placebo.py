"""An e-mail campaign that does nothing: treated and holdout behave alike, whatever its response rate says."""

from __future__ import annotations

import numpy as np

from crmlib.simulate import campaigns
from crmlib.simulate.campaigns import Campaign
from crmlib.simulate.draft import Draft

DAY = 920


def plant(draft: Draft) -> None:
    """Send it; the truth is 0, always."""
    campaign = Campaign("placebo", 2, campaigns.EMAIL, ("none", "mail"), (0.3, 0.7), ((0.0, 0.0), (0.0, 0.0)), (0, 2))
    who = campaigns.lane(draft)
    sent = campaigns.run(draft, campaign, who, np.full(who.size, DAY))
    draft.truths += campaigns.effects(draft, campaign, sent, ((1, 0),))
