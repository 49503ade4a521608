"""The map of OpenAI's operations: each of the installed openai's has a row, and rows say what they must."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdk_walk import Walk, walk, walk_async

from zhipu_openai.routes import ROUTES, Route, match

CALL = re.compile(
    r"""self\._(get|post|put|patch|delete|get_api_list)\(\s*
        (?:path_template\(\s*)?            # openai 2.x and later quote identifiers with a function
        f?["'](?P<path>/[^"']*)["']""",
    re.VERBOSE,
)
"""How openai's resources name the path of an operation."""

LEFT_TO_ZHIPU: frozenset[str] = frozenset()
"""Paths of openai's that are in no row on purpose, and so are sent to Zhipu as they are."""


def operations() -> set[tuple[str, str]]:
    """Find method and path of every operation that the installed openai has."""
    root = Path(openai.__file__).parent / "resources"
    found = set()
    for file in root.rglob("*.py"):
        for call in CALL.finditer(file.read_text("utf-8")):
            method = "GET" if call[1] == "get_api_list" else call[1].upper()
            path = call["path"].partition("?")[0]
            found.add((method, re.sub(r"\{[^}]*\}", "x", path)))
    return found


@pytest.fixture(scope="module", params=[walk, walk_async], ids=["sync", "async"])
def walked(request: pytest.FixtureRequest) -> Walk:
    """Every method of every resource of the installed openai, called once."""
    found: Walk = request.param()
    return found


def test_the_scan_finds_the_operations() -> None:
    found = operations()
    assert {
        ("POST", "/chat/completions"),
        ("GET", "/models"),
        ("GET", "/models/x"),
        ("DELETE", "/files/x"),
        ("GET", "/files/x/content"),
        ("POST", "/images/generations"),
    } <= found
    assert len(found) > 100


def test_every_method_that_is_called_sends_something(walked: Walk) -> None:
    assert walked.silent == {}


def test_the_walk_comes_past_every_path_that_stands_in_the_source(walked: Walk) -> None:
    passed = {path for _, path in walked.operations}
    assert {path for _, path in operations()} <= passed
    assert len(passed) > 70


def test_every_method_of_the_installed_openai_has_a_row(walked: Walk) -> None:
    missing = {
        operation: sorted(names)
        for operation, names in walked.operations.items()
        if match(*operation) is None and operation[1] not in LEFT_TO_ZHIPU
    }
    assert missing == {}


def test_every_operation_in_the_source_has_a_row() -> None:
    missing = {
        (method, path)
        for method, path in operations()
        if match(method, path) is None and path not in LEFT_TO_ZHIPU
    }
    assert missing == set()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_row_says_what_it_must(route: Route) -> None:
    assert route.method in {"*", "GET", "POST", "DELETE", "PUT", "PATCH"}
    assert route.path.startswith("/")
    assert not route.path.endswith("/")
    assert route.note.endswith(".")
    assert route.note[0].isupper() or route.note.startswith("client.")
    assert route.source
    assert date(2023, 1, 1) < route.seen <= date(2026, 12, 31)
    assert (route.operation is not None) == (route.verdict == "translated")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.operation is not None])
def test_an_operation_can_be_imported(route: Route) -> None:
    assert callable(route.load())


def test_a_row_without_an_operation_has_none_to_load() -> None:
    route = next(route for route in ROUTES if route.operation is None)
    with pytest.raises(LookupError, match=re.escape(route.path)):
        route.load()


def test_no_row_stands_behind_one_that_takes_everything_from_it() -> None:
    for place, route in enumerate(ROUTES):
        path = route.path.replace("/**", "/x/y").replace("{id}", "x")
        method = "POST" if route.method == "*" else route.method
        first = match(method, path)
        assert first is not None
        assert ROUTES.index(first) <= place
        others = [one for one in ROUTES[:place] if one.method in ("*", route.method)]
        assert all(one.path != route.path for one in others), f"{route.path} is there twice"


