"""One connection's translation without a socket, and connections of both clients to the stand-in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from zhipu_openai.glm_realtime.translator import Translator

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.glm_realtime.state import Dialect

HELLO: dict[str, Any] = {
    "type": "message",
    "role": "user",
    "content": [{"type": "input_text", "text": "Hello"}],
}
WEATHER: dict[str, Any] = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string", "default": "Beijing"}}},
}


class Line:
    """A translation between a caller and Zhipu, in decoded events."""

    def __init__(self, dialect: Dialect = "ga", **options: Any) -> None:
        self.translator = Translator(dialect, **{"policy": "ignore", **options})
        self.state = self.translator.state

    def sends(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        """Give what goes to Zhipu for a client event."""
        return [json.loads(one) for one in self.translator.outgoing(json.dumps({"type": kind, **fields}))]

    def gets(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        """Give what the caller gets for a server event."""
        return [json.loads(one) for one in self.translator.incoming(json.dumps({"type": kind, **fields}))]

    def session(self, **session: Any) -> dict[str, Any]:
        """Give the session that goes to Zhipu for an update."""
        [event] = self.sends("session.update", session=session)
        made: dict[str, Any] = event["session"]
        return made

    def notes(self) -> list[tuple[str, str]]:
        """List field and kind of each adaptation."""
        return [(entry.field, entry.kind) for entry in self.state.ledger.entries]


def realtime_of(client: Any, dialect: str) -> Any:
    """Give the resource of one of the two protocols."""
    return client.realtime if dialect == "ga" else client.beta.realtime


def until(connection: Any, *kinds: str) -> Generator[Any, Any, list[Any]]:
    """Receive events until one of these kinds has come; to be used with ``yield from``."""
    events: list[Any] = []
    while not events or events[-1].type not in kinds:
        events.append((yield connection.recv()))
        assert len(events) < 300
    return events


def kinds(events: list[Any]) -> list[str]:
    """List the kinds of events, each run of the same kind once."""
    names = [event["type"] if isinstance(event, dict) else event.type for event in events]
    return [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]
