"""The faults as a table: what the server plays in each, and what must come of it for each kind of operation."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from operations import EVENTS, ID, completion, event
from server import Close, Drip, Reset, Script, Seen, Stall, chunk, head, reply

if TYPE_CHECKING:
    from operations import Operation

Connection: TypeAlias = Literal["kept", "closed", "any"]
"""What becomes of the connection that the last request went over: used again, or closed. "any" where either is
right: a library that has read all of a body may keep the connection of a stream that failed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must come of a fault that the server shows again and again to a client that retries once.

    Attributes:
        error: The name of openai's exception; empty where the answer is whole.
        requests: How many requests arrive.
        delivered: Pieces of a stream that were handed over before the exception.
        status: The exception's HTTP status, if it has one.
        code: The exception's ``code``.
        connection: What becomes of the last connection.
        verbatim: Whether the whole answer is what the fault's own body holds, rather than the operation's.
        waits: The least and the most seconds before a retry, where the fault is about them.
        heals: Whether the retry succeeds where the service answers well by then.
        abroad: How many requests go to another origin.
        another: How often the next request is sent, which is for something else and goes well.
    """

    error: str = ""
    requests: int = 1
    delivered: int = 0
    status: int | None = None
    code: str | None = None
    connection: Connection = "kept"
    verbatim: bool = False
    waits: tuple[float, float] | None = None
    heals: bool = True
    abroad: int = 0
    another: int = 1


WHOLE = Outcome()
WHOLE_CLOSED = Outcome(connection="closed")
BROKEN = Outcome("APIConnectionError", requests=2, connection="closed")
LATE = Outcome("APITimeoutError", requests=2, connection="closed")
HOLLOW = Outcome("InternalServerError", requests=2, status=502, code="invalid_upstream_answer")
HOLLOW_ONCE = replace(HOLLOW, requests=1)
"""A picture that was made is paid for, and a file that was taken is there: neither is asked for again."""
NO_STREAM = Outcome("InternalServerError", status=502, code="not_a_stream")
VERBATIM = Outcome(verbatim=True)

Outcomes: TypeAlias = Mapping[str, Outcome]
"""By the name of an operation, or else by its kind; with ``@`` and the HTTP library behind it where that decides."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        group: What it belongs to in the table of results.
        name: What goes wrong.
        script: What the server plays for an operation.
        outcomes: What must come of it. An operation of which nothing is said is left out.
        content: The body that the script holds in place of the operation's own.
        place: Where the server is: listening, deaf or absent.
        says: What the second piece of a chat is in place of the usual.
        repeated_by_aiohttp: Whether aiohttp sends what only reads once more by itself, beneath openai's retries.
    """

    group: str
    name: str
    script: Callable[[Operation], Script]
    outcomes: Outcomes
    content: bytes = b""
    place: Literal["listening", "deaf", "absent"] = "listening"
    says: str = ""
    repeated_by_aiohttp: bool = False

    def outcome(self, operation: Operation, library: str) -> Outcome | None:
        """Give what must come of it for an operation over an HTTP library."""
        names = (operation.name, operation.kind)
        keys = (*(f"{name}@{library}" for name in names), *names)
        return next((self.outcomes[key] for key in keys if key in self.outcomes), None)


def every(outcome: Outcome) -> Outcomes:
    """Expect the same of every operation."""
    return {"json": outcome, "bytes": outcome, "stream": outcome}


def whole_bodies(outcome: Outcome) -> Outcomes:
    """Expect the same of whatever is no stream."""
    return {"json": outcome, "bytes": outcome}


def streams(outcome: Outcome) -> Outcomes:
    """Expect something of streams alone."""
    return {"stream": outcome}


def in_the_body(outcome: Outcome) -> Outcomes:
    """Expect the same of whatever is no stream; whoever reads a file as it comes has its beginning by then."""
    return {**whole_bodies(outcome), "files streamed": replace(outcome, requests=1)}


def hollow(connection: Connection = "kept") -> Outcomes:
    """Expect that an answer of JSON is refused for what it is."""
    once = replace(HOLLOW_ONCE, connection=connection)
    return {"json": replace(HOLLOW, connection=connection), "images": once, "files create": once}


def after(outcome: Outcome, delivered: int) -> Outcome:
    """Expect a failure after so many pieces of a stream: then nothing is asked again."""
    return replace(outcome, delivered=delivered, requests=1 if delivered else outcome.requests)


def any_connection(outcome: Outcome) -> Outcome:
    """Expect nothing of the connection."""
    return replace(outcome, connection="any")


# Good answers

DONE = event(b"[DONE]")
EVENT_STREAM = "text/event-stream;charset=UTF-8"
_TYPES = {
    "json": "application/json; charset=UTF-8",
    "bytes": "application/octet-stream",
    "stream": EVENT_STREAM,
}


def stream_head(**headers: str) -> bytes:
    """Make the head of a chunked stream."""
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return head(200, [("content-type", EVENT_STREAM), ("transfer-encoding", "chunked"), *named])


def chunked(*pieces: bytes) -> bytes:
    """Make a stream whose pieces are a chunk each, with its end."""
    return stream_head() + b"".join(map(chunk, pieces)) + chunk(b"")


def content_of(operation: Operation) -> bytes:
    """Give the whole body of an operation's good answer."""
    if operation.kind != "stream":
        return operation.content[0]
    return b"".join(map(event, operation.content)) + DONE


