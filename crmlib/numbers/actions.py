"""What the actions enter in the ledger: every finding's money, the total, the stop list, the tests and the day of checking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmlib.actions import DAYS, MARGIN, SALES, SAVED, Agenda, Stake, Total
from crmlib.intervals import Estimate
from crmlib.lift import power
from crmlib.lift.design import POINTS_OF, Prices, plan
from crmlib.numbers.model import Ledger, Measure
