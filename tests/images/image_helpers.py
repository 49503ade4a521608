"""Zhipu's image service on the fake wire, and short ways to ask for pictures."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conftest import httpx
from scripts import collect, play

from zhipu_openai.standin import drawings

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import Sent, SyncSide, Wire

PNG = drawings.png(8, 8, "a")
JPEG = b"\xff\xd8\xff\xe0rest"
CREATED = 1760335349
LINK = "https://files.example/1_watermark.png?Expires=1757056996&Signature=x"
ANSWER: dict[str, Any] = {
    "created": CREATED,
    "data": [{"url": LINK}],
    "content_filter": [{"role": "assistant", "level": 3}],
}
"""In the shape of the specification and of the recorded answer."""

HEADERS = {"x-log-id": "20260529043320logloglog00", "date": "Tue, 24 Nov 2026 10:00:00 GMT"}


@dataclass
class Studio:
    """What stands on the wire: makes a numbered link for each request, and gives bytes for each link."""

    wire: Wire
    files: list[Any]

    @property
    def made(self) -> list[Sent]:
        """The requests for pictures."""
        return [sent for sent in self.wire.sent if sent.method == "POST"]

    @property
    def asked(self) -> list[Sent]:
        """The looks at jobs."""
        return [sent for sent in self.wire.sent if "/async-result/" in sent.url]

    @property
    def read(self) -> list[Sent]:
        """The links that were read."""
        return [sent for sent in self.wire.sent if "files.example" in sent.url]


def open_studio(wire: Wire, *files: Any, looks: tuple[Any, ...] = ()) -> Studio:
    """Let the wire make pictures.

    Args:
        wire: The wire.
        files: What is behind a link, one after the other and the last again and again: bytes, or an HTTP status.
        looks: The answers about a job, one after the other.
    """
    numbers = itertools.count(1)
    answers = iter(looks)
    given = [*files]
    studio = Studio(wire, given)

    def answer(request: Any) -> Any:
        path = request.url.path
        if request.url.host == "files.example":
            file = given.pop(0) if len(given) > 1 else given[0]
            if isinstance(file, Exception):
                raise file
            if isinstance(file, int):
                return httpx.Response(file, headers={"content-type": "application/xml"}, content=b"<Error/>")
            return httpx.Response(200, headers={"content-type": "image/png"}, content=file)
        if "/async-result/" in path:
            seen = next(answers)
            if isinstance(seen, Exception):
                raise seen
            return httpx.Response(200, headers=HEADERS, json=seen)
        number = next(numbers)
        if "/async/" in path:
            body = {
                "id": f"task{number}",
                "model": "glm-image",
                "request_id": "r",
                "task_status": "PROCESSING",
            }
            return httpx.Response(200, headers=HEADERS, json=body)
        link = f"https://files.example/{number}.png"
        return httpx.Response(
            200, headers=HEADERS, json={**ANSWER, "created": CREATED + number, "data": [{"url": link}]}
        )

    wire.reply_with(answer)
    return studio


@dataclass(frozen=True)
class Pictured:
    """What was answered: the object, and the record in the header."""

    images: Any
    record: str


def generate(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Pictured:
    """Ask for pictures."""
    asked = {"model": "glm-image", "prompt": "a cat", **arguments}
    answer = side.run(lambda made: made.images.with_raw_response.generate(**asked), **(client or {}))
    return Pictured(answer.parse(), answer.headers.get("x-zhipu-adaptations", ""))


def stream(side: SyncSide, **arguments: Any) -> list[Any]:
    """Ask for pictures as events."""

    def script(client: Any) -> Generator[Any, Any, Any]:
        opened = yield client.images.generate(
            **{"model": "gpt-image-1", "prompt": "a cat", "stream": True, **arguments}
        )
        return (yield collect(opened))

    events: list[Any] = play(side, script)
    return events
