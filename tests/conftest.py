"""Shared by all tests: where the fixtures are, and a cache of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
"""No test measures time: a busy machine is no defect."""

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's cache."""
    cache = tmp_path_factory.getbasetemp() / "archlint-cache"
    monkeypatch.setenv("ARCHLINT_CACHE_DIR", str(cache))


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of fixture repos."""
    return FIXTURES
