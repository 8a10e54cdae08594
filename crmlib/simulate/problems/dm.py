"""A DM in two versions with a holdout: B beats A with growing customers and loses with loyal ones.

Each treated customer places one extra order within 30 days with the probability `dm_effect[version][segment]`.
"""

from __future__ import annotations

import numpy as np

from crmlib.simulate import campaigns
from crmlib.simulate.campaigns import Campaign
from crmlib.simulate.draft import Draft

DAY = 830


def plant(draft: Draft) -> None:
    """Send it and record A and B against the holdout, and B against A, by segment."""
    effect = ((0.0, 0.0), *draft.world.dm_effect)
    campaign = Campaign("dm", 1, campaigns.DM, ("none", "A", "B"), (0.34, 0.33, 0.33), effect, (0, 160, 175))
    who = campaigns.lane(draft)
    sent = campaigns.run(draft, campaign, who, np.full(who.size, DAY))
    draft.truths += campaigns.effects(draft, campaign, sent, ((1, 0), (2, 0), (2, 1)))
