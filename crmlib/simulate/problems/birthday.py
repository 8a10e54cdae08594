"""Birthday offers of the last year but two months: a discount that does nothing and a gift, for the same money, that works."""

from __future__ import annotations

import datetime as dt

import numpy as np

from crmlib.simulate import campaigns
from crmlib.simulate.campaigns import Campaign
from crmlib.simulate.draft import Draft
from crmlib.simulate.streams import Ints

FROM_END = 366 + campaigns.WINDOW


def plant(draft: Draft) -> None:
    """Send each on the birthday; record both against the holdout and the gift against the discount."""
    gift = draft.world.gift_effect
    effect = ((0.0, 0.0), (0.0, 0.0), (gift, gift))
    campaign = Campaign(
        "birthday", 3, campaigns.LETTER, ("none", "discount", "gift"), (0.34, 0.33, 0.33), effect, (0, 500, 500)
    )
    who = campaigns.lane(draft)
    sent = campaigns.run(draft, campaign, who, _birthdays(draft, who))
    draft.truths += campaigns.effects(draft, campaign, sent, ((1, 0), (2, 0), (2, 1)))


def _birthdays(draft: Draft, who: Ints) -> Ints:
    """The day of each one's birthday in the year that ends one window before as_of."""
    first = draft.clock.days - FROM_END
    begin = np.datetime64(draft.clock.start + dt.timedelta(days=first))
    born = np.datetime64("1970-01-01") + draft.people.born[who]
    in_year = (born - born.astype("datetime64[Y]")).astype(np.int64)
    offset = (begin - begin.astype("datetime64[Y]")).astype(np.int64)
    return first + (in_year - offset) % 365
