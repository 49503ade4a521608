"""What went over the wire, kept as it was and written down without secrets."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.library import openai_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

httpx = openai_library().module

KEPT_REQUEST_HEADERS: Final = frozenset({"accept", "accept-language", "content-type"})
"""Every other header of a request says something about the caller or the machine."""

HIDDEN_RESPONSE_HEADERS: Final = frozenset({"set-cookie"})

_HOME: Final = re.compile(r"(?:/home/|/Users/|C:\\\\Users\\\\)[^/\\\"]+")


@dataclass
class Exchange:
    """A request, and what came back.

    Attributes:
        about: The fact or the test that it was made for.
        method: The HTTP method.
        url: The address.
        request_headers: The request's headers.
        request_body: The request's bytes.
        status: The status code; 0 until there is one.
        headers: The answer's headers, in order.
        content: The answer's bytes, as far as they were read.
    """

    about: str
    method: str
    url: str
    request_headers: dict[str, str] = field(repr=False)
    request_body: bytes = b""
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    content: bytes = b""

    def header(self, name: str) -> str | None:
        """Give a header of the answer."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def streamed(self) -> bool:
        """Whether the answer is a stream of events."""
        return "event-stream" in (self.header("content-type") or "")

    @property
    def json(self) -> Any:
        """The answer, decoded; None where it is no JSON."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    @property
    def data(self) -> list[str]:
        """The data of each event of a stream."""
        lines = self.content.decode(errors="replace").splitlines()
        return [line.removeprefix("data:").strip() for line in lines if line.startswith("data:")]

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of a stream that hold JSON."""
        return [json.loads(one) for one in self.data if one.startswith("{")]

    @property
    def code(self) -> str | None:
        """Zhipu's business code, wherever the answer has it."""
        body = self.json
        if not isinstance(body, dict):
            return None
        error = body.get("error")
        found = error.get("code") if isinstance(error, dict) else body.get("code")
        return None if found is None else str(found)

    @property
    def usage(self) -> dict[str, Any] | None:
        """What the answer says that it used."""
        bodies = self.events[::-1] if self.streamed else [self.json]
        for body in bodies:
            if isinstance(body, dict) and isinstance(body.get("usage"), dict):
                return dict(body["usage"])
        return None

    @property
    def model(self) -> str | None:
        """The model that was asked for."""
        try:
            return str(json.loads(self.request_body)["model"])
        except (ValueError, KeyError, TypeError):
            return None


class _Tee(httpx.SyncByteStream):
    def __init__(self, exchange: Exchange, stream: Any) -> None:
        self._exchange = exchange
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._exchange.content += piece
            yield piece

    def close(self) -> None:
        self._stream.close()


class Recorder(httpx.BaseTransport):
    """A transport that keeps what passes through it."""

    def __init__(self) -> None:
        self._below = httpx.HTTPTransport()
        self.exchanges: list[Exchange] = []
        self.about = ""

    def handle_request(self, request: Any) -> Any:
        """Send a request, and keep it with what comes back."""
        # Compressed bytes would have to be read by whoever opens the record.
        request.headers["accept-encoding"] = "identity"
        exchange = Exchange(
            self.about, request.method, str(request.url), dict(request.headers), request.read()
        )
        self.exchanges.append(exchange)
        response = self._below.handle_request(request)
        exchange.status = response.status_code
        exchange.headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
        ]
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Tee(exchange, response.stream),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._below.close()


def scrubbed(text: str, secrets: tuple[str, ...]) -> str:
    """Take secrets and names of home folders out of a text."""
    for secret in secrets:
        text = text.replace(secret, "REDACTED")
    return _HOME.sub("/home/REDACTED", text)


def transcript(exchange: Exchange, secrets: tuple[str, ...]) -> str:
    """Write an exchange down: the request, the status, all headers of the answer, and its body word for word."""
    headers: dict[str, list[str]] = {}
    for name, value in exchange.headers:
        shown = "REDACTED" if name.lower() in HIDDEN_RESPONSE_HEADERS else value
        headers.setdefault(name, []).append(shown)
    request_headers = {
        name: [value] for name, value in exchange.request_headers.items() if name in KEPT_REQUEST_HEADERS
    }
    record = {
        "_about": exchange.about,
        "_request": {
            "method": exchange.method,
            "url": exchange.url,
            "body": exchange.request_body.decode(errors="replace"),
            "headers": {**request_headers, "authorization": ["Bearer REDACTED"]},
        },
        "_status": str(exchange.status),
        "_response_headers_ALL": headers,
        "body_verbatim": exchange.content.decode(errors="replace"),
    }
    return scrubbed(json.dumps(record, ensure_ascii=False, indent=1), secrets)


def write(exchanges: list[Exchange], folder: Path, secrets: tuple[str, ...]) -> list[Path]:
    """Write each exchange into a file of its own, numbered and named after what it was made for."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, exchange in enumerate(exchanges):
        name = re.sub(r"[^a-z0-9.]+", "-", exchange.about.lower()).strip("-")
        path = folder / f"{number:03}-{name}-{exchange.status}.json"
        path.write_text(transcript(exchange, secrets), encoding="utf-8")
        written.append(path)
    return written
