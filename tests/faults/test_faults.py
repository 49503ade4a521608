"""Some of the matrix: each kind of fault once, over the HTTP libraries that are installed.

All of it is run by ``matrix.py``.
"""

from __future__ import annotations

import gc
import sys
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from cases import FAULTS
from client_side import Bench, Result, Side, Watch
from exits import SCENARIOS
from operations import OPERATIONS
from server import FaultServer

from zhipu_openai.library import openai_library

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="descriptors are counted in /proc"
)

LIBRARY = openai_library().module.__name__
SIDES = [Side(LIBRARY, is_async=False), Side(LIBRARY, is_async=True)]
if LIBRARY == "httpx2" and find_spec("aiohttp") is not None:
    SIDES.append(Side("aiohttp", is_async=True))

FAULT = {
    (fault.group, fault.name, operation.name): fault
    for fault in FAULTS
    for operation in OPERATIONS
    if fault.outcome(operation, LIBRARY) is not None
}
OPERATION = {operation.name: operation for operation in OPERATIONS}
SCENARIO = {scenario.name: scenario for scenario in SCENARIOS}

SLICE = [
    ("connection", "refused", "chat"),
    ("reset", "before any byte", "chat"),
    ("reset", "in the body", "files streamed"),
    ("reset", "between events", "chat stream"),
    ("closed", "inside a character", "responses stream"),
    ("closed", "behind the finish reason, before [DONE]", "chat .stream()"),
    ("closed", "behind [DONE], before the end of the body", "chat stream"),
    ("silent", "between events", "chat stream"),
    ("until the close", "cut in an event", "chat stream"),
    ("until the close", "ended behind the finish reason, without [DONE]", "chat .stream()"),
    ("framing", "gzip without its checksum", "files content"),
    ("framing", "gzip that is cut", "files streamed"),
    ("framing", "no HTTP at all", "chat"),
    ("framing", "a byte at a time", "chat stream"),
    ("bodies", "HTML", "chat stream"),
    ("bodies", "nested without end", "chat"),
    ("bodies", "whole, behind a byte order mark", "chat"),
    ("redirects", "307 to another origin", "chat"),
    ("redirects", "307 to another origin", "files content"),
    ("waits", "429, a year of twenty digits", "chat"),
    ("waits", "429, more digits than a float has", "chat"),
    ("200 that fails", '{"code", "msg", "success": false}', "responses"),
    ("failing streams", 'a middle event: {"error": {"code", "message"}}, transient', "chat stream"),
    ("forms of events", "CR, and silence behind [DONE]", "chat stream"),
    ("forms of events", "every byte a chunk", "chat stream"),
    ("forms of events", "an event that is no UTF-8", "chat .stream()"),
]

EXITS = [
    "chat stream, endless: closed",
    "chat stream, n=3, silent: closed",
    "chat stream, silent: dropped",
    "chat: behind the headers",
    "waiting for a place",
    "chat, n=3: one fails by an error, the others are silent",
    "chat stream, n=3: one fails by a reset, the others are silent",
    "embeddings in three requests: one fails by an error, the others are silent",
    "a forced tool: the second request breaks",
]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """A bench whose watch leaves warnings to pytest."""
    hooks = sys.unraisablehook, threading.excepthook
    with FaultServer() as server, FaultServer() as elsewhere:
        made = Bench(server, elsewhere, Watch())
        used = {name for _, _, name in SLICE}
        made.warm_up(SIDES, [operation for operation in OPERATIONS if operation.name in used])
        yield made
        made.close()
    gc.unfreeze()
    sys.unraisablehook, threading.excepthook = hooks


@pytest.fixture(params=SIDES, ids=[side.name for side in SIDES])
def on(request: pytest.FixtureRequest) -> Side:
    """Each side in turn."""
    made: Side = request.param
    return made


@pytest.mark.parametrize(("group", "name", "asked"), SLICE, ids=["-".join(row) for row in SLICE])
def test_what_becomes_of_a_fault_is_what_the_table_says(
    bench: Bench, on: Side, group: str, name: str, asked: str
) -> None:
    fault, operation = FAULT[group, name, asked], OPERATION[asked]
    outcome = fault.outcome(operation, on.library)
    assert outcome is not None
    for mode in ("always", "once") if outcome.requests == 2 and outcome.error else ("always",):
        assert bench.run(fault, operation, on, mode).deviations == []


@pytest.mark.parametrize("name", EXITS)
def test_whoever_leaves_early_leaves_nothing_behind(bench: Bench, on: Side, name: str) -> None:
    scenario = SCENARIO[name]
    if not scenario.on(on):
        pytest.skip("for the other side")
    result = Result(scenario.group, name, "", on.name, "")
    bench.guard(result, on, lambda: scenario.work(bench.server, on))
    assert result.deviations == []


def test_every_operation_and_every_fault_stands_in_the_table_once() -> None:
    assert len(SCENARIO) == len(SCENARIOS)
    for operation in OPERATIONS:
        named = [name for name in FAULT if name[2] == operation.name]
        assert len(named) == sum(fault.outcome(operation, LIBRARY) is not None for fault in FAULTS)
        assert len(named) > 80
