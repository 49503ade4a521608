"""Errors as events: what Zhipu reports, and an answer that lacks what it must have, in OpenAI's error event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhipu_openai.errors import openai_error, read_failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .state import Event, State


def error_event(state: State, event: Event) -> Event:
    """Make OpenAI's error event of Zhipu's, whose error need not have a type."""
    given: Any = event.get("error")
    details = given if isinstance(given, dict) else {"message": str(given or "Zhipu reported an error.")}
    kind = details.get("type")
    failure = read_failure({"error": {name: one for name, one in details.items() if name != "type"}})
    made: dict[str, Any] = {}
    if failure is not None:
        answer = openai_error(failure, status=400 if kind == "invalid_request_error" else 500)
        made = dict(answer.body["error"])
    code = details.get("code")
    return {
        **event,
        "type": "error",
        "event_id": event.get("event_id") or state.new_id("event"),
        "error": {
            **made,
            "type": kind or made.get("type") or "server_error",
            "code": made.get("code") or (None if code is None else str(code)),
            "message": made.get("message") or str(details.get("message") or "Zhipu reported an error."),
            "param": details.get("param"),
            "event_id": details.get("event_id"),
        },
    }


def incomplete(state: State, name: str, missing: Iterable[str]) -> Event:
    """Report an event of Zhipu's that lacks what it must have."""
    return upstream_error(state, f"Zhipu sent {name} without {' and '.join(missing)}; it was left out.")


def upstream_error(state: State, message: str) -> Event:
    """Make the error event for something that Zhipu should not have sent."""
    return {
        "type": "error",
        "event_id": state.new_id("event"),
        "error": {
            "type": "server_error",
            "code": "invalid_upstream_answer",
            "message": message,
            "param": None,
            "event_id": None,
        },
    }