def good(operation: Operation) -> Script:
    """Give an operation's good answer as Zhipu frames it."""
    if operation.kind == "stream":
        return (chunked(*map(event, operation.content), DONE),)
    return (reply(operation.content[0], kind=_TYPES[operation.kind]),)


def _plain_head(operation: Operation, *headers: tuple[str, str]) -> bytes:
    return head(200, [("content-type", _TYPES[operation.kind]), *headers])


# Where an answer breaks

_FIRST, _SECOND, _THIRD, _LAST = (event(one) for one in EVENTS)


def _in_character(data: bytes) -> int:
    """Find a place within a character of several bytes."""
    found = re.search(rb"[\xc0-\xff]", data)
    if found is None:
        raise LookupError("all is ASCII")
    return found.start() + 1


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _of_the_head(operation: Operation) -> bytes:
    made = good(operation)[0]
    if not isinstance(made, bytes):
        raise TypeError("a good answer is bytes")
    return made[: made.index(b"\r\n\r\n") + 4]


def _cut_body(cut: Callable[[bytes], bytes]) -> Callable[[Operation], bytes]:
    def begin(operation: Operation) -> bytes:
        return _of_the_head(operation) + cut(operation.content[0])

    return begin


def _cut_stream(*pieces: bytes) -> Callable[[Operation], bytes]:
    return lambda _: stream_head() + b"".join(map(chunk, pieces))


@dataclass(frozen=True, slots=True)
class _Place:
    """A place at which an answer may break: what came before it, for which kinds, and what was delivered."""

    name: str
    kinds: frozenset[str]
    begun: Callable[[Operation], bytes]
    delivered: int = 0
    complete: bool = False
    begun_body: bool = True


_ALL = frozenset({"json", "bytes", "stream"})
_BODIES = frozenset({"json", "bytes"})
_STREAMS = frozenset({"stream"})

PLACES: tuple[_Place, ...] = (
    _Place("before any byte", _ALL, lambda _: b"", begun_body=False),
    _Place("in the status line", _ALL, lambda _: b"HTTP/1.1 20", begun_body=False),
    _Place("in the headers", _ALL, lambda operation: _of_the_head(operation)[:-12], begun_body=False),
    _Place("behind the headers", _ALL, _of_the_head),
    _Place("in the body", _BODIES, _cut_body(_half)),
    _Place("inside a character", _BODIES, _cut_body(lambda data: data[: _in_character(data)])),
    _Place("before the last byte", _BODIES, _cut_body(lambda data: data[:-1])),
    _Place("in the first event", _STREAMS, _cut_stream(_half(_FIRST))),
    _Place("between events", _STREAMS, _cut_stream(_FIRST, _SECOND), 2),
    _Place("in an event", _STREAMS, _cut_stream(_FIRST, _SECOND, _half(_THIRD)), 2),
    _Place("inside a character", _STREAMS, _cut_stream(_FIRST, _SECOND[: _in_character(_SECOND)]), 1),
    _Place("in the framing of a chunk", _STREAMS, lambda _: stream_head() + chunk(_FIRST) + b"1f", 1),
    _Place("before the finish reason", _STREAMS, _cut_stream(_FIRST, _SECOND, _THIRD), 3),
    _Place(
        "in the event of the finish reason", _STREAMS, _cut_stream(_FIRST, _SECOND, _THIRD, _half(_LAST)), 3
    ),
    _Place(
        "behind the finish reason, before [DONE]", _STREAMS, _cut_stream(_FIRST, _SECOND, _THIRD, _LAST), 3
    ),
    _Place("in [DONE]", _STREAMS, _cut_stream(_FIRST, _SECOND, _THIRD, _LAST, b"data: [DO"), 3),
    _Place(
        "behind [DONE], before the end of the body",
        _STREAMS,
        _cut_stream(_FIRST, _SECOND, _THIRD, _LAST, DONE),
        complete=True,
    ),
)


def _breaks(group: str, act: Reset | Close | Stall, outcome: Outcome) -> list[Fault]:
    faults = []
    for place in PLACES:
        expected = WHOLE_CLOSED if place.complete else after(outcome, place.delivered)
        outcomes = dict.fromkeys(place.kinds, expected)
        if place.begun_body and "bytes" in place.kinds:
            outcomes.update(in_the_body(expected))
        faults.append(
            Fault(
                group,
                place.name,
                lambda operation, place=place: (place.begun(operation), act),
                outcomes,
                repeated_by_aiohttp=not place.begun_body and not isinstance(act, Stall),
            )
        )
    return faults


_CONNECTING = [
    Fault(
        "connection",
        "refused",
        lambda _: (),
        every(replace(BROKEN, requests=0, connection="any")),
        place="absent",
    ),
    Fault(
        "connection",
        "neither taken nor refused",
        lambda _: (),
        every(replace(LATE, requests=0, connection="any")),
        place="deaf",
    ),
]


# Until the close: HTTP then says nothing about where a body ends


