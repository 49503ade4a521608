"""What becomes of a realtime connection, and of what is sent on one: as `probe`, by openai's own classes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Refused
from zhipu_openai.endpoints import endpoint_of, region_of
from zhipu_openai.glm_realtime.opening import Opening
from zhipu_openai.glm_realtime.translator import Translator

from . import placeholders
from .findings import Finding
from .values import REST, is_plain, is_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.errors import ErrorAnswer

    from .probe import Where


def connecting(where: Where, path: tuple[str, ...], given: Mapping[Any, Any]) -> list[Finding]:
    """Say whether a connection would be refused before it is opened."""
    known = {name: value for name, value in given.items() if name is not REST and is_plain(value)}
    place = SimpleNamespace(region=region_of(where.base_url), endpoint=endpoint_of(where.base_url))
    try:
        _Trial(SimpleNamespace(settings=place), "beta" if "beta" in path else "ga", known)
    except Refused as refusal:
        error = refusal.answer.body["error"]
        return [Finding("refused", str(error.get("param") or ""), str(error["message"]))]
    return []


class _Trial(Opening):
    """An opening that is not opened."""

    def raised(self, answer: ErrorAnswer) -> Exception:
        """Give the refusal as it is."""
        return Refused(answer)


def sending(where: Where, path: tuple[str, ...], given: Mapping[Any, Any]) -> list[Finding]:
    """Say what becomes of an event that is sent by a method of the connection."""
    known = {
        name: value if is_plain(value) else placeholders.filled(value, name)
        for name, value in given.items()
        if name is not REST and not is_unknown(value)
    }
    messages: list[str] = []
    try:
        from openai.resources.realtime.realtime import RealtimeConnection  # noqa: PLC0415 - newer than 1.99

        method: Any = RealtimeConnection(_Socket(messages))  # type: ignore[arg-type]  # all that is used of one
        for name in path:
            method = getattr(method, name)
        method(**known)
    except (ImportError, AttributeError, TypeError):
        return []
    translator = Translator("ga", aliases=where.model_aliases, policy="ignore")
    whole = all(is_plain(value) for value in given.values())
    refused = []
    for message in messages:
        try:
            translator.outgoing(message)
        except Refused as refusal:
            error = refusal.answer.body["error"]
            refused.append(
                Finding(
                    "refused",
                    str(error.get("param") or ""),
                    str(error["message"]),
                    certain=whole,
                    depends_on=None if whole else "value",
                )
            )
    entries = translator.state.ledger.entries
    return refused + [Finding(one.kind, one.field, one.detail) for one in entries]


class _Socket:
    """Keeps what is sent."""

    def __init__(self, messages: list[str]) -> None:
        self._messages = messages

    def send(self, message: str) -> None:
        self._messages.append(message)
