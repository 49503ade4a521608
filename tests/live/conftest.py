"""The run against the service, for the tests that ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from live.options import PLUGIN

if TYPE_CHECKING:
    from live.options import Live


@pytest.fixture(scope="session")
def live(request: pytest.FixtureRequest) -> Live:
    """The run that ``--live`` began."""
    return cast("Live", request.config.pluginmanager.get_plugin(PLUGIN))
