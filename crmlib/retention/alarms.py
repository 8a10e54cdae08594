"""How wide the intervals are that findings rest on, so that a client with nothing wrong is seldom told of a problem.

A diagnostic that looks at many things at 95 % each would nearly always find one. All comparisons of retention together
have a chance of about 3 % to raise a false alarm: the scan over media and months, which looks at the most, has 2 %, each
of the others 0.1 % (and is adjusted within itself for the days, groups or dimensions that it looks at).
"""

EACH = 0.999  # trend, leak, entry product, medium, channel, payment method, skips before cancels
SCAN = 0.98
