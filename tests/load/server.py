"""A raw server that plays faults from a seeded plan and keeps its own count; a process of its own.

Both sides know the plan: ``Play.of(seed, number)`` says what happens to the stream of that number, and the client
names the number in its message. The module stands alone, so that it can be run by its path.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import socket
import struct
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WHOLE = ("plain", "glued", "split", "drip", "double", "busy_once")
FAILING = (
    "reset",
    "cut",
    "ends_early",
    "stall",
    "error_event",
    "silent",
    "reset_at_once",
    "busy",
    "down",
    "failure_in_200",
    "double_cut",
)
LEFT = ("left_by_break", "left_by_close", "dropped", "cancelled")

WEIGHTS: dict[str, int] = {
    "plain": 12,
    "glued": 8,
    "split": 8,
    "drip": 8,
    "double": 3,
    "busy_once": 1,
    **dict.fromkeys(FAILING, 3),
    "stall": 2,
    "silent": 2,
    **dict.fromkeys(LEFT, 5),
}
"""How often each kind is played, as shares of their sum."""

REQUESTS: dict[str, int] = {"double": 2, "busy_once": 2}
"""How many requests the server sees for one stream, where that is not one."""

UNCERTAIN = ("double_cut", "cancelled", "stall", "silent")
"""Kinds of which a request may be given up before it was sent: on a busy machine a short timeout may fall that early."""

PAUSE = 0.01
"""Seconds between the events of a slow stream."""


@dataclass(frozen=True)
class Play:
    """What happens to one stream: its kind, its length in pieces, and the piece at which something happens."""

    number: int
    kind: str
    pieces: int
    at: int

    @classmethod
    def of(cls, seed: int, number: int) -> Play:
        """Look the stream of a number up in the plan of a seed."""
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - a plan, no secret
        kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        pieces = chance.randint(4, 40)
        return cls(number, kind, pieces, chance.randint(1, pieces - 2))

    @property
    def text(self) -> str:
        """What the stream says when it is whole."""
        return "".join(f"{self.number}:{place} 世界 " for place in range(self.pieces))


USAGE = {"prompt_tokens": 7, "completion_tokens": 9, "total_tokens": 16}
_HEAD = {"id": "20260701114301aabbccddeeff0011", "created": 1782877381, "model": "glm-4.7"}


def _events(play: Play) -> list[bytes]:
    head = {**_HEAD, "object": "chat.completion.chunk"}
    deltas = [
        {"index": 0, "delta": {"role": "assistant", "content": f"{play.number}:{place} 世界 "}}
        for place in range(play.pieces)
    ]
    last = {"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "content": ""}}
    chunks = [*({**head, "choices": [one]} for one in deltas), {**head, "choices": [last], "usage": USAGE}]
    return [_event(json.dumps(one, ensure_ascii=False)) for one in chunks] + [_event("[DONE]")]


def _event(data: str) -> bytes:
    return f"data: {data}\n\n".encode()


def _piece(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _reply(body: Any, status: int = 200, kind: str = "application/json; charset=UTF-8") -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return b"HTTP/1.1 %d Said\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n%b" % (
        status,
        kind.encode(),
        len(content),
        content,
    )


_STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream;charset=UTF-8\r\ntransfer-encoding: chunked\r\n\r\n"
)
_BUSY = {"error": {"code": "1302", "message": "您的账户已达到速率限制，请您控制请求频率"}}
_FILE = {
    "id": "file-1",
    "object": "file",
    "bytes": 3,
    "created_at": 1782877381,
    "filename": "a.jsonl",
    "purpose": "batch",
}


def _message(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        **_HEAD,
        "object": "chat.completion",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": USAGE,
    }


class _Counts:
    """What the server saw."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.times: Counter[int] = Counter()
        self.connections = 0
        self.open = 0
        self.busy = 0

    def report(self) -> str:
        """Give the count as JSON, but not that of each number."""
        kept = {name: value for name, value in vars(self).items() if name != "times"}
        return json.dumps(kept)


