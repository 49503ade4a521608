"""Fine-tuning has left Zhipu's API: every operation says so before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from scripts import play

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import SyncSide, Wire


@pytest.mark.parametrize(
    "operation",
    [
        lambda jobs: jobs.create(model="glm-4-flash", training_file="f"),
        lambda jobs: jobs.retrieve("j"),
        lambda jobs: jobs.cancel("j"),
        lambda jobs: jobs._get("/fine_tuning/jobs", cast_to=object),
        lambda jobs: jobs._get("/fine_tuning/jobs/j/events", cast_to=object),
        lambda jobs: jobs._get("/fine_tuning/jobs/j/checkpoints", cast_to=object),
        lambda jobs: jobs._get("/fine_tuning/checkpoints/c/permissions", cast_to=object),
    ],
)
def test_it_is_refused_with_the_way_out(side: SyncSide, wire: Wire, operation: Callable[[Any], Any]) -> None:
    def script(client: Any) -> Any:
        yield operation(client.fine_tuning.jobs)

    with pytest.raises(openai.BadRequestError, match=r"console of bigmodel\.cn") as caught:
        play(side, script)
    assert caught.value.code == "unsupported_operation"
    assert wire.sent == []
