"""Shared by all tests: where CI says so, a skipped test is a failed one; how long one example takes is no fault of it."""

import os

import pytest
from hypothesis import settings

settings.register_profile("crmlib", deadline=None)
settings.load_profile("crmlib")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CRMLIB_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may skip: {report.longrepr}"
