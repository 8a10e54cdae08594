from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crmlib import deck

from . import samples


@pytest.fixture(scope="session")
def sample_notebooks() -> list[Any]:
    return samples.notebooks()


@pytest.fixture
def sample_texts() -> Iterator[None]:
    with samples.texts():
        yield


@pytest.fixture
def parts(sample_notebooks: list[Any], sample_texts: None) -> deck.Collected:
    return deck.collected(sample_notebooks, samples.META)
