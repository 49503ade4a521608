"""A pytest fixture with a stand-in for Zhipu; installed with the package.

pytest imports this module in every run, so it imports nothing of weight before the fixture is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .harness import ZhipuStandIn


@pytest.fixture
def zhipu_standin() -> Iterator[ZhipuStandIn]:
    """A stand-in for Zhipu: no key, no network. ``.client()`` and ``.async_client()`` speak with it."""
    from .harness import ZhipuStandIn as Harness  # noqa: PLC0415 - see above

    harness = Harness()
    try:
        yield harness
    finally:
        harness.close()