class _Server(asyncio.Protocol):
    def __init__(self, seed: int, counts: _Counts) -> None:
        self._seed = seed
        self._counts = counts
        self._held = b""
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # of TCP
        self._counts.connections += 1
        self._counts.open += 1

    def connection_lost(self, _: Exception | None) -> None:
        self._counts.open -= 1
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, rest = self._held.partition(b"\r\n\r\n")
            if b"transfer-encoding: chunked" in head.lower():
                body, end, rest = rest.partition(b"0\r\n\r\n")
                if not end:
                    return
            else:
                found = re.search(rb"content-length: *(\d+)", head.lower())
                length = int(found[1]) if found else 0
                if len(rest) < length:
                    return
                body, rest = rest[:length], rest[length:]
            self._held = rest
            self._task = asyncio.get_running_loop().create_task(self._answer(head.split(b" ", 2)[1], body))

    async def _answer(self, path: bytes, body: bytes) -> None:
        counts = self._counts
        counts.busy += 1
        kind = "call"
        try:
            number = re.search(rb"play (\d+)", body)
            if number is None:
                counts.seen[kind] += 1
                self._transport.write(self._called(path, body))
            else:
                play = Play.of(self._seed, int(number[1]))
                kind = play.kind
                counts.seen[kind] += 1
                counts.times[play.number] += 1
                await self._play(play, counts.times[play.number])
            counts.ended[kind] += 1
        finally:
            counts.busy -= 1

    def _called(self, path: bytes, body: bytes) -> bytes:
        if b"fail" in body:
            return _reply(_BUSY, 429)
        path = path.partition(b"?")[0]
        if path.endswith(b"/embeddings"):
            data = [{"index": 0, "object": "embedding", "embedding": [0.5] * 64}]
            return _reply({"object": "list", "model": "embedding-3", "data": data, "usage": USAGE})
        if path.endswith(b"/files"):
            return _reply({"object": "list", "data": [_FILE], "has_more": False} if not body else _FILE)
        if b'"stream":true' in body.replace(b" ", b""):
            return _STREAM + b"".join(map(_piece, _events(Play(0, "plain", 5, 1)))) + _piece(b"")
        return _reply(_message("Hello."))

    async def _play(self, play: Play, time: int) -> None:
        write = self._transport.write
        if play.kind == "silent":
            await asyncio.sleep(3600)
        elif play.kind == "reset_at_once":
            self._reset()
        elif play.kind == "busy" or (play.kind == "busy_once" and time == 1):
            write(_reply(_BUSY, 429))
        elif play.kind == "down":
            write(_reply(b"<html>gateway</html>", 503, "text/html"))
        elif play.kind == "failure_in_200":
            write(_reply(_BUSY))
        else:
            write(_STREAM)
            await self._stream(play, time)

    async def _stream(self, play: Play, time: int) -> None:
        write = self._transport.write
        events = _events(play)
        if play.kind == "glued":
            write(_piece(b"".join(events)) + _piece(b""))
            return
        if play.kind == "split":
            await self._split(play, b"".join(events))
            return
        slow = play.kind in ("drip", *LEFT)
        fails = play.kind in FAILING and not (play.kind == "double_cut" and time == 1)
        for place, one in enumerate(events):
            if fails and place == play.at:
                await self._fail(play)
                return
            write(_piece(one))
            await asyncio.sleep(PAUSE if slow else 0)
        write(_piece(b""))

    async def _split(self, play: Play, body: bytes) -> None:
        chance = random.Random(play.number)  # noqa: S311 - a plan, no secret
        place = 0
        while place < len(body):
            size = chance.choice((1, 7, 50, 400, 3000))
            self._transport.write(_piece(body[place : place + size]))
            place += size
            await asyncio.sleep(0)
        self._transport.write(_piece(b""))

    async def _fail(self, play: Play) -> None:
        if play.kind == "reset":
            await asyncio.sleep(PAUSE)
            self._reset()
        elif play.kind in ("cut", "double_cut"):
            self._transport.close()
        elif play.kind == "ends_early":
            self._transport.write(_piece(b""))
        elif play.kind == "error_event":
            told = json.dumps({"error": {"code": "1234", "message": "网络错误"}}, ensure_ascii=False)
            self._transport.write(_piece(_event(told)) + _piece(b""))
        elif play.kind == "stall":
            await asyncio.sleep(3600)

    def _reset(self) -> None:
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class Served:
    """The server's process, asked from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Read where it serves."""
        self._process = process
        assert process.stdout is not None
        self.url = f"http://127.0.0.1:{int(process.stdout.readline())}/api/paas/v4/"

    def counts(self) -> Mapping[str, Any]:
        """Ask for what it saw so far: ``seen`` and ``ended`` by kind, ``connections``, ``open`` and ``busy``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("counts\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def served(seed: int = 0) -> Iterator[Served]:
    """Serve in a process of its own."""
    command = [sys.executable, __file__, "--seed", str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Served(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


async def _serve(seed: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    counts = _Counts()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(seed, counts), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(counts.report(), flush=True)
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(_serve(parser.parse_args().seed))
