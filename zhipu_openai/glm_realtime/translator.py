"""The translation of one connection: text of the websocket in, text out, both ways. No I/O."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Ledger

from .client_events import outgoing
from .failures import upstream_error
from .server_events import incoming
from .state import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.adaptation import Policy

    from .state import Dialect


class Translator:
    """Translates what one caller sends and receives. Not thread-safe by itself."""

    def __init__(
        self,
        dialect: Dialect,
        *,
        model: str | None = None,
        aliases: Mapping[str, str] | None = None,
        policy: Policy = "warn",
    ) -> None:
        """Begin a connection.

        Args:
            dialect: The protocol that the caller speaks, ``"ga"`` or ``"beta"``.
            model: The model named at connect(), which Zhipu is told by the first session.update.
            aliases: The caller's own table of models.
            policy: What to do about a change of meaning.
        """
        self.state = State(dialect, Ledger(policy), aliases or {}, model)

    def outgoing(self, message: str | bytes) -> list[str]:
        """Give the messages to send to Zhipu for one of the caller's; what is no event passes as it is.

        Raises:
            Refused: The event cannot be honoured and must not be guessed.
        """
        event = _decoded(message)
        if event is None:
            return [message if isinstance(message, str) else message.decode("utf-8", "replace")]
        return [_encoded(one) for one in outgoing(self.state, event)]

    def incoming(self, message: str | bytes) -> list[str]:
        """Give the messages that the caller receives for one of Zhipu's: none, one or several."""
        event = _decoded(message)
        if event is None:
            return [
                _encoded(
                    upstream_error(self.state, "Zhipu sent something that is no event; it was left out.")
                )
            ]
        return [_encoded(one) for one in incoming(self.state, event)]


def _decoded(message: str | bytes) -> dict[str, Any] | None:
    """Read an event, which is an object of a type; None for anything else."""
    try:
        event = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("type"), str) else None


def _encoded(event: Any) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