def _until_close(*pieces: bytes) -> Callable[[Operation], Script]:
    return lambda operation: (_plain_head(operation) + b"".join(pieces), Close())


_UNTIL_CLOSE = [
    Fault(
        "until the close",
        "whole",
        lambda operation: (_plain_head(operation) + content_of(operation), Close()),
        every(WHOLE_CLOSED),
    ),
    Fault(
        "until the close",
        "HTTP/1.0",
        lambda operation: (
            (_plain_head(operation) + content_of(operation)).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
            Close(),
        ),
        every(WHOLE_CLOSED),
    ),
    Fault(
        "until the close",
        "cut in the body",
        lambda operation: (_plain_head(operation) + _half(operation.content[0]), Close()),
        hollow("closed"),
    ),
    Fault("until the close", "empty", _until_close(), {**hollow("closed"), "stream": BROKEN}),
    Fault("until the close", "cut in the first event", _until_close(_half(_FIRST)), streams(BROKEN)),
    Fault("until the close", "cut between events", _until_close(_FIRST, _SECOND), streams(after(BROKEN, 2))),
    Fault(
        "until the close",
        "cut in an event",
        _until_close(_FIRST, _SECOND, _half(_THIRD)),
        streams(after(BROKEN, 2)),
    ),
    Fault(
        "until the close",
        "cut inside a character",
        _until_close(_FIRST, _SECOND[: _in_character(_SECOND)]),
        streams(after(BROKEN, 1)),
    ),
    Fault(
        "until the close",
        "cut before the finish reason",
        _until_close(_FIRST, _SECOND, _THIRD),
        streams(after(BROKEN, 3)),
    ),
    Fault(
        "until the close",
        "cut in the event of the finish reason",
        _until_close(_FIRST, _SECOND, _THIRD, _half(_LAST)),
        streams(after(BROKEN, 3)),
    ),
    Fault(
        "until the close",
        "ended behind the finish reason, without [DONE]",
        _until_close(_FIRST, _SECOND, _THIRD, _LAST),
        streams(WHOLE_CLOSED),
    ),
    Fault(
        "until the close",
        "cut in [DONE], behind the finish reason",
        _until_close(_FIRST, _SECOND, _THIRD, _LAST, b"data: [DO"),
        streams(WHOLE_CLOSED),
    ),
    Fault(
        "until the close",
        "last event without its blank line",
        _until_close(_FIRST, _SECOND, _THIRD, _LAST, DONE.rstrip()),
        streams(WHOLE_CLOSED),
    ),
]


# Framing


def _gzipped(cut: Callable[[bytes], bytes]) -> Callable[[Operation], Script]:
    """Pack the body, and damage what is packed; its framing stays right."""

    def script(operation: Operation) -> Script:
        packed = cut(gzip.compress(content_of(operation), mtime=0))
        return (
            _plain_head(operation, ("content-encoding", "gzip"), ("content-length", str(len(packed))))
            + packed,
        )

    return script


def _gzipped_by_event(operation: Operation, end: bytes = b"") -> Script:
    """Pack a stream event by event, each flushed, as a server does; ``end`` is what it says at the last."""
    import zlib

    packer = zlib.compressobj(wbits=31)
    pieces = [packer.compress(event(one)) + packer.flush(zlib.Z_SYNC_FLUSH) for one in operation.content]
    pieces.append(packer.compress(DONE) + packer.flush())
    return (stream_head(content_encoding="gzip") + b"".join(map(chunk, pieces)) + chunk(b"") + end,)


def _in_chunks(size: int) -> Callable[[Operation], Script]:
    def script(operation: Operation) -> Script:
        content = content_of(operation)
        pieces = [content[place : place + size] for place in range(0, len(content), size)]
        made = _plain_head(operation, ("transfer-encoding", "chunked"))
        return (made + b"".join(map(chunk, pieces)) + chunk(b""),)

    return script


def _with_length(wrong: int, *then: Close | Stall, cut: int | None = None) -> Callable[[Operation], Script]:
    """Give the body with a length that is wrong by so many bytes."""

    def script(operation: Operation) -> Script:
        content = content_of(operation)
        made = _plain_head(operation, ("content-length", str(len(content) + wrong)))
        return (made + content[:cut], *then)

    return script


def _short_stream(operation: Operation) -> Script:
    begun = _FIRST + _SECOND + _half(_THIRD)
    return (_plain_head(operation, ("content-length", str(len(begun)))) + content_of(operation),)


# What follows on the connection is out of step: the library takes it for the next answer, and the retry ends that.
# aiohttp looks ahead, and finds it while the body is read.
_OUT_OF_STEP = replace(any_connection(BROKEN), heals=False)
_ONCE_OUT_OF_STEP = replace(any_connection(HOLLOW_ONCE), another=2)
_SHORT = {
    "json": _OUT_OF_STEP,
    "images": _ONCE_OUT_OF_STEP,
    "files create": _ONCE_OUT_OF_STEP,
    **{f"{name}@aiohttp": any_connection(BROKEN) for name in ("json", "images", "files create")},
}
_SHORT_STREAM = {
    "stream": replace(any_connection(after(BROKEN, 2)), another=2),
    "stream@aiohttp": any_connection(BROKEN),
}

