"""The stand-in itself: requests in, replies out, no socket and no file."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qsl, urlsplit

from . import auth, wire
from .answers import Answer, FunctionCall
from .codes import CODES, error_body
from .resources import RESOURCES, ROOTS
from .script import Delay, Failure, Line, Recording, Script
from .switches import ActiveQuirks, Switches
from .traffic import Language, RecordedRequest, Reply, Request, Resource, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .quirks import QuirkName, Scope

Region = Literal["cn", "intl"]
"""Which of Zhipu's two sites is stood in for: ``open.bigmodel.cn`` or ``api.z.ai``."""

_RESET_AFTER: Final = timedelta(hours=1)
_STREAM_TYPE: Final = "text/event-stream;charset=UTF-8"
_JSON_TYPE: Final = "application/json; charset=UTF-8"


class StandIn:
    """Stands in for Zhipu's service: its wire, its refusals and its quirks, without a model.

    It is strict on what it accepts and says in each answer that it is the stand-in. Without a script it
    answers in a fixed way: see ``say``, ``call``, ``fail`` and ``replay`` to tell it what comes next. All
    methods may be used from several threads.

    Attributes:
        pace: Seconds between the events of a stream.
        region: The site stood in for; it decides the language of error messages.
        requests: The requests so far, without keys; the oldest go when there are more than ``keep``.
    """

    def __init__(
        self,
        *,
        quirks: Iterable[QuirkName | str] = (),
        pace: float = 0.0,
        region: Region = "cn",
        seed: int = 0,
        clock: Callable[[], datetime] | None = None,
        keep: int = 10_000,
    ) -> None:
        """Set up a stand-in.

        Args:
            quirks: Quirks to switch on, written ``name`` or ``name:number``; see ``quirks.QUIRKS``.
            pace: Seconds between the events of a stream, 0 or more.
            region: ``cn`` speaks Chinese unless asked for English; ``intl`` speaks English.
            seed: What ids are drawn from: the same seed and clock give the same ids.
            clock: Returns the time, with a zone; the machine's clock if None.
            keep: How many requests are remembered, 0 or more.

        Raises:
            ValueError: A quirk is unknown, or ``pace`` or ``keep`` is negative.
        """
        if pace < 0:
            raise ValueError("pace is a number of seconds, 0 or more")
        if keep < 0:
            raise ValueError("keep is a number of requests, 0 or more")
        self.pace = pace
        self.region = region
        self.requests: list[RecordedRequest] = []
        self._keep = keep
        self._clock = clock or _now
        self._random = Random(seed)  # noqa: S311 - ids, not secrets
        self._switches = Switches()
        self._switches.on(*quirks)
        self._script = Script()
        self._shelves: dict[str, dict[str, Any]] = {}
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        """Show the region and the quirks that are on."""
        return f"StandIn(region={self.region!r}, quirks={list(self.quirks)!r})"

    # What a test says

    @property
    def quirks(self) -> tuple[QuirkName, ...]:
        """The quirks that are on."""
        with self._lock:
            return self._switches.names()

    def switch_on(self, *quirks: QuirkName | str) -> None:
        """Switch quirks on, written ``name`` or ``name:number``.

        Raises:
            ValueError: A name is unknown, or its number is no number of the right kind. None is switched
                on then.
        """
        with self._lock:
            self._switches.on(*quirks)

    def switch_off(self, *quirks: QuirkName | str) -> None:
        """Switch quirks off; without names, all of them.

        Raises:
            ValueError: A name is unknown.
        """
        with self._lock:
            self._switches.off(*quirks)

    @property
    def pending(self) -> int:
        """How many scripted lines have not been used yet."""
        with self._lock:
            return len(self._script)

    def say(self, content: str, *, reasoning: str | None = None, finish_reason: str = "stop") -> None:
        """Answer the next accepted chat call with this text, word for word.

        Args:
            content: The text; limits and stop words of the request do not cut it.
            reasoning: The ``reasoning_content`` before it; None for none.
            finish_reason: Zhipu's word for the end.
        """
        self._add(Answer(content, reasoning, (), finish_reason))

    def call(
        self,
        name: str,
        arguments: Mapping[str, Any] | str | None = None,
        *,
        content: str = "",
        reasoning: str | None = None,
    ) -> None:
        """Answer the next accepted chat call with a function call.

        Args:
            name: The function, whether it is offered or not.
            arguments: The arguments, or the exact text of them (which need not be JSON); None for ``{}``.
            content: Text beside the call.
            reasoning: The ``reasoning_content`` before it; None for none.
        """
        self.calls((name, arguments), content=content, reasoning=reasoning)

    def calls(
        self,
        *functions: tuple[str, Mapping[str, Any] | str | None],
        content: str = "",
        reasoning: str | None = None,
    ) -> None:
        """Answer the next accepted chat call with several function calls, given as (name, arguments)."""
        made = tuple(FunctionCall(name, _arguments(arguments)) for name, arguments in functions)
        self._add(Answer(content, reasoning, made, "tool_calls"))

    def fail(
        self,
        code: str,
        *,
        times: int = 1,
        status: int | None = None,
        in_200: bool = False,
        message: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer the next accepted chat calls with an error.

        Args:
            code: A business code, such as ``"1302"``.
            times: How many calls in a row, 1 or more.
            status: The HTTP status; None for the code's own.
            in_200: Send it with HTTP 200, as Zhipu sometimes does.
            message: The text; None for Zhipu's own in the caller's language.
            headers: Further headers, such as ``{"retry-after": "3"}``.

        Raises:
            ValueError: The code is not known and neither ``status`` nor ``in_200`` is given, or ``times``
                is below 1.
        """
        if times < 1:
            raise ValueError("times is 1 or more")
        if status is None and not in_200 and code not in CODES:
            raise ValueError(f"unknown code {code!r}: give its status; known are: {', '.join(CODES)}")
        given = 200 if in_200 else status or CODES[code].status
        self._add(*[Failure(code, given, message, dict(headers or {}))] * times)

    def replay(
        self,
        recorded: bytes | str,
        *,
        status: int = 200,
        content_type: str | None = None,
        split: int | None = None,
    ) -> None:
        """Answer the next accepted chat call with recorded bytes, exactly as they are.

        Args:
            recorded: A body: JSON, or a stream of events.
            status: The HTTP status.
            content_type: The content type; None for the one of Zhipu's that fits the body.
            split: Send it in pieces of so many bytes, 1 or more; None for one piece per event.

        Raises:
            ValueError: ``split`` is below 1.
        """
        if split is not None and split < 1:
            raise ValueError("split is a number of bytes, 1 or more")
        data = recorded.encode() if isinstance(recorded, str) else recorded
        if content_type is None:
            content_type = _STREAM_TYPE if data.lstrip().startswith((b"data:", b"event:")) else _JSON_TYPE
        self._add(Recording(data, status, content_type, split))

    def delay(self, seconds: float) -> None:
        """Wait before the next answer's head; adds to the line that follows, scripted or default.

        Args:
            seconds: 0 or more.

        Raises:
            ValueError: ``seconds`` is negative.
        """
        if seconds < 0:
            raise ValueError("seconds is 0 or more")
        self._add(Delay(seconds))

    def _add(self, *lines: Line | Delay) -> None:
        with self._lock:
            self._script.add(*lines)

    # What a transport asks

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer a request.

        Args:
            method: The HTTP method.
            path: The path from the root of the host, with or without a query.
            headers: The headers, names in any case.
            body: The whole body.

        Returns:
            The reply. Its pauses are data: a transport sleeps, this method does not.
        """
        address = urlsplit(path)
        lowered = {name.lower(): value for name, value in headers.items()}
        refused = auth.refusal(lowered)
        now = self._clock()
        self.record(method, path, headers, body, authorized=refused is None, now=now)
        root = next((root for root in ROOTS if address.path.startswith(f"{root}/")), "")
        request = Request(
            method=method,
            root=root,
            path=address.path.removeprefix(root),
            query=dict(parse_qsl(address.query)),
            headers={name: value for name, value in lowered.items() if name != "authorization"},
            body=body,
            id=self.new_id(now),
            now=now,
            language=self._language(lowered),
        )
        found = _resource(request)
        if found is None:
            return _not_found(request, address.path)
        if refused is not None and not found.public:
            return self.error(request, refused) if found.door is None else found.door(self, request, refused)
        groups = found.pattern.fullmatch(request.path)
        named = {} if groups is None else groups.groupdict("")
        return found.answer(self, replace(request, groups=named))

    def record(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        authorized: bool,
        now: datetime,
    ) -> None:
        """Remember a request, without its key."""
        try:
            decoded = json.loads(body) if body else None
        except (ValueError, RecursionError):
            decoded = None
        seen = RecordedRequest(method, path, without_secrets(headers), authorized, decoded, now)
        with self._lock:
            self.requests.append(seen)
            del self.requests[: -self._keep or len(self.requests)]

    def _language(self, headers: Mapping[str, str]) -> Language:
        # Recorded traffic, 2026-07-11: English on both hosts with Accept-Language: en-US,en; Chinese is what
        # open.bigmodel.cn speaks otherwise, English what api.z.ai does.
        asked = headers.get("accept-language", "").lower()
        return "en" if self.region == "intl" or asked.startswith("en") else "zh"

    # What resources use

    def new_id(self, now: datetime) -> str:
        """Draw a request id."""
        with self._lock:
            return wire.new_id(now, self._random)

    @contextmanager
    def random(self) -> Iterator[Random]:
        """Lend the source of ids to one caller at a time."""
        with self._lock:
            yield self._random

    @contextmanager
    def shelf(self, name: str) -> Iterator[dict[str, Any]]:
        """Lend what a resource has kept, files or jobs say, by id; to one caller at a time."""
        with self._lock:
            yield self._shelves.setdefault(name, {})

    def take_refusal(self) -> QuirkName | None:
        """Return the quirk that refuses this chat call, if one does, and count it."""
        with self._lock:
            return self._switches.take_refusal()

    def take_quirks(self, *scopes: Scope) -> ActiveQuirks:
        """Return the quirks of these scopes that are on, and count them."""
        with self._lock:
            return self._switches.take(*scopes)

    def take_line(self) -> tuple[float, Line | None]:
        """Take the next scripted line and the seconds to wait before it; None for the default."""
        with self._lock:
            return self._script.take()

    def error(
        self,
        request: Request,
        code: str,
        *,
        status: int | None = None,
        message: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Make the reply that reports an error.

        Args:
            request: What was asked.
            code: The business code.
            status: The HTTP status; None for the code's own.
            message: The text; None for the code's own in the request's language.
            headers: Headers to add, or to put in place of those of the same name.
        """
        row = CODES.get(code)
        if message is None:
            reset = (request.now + _RESET_AFTER).astimezone(wire.BEIJING)
            message = row.text(request.language).format(reset=f"{reset:%Y-%m-%d %H:%M:%S}") if row else ""
        numeric = "numeric_codes" in self.take_quirks("error")
        given = dict(headers or {})
        kept = [
            (name, value)
            for name, value in wire.headers("error", request.id, request.now)
            if name not in {name.lower() for name in given}
        ]
        body = wire.json_bytes(error_body(code, message, numeric=numeric))
        if status is None:
            status = row.status if row else 500
        return Reply(status, [*kept, *given.items()], [body])


@lru_cache(maxsize=1)
def default_service() -> StandIn:
    """Return the stand-in of this process: the one that clients use which are told to use the stand-in."""
    return StandIn()


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _arguments(arguments: Mapping[str, Any] | str | None) -> str:
    if isinstance(arguments, str):
        return arguments
    return json.dumps(dict(arguments or {}), ensure_ascii=False, separators=(",", ":"))


def _resource(request: Request) -> Resource | None:
    for row in RESOURCES:
        if row.method == request.method and request.root in row.roots and row.pattern.fullmatch(request.path):
            return row
    return None


def _not_found(request: Request, path: str) -> Reply:
    """Make the 404 of a path that is not served (live probe of api.z.ai, 2026-06-08).

    The gateway under /api/v1 says so with HTTP 200 (third-party notes on api.z.ai, 2026).
    """
    if path.startswith("/api/v1/"):
        told = wire.json_bytes({"code": 500, "msg": "404 NOT_FOUND", "success": False})
        return Reply(200, wire.headers("json", request.id, request.now), [told])
    for prefix in ("/api/coding/paas", "/api/paas"):
        path = path.removeprefix(prefix)
    moment = request.now.astimezone(timezone.utc)
    body = wire.json_bytes(
        {
            "timestamp": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+00:00",
            "status": 404,
            "error": "Not Found",
            "path": path,
        }
    )
    return Reply(404, wire.headers("error", request.id, request.now), [body])