@pytest.mark.parametrize(
    ("method", "path", "verdict"),
    [
        ("POST", "/chat/completions", "translated"),
        ("POST", "/chat/completions/", "translated"),
        ("GET", "/chat/completions", "refused"),
        ("GET", "/chat/completions/c/messages", "refused"),
        ("GET", "/models", "translated"),
        ("GET", "/models/glm-5.2", "translated"),
        ("DELETE", "/models/ft", "refused"),
        ("POST", "/embeddings", "translated"),
        ("POST", "/moderations", "translated"),
        ("POST", "/completions", "translated"),
        ("GET", "/files/f/content", "translated"),
        ("GET", "/files/f", "translated"),
        ("DELETE", "/files/f", "translated"),
        ("POST", "/files/parser/create", "native"),
        ("GET", "/files/parser/result/t/text", "native"),
        ("POST", "/batches", "translated"),
        ("POST", "/batches/b/cancel", "translated"),
        ("POST", "/uploads/u/complete", "translated"),
        ("GET", "/uploads/u", "refused"),
        ("POST", "/fine_tuning/jobs", "refused"),
        ("GET", "/fine_tuning/jobs/j/events", "refused"),
        ("POST", "/images/generations", "translated"),
        ("POST", "/responses", "translated"),
        ("GET", "/responses", "refused"),
        ("GET", "/responses/resp_1", "translated"),
        ("DELETE", "/responses/resp_1", "translated"),
        ("GET", "/responses/resp_1/input_items", "translated"),
        ("POST", "/responses/resp_1/cancel", "refused"),
        ("POST", "/responses/compact", "refused"),
        ("POST", "/responses/input_tokens", "translated"),
        ("POST", "/conversations", "translated"),
        ("DELETE", "/conversations/conv_1/items/msg_1", "translated"),
        ("POST", "/images/edits", "refused"),
        ("POST", "/images/variations", "refused"),
        ("POST", "/videos", "translated"),
        ("GET", "/videos", "refused"),
        ("GET", "/videos/v", "translated"),
        ("DELETE", "/videos/v", "refused"),
        ("GET", "/videos/v/content", "translated"),
        ("POST", "/videos/v/remix", "refused"),
        ("POST", "/videos/generations", "native"),
        ("GET", "/videos/characters/c", "refused"),
        ("POST", "/audio/speech", "translated"),
        ("POST", "/audio/transcriptions", "translated"),
        ("POST", "/audio/translations", "translated"),
        ("POST", "/audio/voices", "translated"),
        ("GET", "/audio/voices", "translated"),
        ("DELETE", "/audio/voices/v", "translated"),
        ("GET", "/audio/voices/v", "refused"),
        ("POST", "/audio/voice_consents", "refused"),
        ("POST", "/realtime/client_secrets", "refused"),
        ("POST", "/realtime/sessions", "refused"),
        ("POST", "/realtime/transcription_sessions", "refused"),
        ("POST", "/realtime/calls", "refused"),
        ("POST", "/realtime/calls/rtc_1/hangup", "refused"),
        ("POST", "/realtime/translations/client_secrets", "refused"),
        ("POST", "/vector_stores", "translated"),
        ("DELETE", "/vector_stores/v", "translated"),
        ("POST", "/vector_stores/v/search", "translated"),
        ("GET", "/vector_stores/v/files/f/content", "translated"),
        ("POST", "/vector_stores/v/files/f", "refused"),
        ("POST", "/vector_stores/v/file_batches/b/cancel", "refused"),
        ("PATCH", "/vector_stores/v/new", "refused"),
        ("POST", "/zhipu/base/rerank", "translated"),
        ("DELETE", "/zhipu/application/knowledge/1", "translated"),
        ("POST", "/zhipu/base/async/chat/completions", "translated"),
        ("GET", "/zhipu/base/async/chat/1", "translated"),
    ],
)
def test_a_request_finds_its_row(method: str, path: str, verdict: str) -> None:
    route = match(method, path)
    assert route is not None
    assert route.verdict == verdict


@pytest.mark.parametrize("path", ["/rerank", "/tools", "/web_search", "/", "/chat", "/async-result/x"])
def test_a_path_of_zhipus_own_is_in_no_row(path: str) -> None:
    assert match("POST", path) is None


@given(st.sampled_from(["GET", "POST", "DELETE", "PUT"]), st.text(max_size=30))
def test_any_text_may_be_looked_up(method: str, path: str) -> None:
    match(method, f"/{path}")
