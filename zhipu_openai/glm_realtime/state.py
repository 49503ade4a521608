"""What both directions of one connection know: the session as asked for, and the responses under way."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias
from uuid import uuid4

from zhipu_openai.adaptation import Ledger, Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.adaptation import Kind

Dialect: TypeAlias = Literal["ga", "beta"]
"""Which of OpenAI's two realtime protocols the caller speaks: client.realtime's, or client.beta.realtime's."""

Event: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Part:
    """A content part of a message that is being made."""

    kind: Literal["text", "audio"]
    index: int
    text: str = ""

    def payload(self, *, whole: bool) -> Event:
        """Describe the part as content-part events do."""
        said = self.text if whole else ""
        return {"type": self.kind, "text" if self.kind == "text" else "transcript": said}


@dataclass(slots=True)
class OutputItem:
    """An item of a response, as far as it has come."""

    id: str
    output_index: int
    parts: dict[str, Part] = field(default_factory=dict)
    call: Event | None = None

    def payload(self, dialect: Dialect, status: str) -> Event:
        """Describe the item as OpenAI does."""
        if self.call is not None:
            return {
                "id": self.id,
                "object": "realtime.item",
                "type": "function_call",
                "status": status,
                **self.call,
            }
        prefix = "output_" if dialect == "ga" else ""
        content = [
            {**part.payload(whole=True), "type": prefix + part.kind}
            for part in sorted(self.parts.values(), key=lambda part: part.index)
        ]
        return {
            "id": self.id,
            "object": "realtime.item",
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": content if status != "in_progress" else [],
        }


@dataclass(slots=True)
class Response:
    """A response under way. ``native`` says that Zhipu itself tells of its items."""

    id: str
    message: OutputItem | None = None
    items: list[OutputItem] = field(default_factory=list)
    message_id: str | None = None
    native: bool = False


@dataclass(slots=True)
class State:
    """The state of one connection.

    Attributes:
        dialect: The protocol that the caller speaks.
        ledger: Where adaptations are recorded, and refused.
        aliases: The caller's own table of models.
        model: The model named at connect(); None if none was.
        wanted: The session as the caller wants it, flat, every update merged in.
        configured: Whether Zhipu was told a session yet.
        updates: Which session.updated answers are due: True for an update of our own.
        overridden: A response was asked for with settings of its own, which stand in Zhipu's session.
        finished: No response is under way.
        cancelled: The caller cancelled the response under way.
        audio_format: Zhipu's word for the audio that the caller sends.
        buffered: Milliseconds of audio that the caller has sent.
        made_calls: Call ids that were made up here and mean nothing to Zhipu.
        outputs: Call ids of function outputs whose echo is due.
        announced: Items that the caller was told of.
        waiting_item: The id of a message that was announced before its response.
        spoken_item: The id made up for what the user is saying.
        responses: Responses under way, by id.
        over: The id of the last response that ended.
    """

    dialect: Dialect
    ledger: Ledger = field(default_factory=Ledger)
    aliases: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    wanted: Event = field(default_factory=dict)
    configured: bool = False
    updates: deque[bool] = field(default_factory=deque)
    overridden: bool = False
    finished: bool = True
    cancelled: bool = False
    audio_format: str = "pcm24"
    buffered: float = 0.0
    made_calls: set[str] = field(default_factory=set)
    outputs: deque[str] = field(default_factory=deque)
    announced: set[str] = field(default_factory=set)
    waiting_item: str | None = None
    spoken_item: str | None = None
    responses: dict[str, Response] = field(default_factory=dict)
    over: str | None = None

    def new_id(self, kind: str) -> str:
        """Make up an id where Zhipu gives none."""
        return f"{kind}_{uuid4().hex[:20]}"

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation.

        Raises:
            Refused: It changes the meaning, and the client refuses that.
        """
        self.ledger.add(name, kind, detail)


def refuse(name: str | None, message: str, *, code: str = "unsupported_parameter") -> NoReturn:
    """Refuse a client event before it is sent.

    Raises:
        Refused: Always.
    """
    raise Refused(refusal(message, param=name, code=code))
