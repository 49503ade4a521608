"""The words in which an operation speaks with the transport.

An operation is a generator: it yields what is to be sent, is given the replies, and returns the answer.
It does no I/O itself, so that one text serves the sync and the async transport.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from pydantic_core import PydanticSerializationError, to_json

from .memory import Memory
from .multipart import Form

if TYPE_CHECKING:
    from .adaptation import Ledger
    from .endpoints import RootName
    from .errors import ErrorAnswer
    from .settings import ResponsesMode

Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What the client was told, as far as translation depends on it."""

    base_url: str
    model_aliases: Mapping[str, str] = field(default_factory=dict)
    responses: ResponsesMode = "auto"


@dataclass(slots=True)
class Call:
    """One request of the SDK: OpenAI's words, before translation.

    ``path`` is relative to the base URL and begins with a slash; ``attempt`` counts the retries that
    openai has already made. ``body`` is empty where the content is no JSON: ``form`` reads a form, an upload.
    ``memory`` is what the client remembers from call to call. ``streamed`` says that the caller reads the
    answer as it comes (``with_streaming_response``).
    """

    method: str
    path: str
    query: str
    body: Body
    options: Options
    ledger: Ledger
    attempt: int = 0
    content: bytes = b""
    content_type: str = ""
    memory: Memory = field(default_factory=Memory)
    streamed: bool = False

    def form(self) -> Form:
        """Read the content as a multipart form.

        Raises:
            ValueError: It is none.
        """
        return Form.parse(self.content, self.content_type)


@dataclass(frozen=True, slots=True)
class Send:
    """A request to Zhipu: with a JSON body, with a form, or with neither.

    The path is relative to the base URL, or to another of Zhipu's roots at the same place.
    """

    method: str
    path: str
    body: Body | None = None
    query: str = ""
    root: RootName | None = None
    form: Form | None = None

    def content(self) -> tuple[bytes, str] | None:
        """Encode what is to be sent, JSON in UTF-8 or the form, and name its content type."""
        if self.form is not None:
            return self.form.encode()
        return None if self.body is None else (encode_json(self.body), "application/json")


MOST_FETCHED: Final = 128 * 1024 * 1024
"""Bytes of what a link leads to, where that is held in memory. Ours: the largest document that Zhipu takes has
100 MB (bigmodel.cn OpenAPI, file parser, 2026-07-11), and a picture that it makes has a few."""

TOO_LARGE: Final = "response_too_large"
"""The code of the error for a link that leads to more."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Something to read at a URL of its own, such as the link to an image that Zhipu made.

    It is read without the key, wherever it is, and redirects are followed. More bytes than ``most`` are an
    error (502, code ``response_too_large``), which is not tried again.
    """

    url: str
    most: int = MOST_FETCHED


@dataclass(frozen=True, slots=True)
class SendAll:
    """Requests to be sent side by side; their replies come back in the same order.

    If one fails, the others are given up and its reply alone counts.
    """

    sends: tuple[Send | Fetch, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait, in seconds, before the next step; the reply to it is None."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """Zhipu's whole reply, or the answer that goes back to the SDK.

    ``error`` is set when the reply reports a failure, whatever its HTTP status said. Header names are
    lower case. ``decoded`` is what the content was encoded from, if that is at hand.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    error: ErrorAnswer | None = None
    decoded: Any = field(default=None, repr=False, compare=False)

    def json(self) -> Any:
        """Decode the content.

        Raises:
            ValueError: It is not JSON, or nested too deeply.
        """
        try:
            return json.loads(self.content)
        except RecursionError:
            raise ValueError("the JSON is nested too deeply") from None


@dataclass(frozen=True, slots=True)
class StreamFailure:
    """Why a stream cannot go on: an error Zhipu reported, or (``answer`` None) a broken connection."""

    message: str
    answer: ErrorAnswer | None = None


class StreamDecoder(Protocol):
    """Turns the bytes of one of Zhipu's streams into those of OpenAI's, event by event."""

    failure: StreamFailure | None
    done: bool

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give back the events that are complete."""
        ...

    def end(self) -> bytes:
        """Take the end of the body; give back what was held, and set ``failure`` if the end came early."""
        ...

    def follow_up(self) -> Send | None:
        """After the end: another request whose stream continues this one, if one is needed."""
        ...


Event: TypeAlias = bytes | Body
"""The data of one event: JSON as bytes or decoded, or the ``[DONE]`` behind the last."""


class EventDecoder(StreamDecoder, Protocol):
    """A decoder that also gives the events one by one, for a reader that needs no bytes.

    ``take`` and ``finish`` are ``feed`` and ``end`` before ``encode``; a stream is read by one pair alone.
    """

    def take(self, data: bytes) -> list[Event]:
        """Take bytes as they come; give back the events that are complete."""
        ...

    def finish(self) -> list[Event]:
        """Take the end of the body; give back the events that were held."""
        ...

    def encode(self, event: Event) -> bytes:
        """Write an event as a server sends it."""
        ...


class StreamMerger(Protocol):
    """Makes one stream of several that run side by side."""

    def take(self, branch: int, data: bytes) -> bytes:
        """Pass on the events of one branch."""
        ...

    def end(self) -> bytes:
        """Give the events that close the whole, when every branch has ended."""
        ...


@dataclass(frozen=True, slots=True)
class Branch:
    """A stream to open and the decoder that reads it."""

    send: Send
    decoder: StreamDecoder


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """The answer is a stream: of one branch, or of several merged into one."""

    branches: tuple[Branch, ...]
    merger: StreamMerger | None = None
    content_type: str = "text/event-stream; charset=utf-8"


class BodyDecoder(Protocol):
    """Turns the bytes of a body into others while they are passed on."""

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; give what can be passed on."""
        ...

    def end(self) -> bytes:
        """Take the end of the body; give what was held."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """The answer is what comes back for a request, passed on as it comes unless it is a failure.

    ``headers`` are added to its own, or replace them; names are lower case. ``decoder`` changes the body of
    a success on its way.
    """

    send: Send | Fetch
    headers: Mapping[str, str] = field(default_factory=dict)
    decoder: BodyDecoder | None = None


Step: TypeAlias = Send | Fetch | SendAll | Pause
STEPS: Final = (Send, Fetch, SendAll, Pause)

Result: TypeAlias = Reply | StreamPlan | Passage
Operation: TypeAlias = Generator[Step, Any, Result]
Operator: TypeAlias = Callable[[Call], Operation]


_NOT_JSON: Final = (b"NaN", b"Infinity")


def encode_json(value: Any) -> bytes:
    """Encode as openai does: compact, UTF-8, no NaN.

    Raises:
        ValueError: A number is NaN or infinite.
    """
    try:
        # Straight to bytes: a picture of many megabytes is copied once.
        encoded = to_json(value, inf_nan_mode="constants")
    except (PydanticSerializationError, UnicodeEncodeError):
        # A lone surrogate has no UTF-8 form; as an escape it passes.
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
    if any(word in encoded for word in _NOT_JSON):
        json.dumps(value, allow_nan=False)  # raises, unless the word stands in a text
    return encoded


def json_reply(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Make the answer that carries a JSON value."""
    kind = {"content-type": "application/json"}
    return Reply(status, {**kind, **(headers or {})}, encode_json(value), decoded=value)


def error_reply(answer: ErrorAnswer, headers: Mapping[str, str] | None = None) -> Reply:
    """Make the answer that carries an error, over the headers of the reply that reported it, if one did."""
    return Reply(answer.status, {**(headers or {}), **answer.headers()}, encode_json(answer.body), answer)
