"""pymc-marketing's MAP of BG/NBD on the customers of a .npz file: run by an interpreter that has it, never imported.

Flat priors make its MAP the maximum of the likelihood, so that the estimates can be compared. The first fit compiles; the
fastest of the later ones is reported.
"""

import json
import logging
import sys
import time
import warnings
from pathlib import Path

REPEATS = 3


def main(path: str) -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    import numpy as np
    import pandas as pd
    import pymc_marketing
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import BetaGeoModel

    columns = np.load(Path(path))
    frame = pd.DataFrame({name: columns[name] for name in ("frequency", "recency", "T")})
    frame.insert(0, "customer_id", np.arange(len(frame)))
    flat = {name: Prior("HalfFlat") for name in ("r", "alpha", "a", "b")}
    times, model = [], None
    for _ in range(REPEATS):
        model = BetaGeoModel(data=frame, model_config=flat)
        start = time.perf_counter()
        model.fit(method="map", progressbar=False)
        times.append(time.perf_counter() - start)
    found = [float(model.idata.posterior[name].values.item()) for name in ("r", "alpha", "a", "b")]
    print(json.dumps({"seconds": min(times), "parameters": found, "version": pymc_marketing.__version__}))


if __name__ == "__main__":
    main(sys.argv[1])