_INFORMATION = (
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
    b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n"
)

_FRAMING = [
    Fault("framing", "gzip", _gzipped(bytes), every(WHOLE)),
    Fault("framing", "gzip, event by event", _gzipped_by_event, streams(WHOLE)),
    Fault(
        "framing",
        "gzip that is cut",
        _gzipped(lambda packed: packed[: len(packed) * 2 // 3]),
        in_the_body(any_connection(BROKEN)),
    ),
    Fault(
        "framing",
        "gzip without its checksum",
        _gzipped(lambda packed: packed[:-8]),
        in_the_body(any_connection(BROKEN)),
    ),
    Fault(
        "framing",
        "gzip with a wrong checksum",
        _gzipped(lambda packed: packed[:-8] + b"\0" * 8),
        in_the_body(any_connection(BROKEN)),
    ),
    Fault(
        "framing",
        "gzip that is none",
        _gzipped(lambda _: b"no gzip at all"),
        {**in_the_body(any_connection(BROKEN)), "stream": any_connection(BROKEN)},
    ),
    Fault("framing", "chunks of a byte", _in_chunks(1), every(WHOLE)),
    Fault("framing", "chunks of seven bytes", _in_chunks(7), every(WHOLE)),
    Fault(
        "framing",
        "chunks without their end, closed",
        lambda operation: (
            _plain_head(operation, ("transfer-encoding", "chunked")) + chunk(content_of(operation)),
            Close(),
        ),
        {**in_the_body(BROKEN), "stream": WHOLE_CLOSED},
    ),
    Fault(
        "framing",
        "a chunk cut short, closed",
        lambda operation: (
            _plain_head(operation, ("transfer-encoding", "chunked")) + chunk(content_of(operation))[:-30],
            Close(),
        ),
        {**in_the_body(BROKEN)},
    ),
    Fault(
        "framing",
        "a chunk whose size is no number",
        lambda operation: (_plain_head(operation, ("transfer-encoding", "chunked")) + b"zz\r\n" + b"x" * 99,),
        {**in_the_body(BROKEN), "stream": BROKEN, "files streamed@aiohttp": BROKEN},
    ),
    Fault(
        "framing",
        "a length too long, closed",
        _with_length(9, Close()),
        {**in_the_body(BROKEN), "stream": WHOLE_CLOSED},
    ),
    Fault(
        "framing",
        "a length too long, silent",
        _with_length(9, Stall()),
        {**in_the_body(LATE), "stream": WHOLE_CLOSED},
    ),
    Fault("framing", "a length too short", _with_length(-9), _SHORT),
    Fault("framing", "a length too short for a stream", _short_stream, _SHORT_STREAM),
    Fault(
        "framing",
        "two lengths that differ",
        lambda operation: (
            _plain_head(operation, ("content-length", "5"), ("content-length", "6")) + content_of(operation),
        ),
        every(BROKEN),
    ),
    Fault("framing", "no HTTP at all", lambda _: (b"SSH-2.0-OpenSSH_9.6\r\n", Close()), every(BROKEN)),
    Fault(
        "framing",
        "headers without end",
        lambda _: (head(200, [("x-long", "y" * 300_000)]), Close()),
        every(BROKEN),
    ),
    Fault(
        "framing",
        "100 Continue, 102 and 103 first",
        lambda operation: (
            _INFORMATION,
            *good(operation),
        ),
        every(WHOLE),
    ),
    Fault(
        "framing",
        "a byte at a time",
        lambda operation: tuple(Drip(one) for one in good(operation) if isinstance(one, bytes)),
        every(WHOLE),
    ),
    Fault(
        "framing",
        "connection: close",
        lambda operation: (
            good(operation)[0].replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1),  # type: ignore[union-attr]  # bytes, as good() makes them
            Close(),
        ),
        every(WHOLE_CLOSED),
    ),
]

# Bodies that are not what they should be


def _says(
    content: bytes, *, status: int = 200, kind: str = "application/json", **headers: str
) -> Callable[[Operation], Script]:
    return lambda _: (reply(content, status=status, kind=kind, **headers),)


PAGE = "<!doctype html><html><head><title>网关</title></head><body>oops</body></html>".encode()
_EDGE = Outcome("InternalServerError", requests=2, status=502)


def _body(name: str, content: bytes, outcomes: Outcomes, **how: Any) -> Fault:
    return Fault("bodies", name, _says(content, **how), outcomes, content)


_JSON_OF_NOTHING = {**hollow(), "bytes": VERBATIM, "stream": NO_STREAM}

_BODIES_OF_200 = [
    _body("HTML", PAGE, _JSON_OF_NOTHING, kind="text/html"),
    _body("HTML labelled as JSON", PAGE, _JSON_OF_NOTHING),
    _body(
        "HTML labelled as a stream", PAGE, {"stream": replace(BROKEN, connection="kept")}, kind=EVENT_STREAM
    ),
    _body("empty", b"", _JSON_OF_NOTHING),
    _body("empty, without a type", b"", _JSON_OF_NOTHING, kind=""),
    _body(
        "empty, labelled as a stream", b"", {"stream": replace(BROKEN, connection="kept")}, kind=EVENT_STREAM
    ),
    _body("text", b"OK", _JSON_OF_NOTHING, kind="text/plain"),
    _body("null", b"null", _JSON_OF_NOTHING),
    _body("a number", b"42", _JSON_OF_NOTHING),
    _body("a list", b"[]", _JSON_OF_NOTHING),
    _body("an empty object", b"{}", _JSON_OF_NOTHING),
    _body("NaN", b'{"choices": NaN}', _JSON_OF_NOTHING),
    _body("nested without end", b"[" * 100_000 + b"]" * 100_000, _JSON_OF_NOTHING),
    _body("objects nested without end", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, _JSON_OF_NOTHING),
    _body("a number of 10,000 digits", b'{"created":' + b"9" * 10_000 + b"}", _JSON_OF_NOTHING),
    _body("no UTF-8", b'{"choices":"\xff\xfe\xfd"}', _JSON_OF_NOTHING),
    _body("zeros", b"\0" * 64, _JSON_OF_NOTHING),
    Fault(
        "bodies",
        "whole, without a type",
        lambda operation: (reply(content_of(operation), kind=""),),
        {**whole_bodies(WHOLE), "stream": NO_STREAM},
    ),
    Fault(
        "bodies",
        "whole, labelled as text",
        lambda operation: (reply(content_of(operation), kind="text/plain"),),
        {**whole_bodies(WHOLE), "stream": NO_STREAM},
    ),
    Fault(
        "bodies",
        "whole, behind a byte order mark",
        lambda operation: (reply(b"\xef\xbb\xbf" + content_of(operation), kind=_TYPES[operation.kind]),),
        {"json": WHOLE, "stream": WHOLE},
    ),
    Fault(
        "bodies",
        "a whole answer where a stream was asked for",
        _says(json.dumps(completion()).encode()),
        streams(NO_STREAM),
    ),
    Fault(
        "bodies",
        "a whole answer labelled as a stream",
        _says(json.dumps(completion()).encode(), kind=EVENT_STREAM),
        streams(HOLLOW),
    ),
    Fault(
        "bodies",
        "a stream where a whole answer was asked for",
        lambda _: (chunked(*map(event, EVENTS), DONE),),
        hollow(),
    ),
]


# Statuses


def _status(
    status: int,
    outcome: Outcome,
    content: bytes = b"",
    *,
    name: str = "",
    kind: str = "text/html",
    **headers: str,
) -> Fault:
    return Fault(
        "statuses",
        f"{status}{f', {name}' if name else ''}",
        _says(content, status=status, kind=kind, **headers),
        every(replace(outcome, status=outcome.status or status)),
    )


_SERVER = Outcome("InternalServerError", requests=2)
_REFUSED = Outcome("InternalServerError", status=502, code="unexpected_redirect")
_ROUND = Outcome("APIConnectionError", requests=42)
"""As often as the HTTP library goes round, and once more: a file's content is fetched as openai fetches it."""


def _moved(status: int, location: str) -> Callable[[Operation], Script]:
    """Redirect, until what is asked for is there."""

    def script(operation: Operation) -> Callable[[Seen], Script]:
        moved = (reply(b"", status=status, kind="", location=location),)
        return lambda seen: good(operation) if seen.target.endswith("/moved") else moved

    return script  # type: ignore[return-value]  # the server takes either


def _of_content(outcome: Outcome) -> Outcomes:
    return {"files content": outcome, "files streamed": outcome}


_ONCE_MORE = Outcome(requests=2)
_FROM_ELSEWHERE = Outcome(abroad=1)
_HERE, _THERE = "/api/paas/v4/moved", "http://elsewhere.invalid/moved"

# httpx 0.28 itself takes such an address for a breach of the protocol.
_UNREADABLE = {
    **every(_REFUSED),
    **dict.fromkeys(("json@httpx", "stream@httpx", "bytes"), any_connection(BROKEN)),
}

_REDIRECTS = [
    *(
        Fault("redirects", f"{status} to the same origin", _moved(status, _HERE), every(_ONCE_MORE))
        for status in (307, 308)
    ),
    *(
        Fault(
            "redirects",
            f"{status} to the same origin",
            _moved(status, _HERE),
            {**every(_REFUSED), **_of_content(_ONCE_MORE), "models": _ONCE_MORE},
        )
        for status in (301, 302, 303)
    ),
    *(
        Fault(
            "redirects",
            f"{status} to another origin",
            _moved(status, _THERE),
            {**every(_REFUSED), **_of_content(_FROM_ELSEWHERE)},
        )
        for status in (301, 302, 303, 307, 308)
    ),
    Fault(
        "redirects",
        "307 round and round",
        _says(b"", status=307, kind="", location="/api/paas/v4/round"),
        {**every(replace(_REFUSED, requests=5)), **_of_content(_ROUND)},
    ),
    Fault(
        "redirects",
        "307 to nowhere",
        _says(b"", status=307, kind=""),
        {**every(_REFUSED), "bytes": Outcome("APIStatusError", status=307)},
    ),
    Fault(
        "redirects",
        "307 to an address that cannot be read",
        _says(b"", status=307, kind="", location="http://[::1"),
        _UNREADABLE,
    ),
    Fault(
        "redirects",
        "304",
        _says(b"", status=304, kind=""),
        {**every(_REFUSED), "bytes": Outcome("APIStatusError", status=304)},
    ),
]

_STATUSES = [
    *(_status(status, _SERVER, PAGE, name="HTML") for status in (500, 502, 503, 504, 529)),
    *(_status(status, _SERVER, name="empty") for status in (500, 502, 503)),
    _status(500, _SERVER, b'{"error":', name="JSON that is cut", kind="application/json"),
    _status(599, _SERVER, PAGE, name="HTML"),
    _status(400, Outcome("BadRequestError"), PAGE, name="HTML"),
    _status(401, Outcome("AuthenticationError", code="invalid_api_key"), name="empty"),
    _status(403, Outcome("PermissionDeniedError"), name="empty"),
    _status(404, Outcome("NotFoundError"), PAGE, name="HTML"),
    _status(407, Outcome("APIStatusError"), name="empty"),
    _status(408, Outcome("APIStatusError", requests=2), name="empty"),
    _status(409, Outcome("ConflictError", requests=2), name="empty"),
    _status(413, Outcome("APIStatusError"), PAGE, name="HTML"),
    _status(422, Outcome("UnprocessableEntityError"), name="empty"),
]

# Waits

_LIMITED = b'{"error":{"code":"1302","message":"slow down"}}'
_RATE = Outcome("RateLimitError", requests=2, status=429, code="rate_limit_exceeded")
_OWN = (1.0, 60.0)
"""The wait that the code itself asks for."""


def _limited(name: str, outcome: Outcome, **headers: str) -> Fault:
    return Fault("waits", f"429, {name}", _says(_LIMITED, status=429, **headers), every(outcome))


_NOT_AGAIN = replace(_RATE, requests=1)

_WAITS = [
    _limited("without Retry-After", replace(_RATE, waits=_OWN)),
    _limited("Retry-After in seconds", replace(_RATE, waits=(30, 30)), retry_after="30"),
    _limited("Retry-After with a fraction", replace(_RATE, waits=(30.5, 30.5)), retry_after="30.5"),
    _limited("retry-after-ms", replace(_RATE, waits=(30, 30)), retry_after_ms="30000"),
    _limited(
        "both, which differ", replace(_RATE, waits=(30, 30)), retry_after_ms="30000", retry_after="9999"
    ),
    _limited(
        "a date that has passed", replace(_RATE, waits=_OWN), retry_after="Wed, 21 Oct 2015 07:28:00 GMT"
    ),
    _limited("a date far off", _NOT_AGAIN, retry_after="Wed, 21 Oct 2099 07:28:00 GMT"),
    _limited("an hour", _NOT_AGAIN, retry_after="3600"),
    _limited("negative", replace(_RATE, waits=_OWN), retry_after="-30"),
    _limited("zero", replace(_RATE, waits=_OWN), retry_after="0"),
    _limited("text", replace(_RATE, waits=_OWN), retry_after="soon"),
    _limited("NaN", replace(_RATE, waits=_OWN), retry_after="nan"),
    _limited("the year 0", replace(_RATE, waits=_OWN), retry_after="Wed, 00 Jan 0000 00:00:00 GMT"),
    _limited(
        "a year of twenty digits",
        replace(_RATE, waits=_OWN),
        retry_after="Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    ),
    _limited(
        "a time zone of ten digits",
        replace(_RATE, waits=_OWN),
        retry_after="Wed, 21 Oct 2026 07:28:00 +9999999999",
    ),
    _limited("more digits than a float has", _NOT_AGAIN, retry_after="9" * 400),
    _limited("1e400 milliseconds", _NOT_AGAIN, retry_after_ms="1e400"),
    _limited("infinity", replace(_RATE, waits=_OWN), retry_after="inf"),
]

# Failures that Zhipu reports inside a success

_BALANCE = Outcome("RateLimitError", status=429, code="insufficient_quota")
_BUSY = Outcome("RateLimitError", requests=2, status=429)
_KEY = Outcome("AuthenticationError", status=401, code="invalid_api_key")

_FAILURES: tuple[tuple[str, Any, Outcome], ...] = (
    ('{"error": {"code", "message"}}, transient', {"error": {"code": "1305", "message": "忙"}}, _BUSY),
    ('{"error": {"code", "message"}}, final', {"error": {"code": "1113", "message": "欠费"}}, _BALANCE),
    (
        '{"error", "contentFilter"}',
        {"error": {"code": "1301", "message": "敏感"}, "contentFilter": [{"level": 1, "role": "user"}]},
        Outcome("BadRequestError", status=400, code="content_filter"),
    ),
    ('{"code", "msg", "success": false}', {"code": 1000, "msg": "身份验证失败。", "success": False}, _KEY),
    (
        '{"id", "status": "failed", "error"}',
        {"id": "x1", "status": "failed", "error": {"code": "1113", "message": "欠费"}},
        _BALANCE,
    ),
    (
        '{"error": "…"}',
        {"error": "Too many requests, please try again later"},
        replace(_BUSY, code="rate_limit_exceeded"),
    ),
    (
        '{"status", "error", "path"}',
        {"timestamp": "2026-06-08T06:12:47", "status": 404, "error": "Not Found", "path": "/v4/v1/x"},
        Outcome("NotFoundError", status=404),
    ),
    (
        '{"type": "error", "error": {…}}',
        {
            "type": "error",
            "error": {"type": "rate_limit_error", "code": "1305", "message": "[1305][busy][x1]"},
        },
        _BUSY,
    ),
)

_IN_SUCCESS = [
    Fault(
        "200 that fails",
        name,
        _says(json.dumps(failure, ensure_ascii=False).encode()),
        {"json": outcome, "bytes": VERBATIM, "stream": outcome},
        json.dumps(failure, ensure_ascii=False).encode(),
    )
    for name, failure, outcome in _FAILURES
]


def _failing(
    before: int, failure: Any, *, name: bytes = b"", after_it: tuple[bytes, ...] = ()
) -> Callable[[Operation], Script]:
    """Make a stream that fails behind so many events."""
    said = name + event(json.dumps(failure, ensure_ascii=False).encode())
    begun = [event(one) for one in EVENTS[:before]]
    return lambda _: (chunked(*begun, said, *after_it),)


_IN_STREAM = [
    *(
        Fault(
            "failing streams",
            f"{place}: {name}",
            _failing(before, failure),
            streams(any_connection(after(outcome, before))),
        )
        for name, failure, outcome in _FAILURES
        for place, before in (("first event", 0), ("a middle event", 2), ("last event", 3))
    ),
    Fault(
        "failing streams",
        "event: error, in the middle",
        _failing(2, _FAILURES[0][1], name=b"event: error\n"),
        streams(any_connection(after(_BUSY, 2))),
    ),
    Fault(
        "failing streams",
        "an error, and events behind it",
        _failing(1, _FAILURES[0][1], after_it=(_SECOND, _THIRD, _LAST, DONE)),
        streams(any_connection(after(_BUSY, 1))),
    ),
    Fault(
        "failing streams",
        "an error behind the finish reason",
        _failing(4, _FAILURES[0][1], after_it=(DONE,)),
        streams(any_connection(after(_BUSY, 3))),
    ),
    *(
        Fault(
            "failing streams",
            f"finish reason {reason}, {'behind text' if before else 'at once'}",
            _failing(
                before,
                {
                    "id": ID,
                    "created": 1780000000,
                    "model": "glm-5.2",
                    "choices": [
                        {"index": 0, "finish_reason": reason, "delta": {"role": "assistant", "content": ""}}
                    ],
                },
                after_it=(DONE,),
            ),
            streams(any_connection(after(outcome, before))),
        )
        for reason, outcome in (
            ("network_error", Outcome("InternalServerError", requests=2, status=502)),
            (
                "model_context_window_exceeded",
                Outcome("BadRequestError", status=400, code="context_length_exceeded"),
            ),
        )
        for before in (0, 2)
        # Behind text it is the finish reason "length".
        if not before or reason == "network_error"
    ),
]


# The forms of server-sent events


def _told(*pieces: bytes) -> Callable[[Operation], Script]:
    return lambda _: (chunked(*pieces),)


def _rewritten(rewrite: Callable[[bytes], bytes]) -> Callable[[Operation], Script]:
    return lambda operation: (chunked(*map(rewrite, [*map(event, operation.content), DONE])),)


def _spread(data: bytes) -> bytes:
    """Write an event's JSON over several lines of data."""
    if b"[DONE]" in data:
        return data
    lines = json.dumps(json.loads(data.removeprefix(b"data: ")), ensure_ascii=False, indent=1).splitlines()
    return "".join(f"data: {line}\n" for line in lines).encode() + b"\n"


def _without(word: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(word, b"")


def _cut_up(data: bytes, size: int) -> list[bytes]:
    return [data[place : place + size] for place in range(0, len(data), size)]


_LONG = "长" * (10 * 1024 * 1024 // 3)
_WITH_LONG = (_FIRST, event(EVENTS[1].replace("，世界".encode(), _LONG.encode())), _THIRD, _LAST, DONE)
_ALL_EVENTS = b"".join(map(event, EVENTS)) + DONE
_FORM = streams(WHOLE)


def _form(name: str, script: Callable[[Operation], Script], outcomes: Outcomes = _FORM) -> Fault:
    return Fault("forms of events", name, script, outcomes)


_BROKEN_KEPT = replace(BROKEN, connection="kept")

_FORMS = [
    _form("CRLF", _rewritten(lambda data: data.replace(b"\n", b"\r\n"))),
    _form("CR", _rewritten(lambda data: data.replace(b"\n", b"\r"))),
    _form(
        "CR, and silence behind [DONE]",
        lambda operation: (
            stream_head()
            + b"".join(chunk(event(one).replace(b"\n", b"\r")) for one in operation.content)
            + chunk(b"data: [DONE]\r\r"),
            Stall(),
        ),
        streams(WHOLE_CLOSED),
    ),
    _form(
        "CRLF, cut between CR and LF",
        lambda operation: (
            chunked(
                *(
                    piece
                    for one in [*operation.content, b"[DONE]"]
                    for piece in (b"data: " + one + b"\r", b"\n\r", b"\n")
                )
            ),
        ),
    ),
    _form("line ends of all kinds", _rewritten(lambda data: data.replace(b"\n\n", b"\r\n\n"))),
    _form("no space behind data:", _rewritten(lambda data: data.replace(b"data: ", b"data:"))),
    _form("comments", _rewritten(lambda data: b": keep-alive\n\n:\n\n" + data)),
    _form("comments within events", _rewritten(lambda data: b": here it comes\n" + data)),
    _form("ids and times of retry", _rewritten(lambda data: b"id: 7\nretry: 100\n" + data)),
    _form("names of events", _rewritten(lambda data: b"event: message\n" + data)),
    _form("data over many lines", _rewritten(_spread)),
    _form(
        "a byte order mark",
        lambda operation: (
            chunked(b"\xef\xbb\xbf" + event(operation.content[0]), *map(event, operation.content[1:]), DONE),
        ),
    ),
    _form("blank lines between events", _rewritten(lambda data: b"\n\n\n" + data + b"\n\n")),
    _form("all events in one chunk", _told(_ALL_EVENTS)),
    _form(
        "every byte a chunk", _told(*(_ALL_EVENTS[place : place + 1] for place in range(len(_ALL_EVENTS))))
    ),
    _form(
        "events cut in two and run together",
        _told(*(_ALL_EVENTS[place : place + 97] for place in range(0, len(_ALL_EVENTS), 97))),
    ),
    _form("events without object", _rewritten(_without(b'"object":"chat.completion.chunk",'))),
    _form("[DONE] twice", lambda operation: (chunked(*map(event, operation.content), DONE, DONE),)),
    _form(
        "events behind [DONE]",
        lambda operation: (chunked(*map(event, operation.content), DONE, _FIRST, _SECOND),),
    ),
    _form(
        "garbage behind [DONE]",
        lambda operation: (chunked(*map(event, operation.content), DONE, b"data: {\xff\n\n"),),
    ),
    _form("no [DONE]", lambda operation: (chunked(*map(event, operation.content)),)),
    _form(
        "no [DONE] and no finish reason",
        lambda operation: (chunked(*map(event, operation.content[:3])),),
        streams(after(_BROKEN_KEPT, 3)),
    ),
    _form(
        "[DONE] and no finish reason",
        lambda operation: (chunked(*map(event, operation.content[:3]), DONE),),
        streams(after(any_connection(BROKEN), 3)),
    ),
    _form("[DONE] alone", _told(DONE), streams(any_connection(BROKEN))),
    _form("no event at all", _told(b": ping\n\n"), streams(_BROKEN_KEPT)),
    _form(
        "an event that is cut and run into the next",
        _told(_FIRST, _half(_SECOND) + _THIRD, _LAST, DONE),
        streams(any_connection(after(BROKEN, 1))),
    ),
    _form(
        "an event that is no JSON",
        _told(_FIRST, event(b"oops"), _LAST, DONE),
        streams(any_connection(after(BROKEN, 1))),
    ),
    _form(
        "an event that is no UTF-8",
        _told(_FIRST, _SECOND.replace("世".encode(), b"\xe4\xb8"), _LAST, DONE),
        streams(any_connection(after(BROKEN, 1))),
    ),
    _form(
        "an event that is a list",
        _told(_FIRST, event(b"[1]"), _LAST, DONE),
        streams(after(any_connection(HOLLOW), 1)),
    ),
    _form(
        "an event that is null",
        _told(_FIRST, event(b"null"), _LAST, DONE),
        streams(after(any_connection(HOLLOW), 1)),
    ),
    _form(
        "an event nested without end",
        _told(_FIRST, event(b"[" * 100_000), _LAST, DONE),
        streams(any_connection(after(BROKEN, 1))),
    ),
    Fault("forms of events", "an event of 10 MB", _told(*_WITH_LONG), _FORM, says=_LONG),
    Fault(
        "forms of events",
        "an event of 10 MB, in pieces",
        _told(*_cut_up(b"".join(_WITH_LONG), 60_000)),
        _FORM,
        says=_LONG,
    ),
    _form(
        "choices that are no list",
        _told(_FIRST, event(b'{"id":"x","choices":7}'), _SECOND, _THIRD, _LAST, DONE),
    ),
    _form(
        "a choice that is no object",
        _told(_FIRST, event(b'{"id":"x","choices":[7]}'), _LAST, DONE),
        streams(after(any_connection(HOLLOW), 1)),
    ),
]


def _grouped() -> tuple[Fault, ...]:
    return (
        *_CONNECTING,
        *_breaks("reset", Reset(), BROKEN),
        *_breaks("closed", Close(), BROKEN),
        *_breaks("silent", Stall(), LATE),
        *_UNTIL_CLOSE,
        *_FRAMING,
        *_BODIES_OF_200,
        *_REDIRECTS,
        *_STATUSES,
        *_WAITS,
        *_IN_SUCCESS,
        *_IN_STREAM,
        *_FORMS,
    )


FAULTS: tuple[Fault, ...] = _grouped()
