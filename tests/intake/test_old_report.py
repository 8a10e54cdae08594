"""An intake.json that another version wrote is no report: it is made again, never a traceback."""

import json

import pytest

from crmlib import workspace
from crmlib.errors import DataError
from crmlib.intake import load, refreshed, run
from crmlib.simulate import SimulationOptions, simulate


@pytest.mark.parametrize("spoilt", ["{}", "not json", json.dumps({"files": [], "totals": {"rows": 1}})])
def test_it_is_said_and_made_again(tmp_path, spoilt):
    simulate(tmp_path / "acme", SimulationOptions(50))
    client = workspace.load(tmp_path / "acme")
    report = run(client)
    (tmp_path / "acme" / "intake.json").write_text(spoilt, "utf-8")
    with pytest.raises(DataError, match=r"intake\.json: is not a report of this version\n  Hint: Run `crmlib intake`"):
        load(tmp_path / "acme")
    assert refreshed(client) == report
