"""A raw TCP server that plays scripted bytes, with faults at exact places, and keeps what it saw.

A script is data: a tuple of steps, of which each is bytes to be written or one of the acts below. A reply whose
script ends leaves the connection open for the next request, as HTTP/1.1 does.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from typing_extensions import Self

ELSEWHERE = b"http://elsewhere.invalid"

PATIENCE = 10.0
"""Seconds after which the server itself gives a connection up."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Break the connection off: the client's next read fails."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection in good order: the client reads the end."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Say nothing more until the client hangs up."""


@dataclass(frozen=True, slots=True)
class Drip:
    """Write bytes one by one, each by itself."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Endless:
    """Write the same bytes again and again until the client hangs up."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until so many requests have come."""

    requests: int


Step: TypeAlias = bytes | Reset | Close | Stall | Drip | Endless | Until
Script: TypeAlias = tuple[Step, ...]


@dataclass(slots=True)
class Seen:
    """A request as it came: on which connection, and how that connection ended, once it has."""

    connection: int
    head: bytes
    body: bytes
    hung_up: threading.Event = field(default_factory=threading.Event)

    @property
    def target(self) -> str:
        """The path that was asked for."""
        return self.head.split(b" ", 2)[1].decode()


class FaultServer:
    """Plays scripts on a port of this machine until it is left.

    ``scripts`` are played in turn, one a request; the last is played again and again. A callable is given the
    request and gives the script. The word ELSEWHERE in bytes stands for the address of another server.
    """

    def __init__(self) -> None:
        self.scripts: list[Script | Callable[[Seen], Script]] = []
        self.seen: list[Seen] = []
        self.connections = 0
        self.open = 0
        self.elsewhere = ""
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fault-server", daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop)
        self._thread.join(PATIENCE)
        self._listener.close()

    def play(self, *scripts: Script | Callable[[Seen], Script]) -> None:
        """Lay out what is to be played, and forget what was seen."""
        with self._lock:
            self.scripts = list(scripts)
            self.seen = []

    def wait_idle(self, seconds: float) -> bool:
        """Wait until no connection is open; say whether that came."""
        with self._idle:
            return self._idle.wait_for(lambda: self.open == 0, seconds)

    def wait_seen(self, count: int, seconds: float = PATIENCE) -> bool:
        """Wait until so many requests have come; say whether they have."""
        until = time.monotonic() + seconds
        while len(self.seen) < count and time.monotonic() < until:
            time.sleep(0.002)
        return len(self.seen) >= count

    def _run(self) -> None:
        self._loop.create_task(self._accept())
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        pending = asyncio.all_tasks(self._loop)
        if pending:
            self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.close()

    def _stop(self) -> None:
        self._loop.stop()

    async def _accept(self) -> None:
        while True:
            connection, _ = await self._loop.sock_accept(self._listener)
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self.open += 1
                number = self.connections
            task = self._loop.create_task(self._serve(connection, number))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, connection: socket.socket, number: int) -> None:
        mine: list[Seen] = []
        try:
            with suppress(OSError, _Over, TimeoutError):
                await self._talk(connection, number, mine)
        finally:
            connection.close()
            with self._idle:
                self.open -= 1
                self._idle.notify_all()
            for one in mine:
                one.hung_up.set()

    async def _talk(self, connection: socket.socket, number: int, mine: list[Seen]) -> None:
        held = b""
        while True:
            head, held = await self._until(connection, held, b"\r\n\r\n")
            body, held = await self._body(connection, head, held)
            seen = Seen(number, head, body)
            mine.append(seen)
            with self._lock:
                self.seen.append(seen)
                script = self.scripts[0] if len(self.scripts) == 1 else self.scripts.pop(0)
            for step in script(seen) if callable(script) else script:
                await self._play(connection, step)

    async def _play(self, connection: socket.socket, step: Step) -> None:
        send = self._loop.sock_sendall
        if isinstance(step, bytes):
            await send(connection, step.replace(ELSEWHERE, self.elsewhere.encode()))
        elif isinstance(step, Reset):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Over
        elif isinstance(step, Close):
            raise _Over
        elif isinstance(step, Stall):
            await self._hang(connection)
        elif isinstance(step, Until):
            await asyncio.wait_for(self._seen(step.requests), PATIENCE)
        elif isinstance(step, Drip):
            for place in range(len(step.data)):
                await send(connection, step.data[place : place + 1])
                await asyncio.sleep(0)
        else:
            hang = asyncio.ensure_future(self._hang(connection))
            try:
                while not hang.done():
                    await asyncio.wait_for(send(connection, step.data), PATIENCE)
                    await asyncio.sleep(0.001)
            finally:
                hang.cancel()
                await asyncio.gather(hang, return_exceptions=True)
            raise _Over

    async def _seen(self, count: int) -> None:
        while len(self.seen) < count:  # noqa: ASYNC110 - the tests' threads look at the list, too
            await asyncio.sleep(0.001)

    async def _hang(self, connection: socket.socket) -> None:
        """Wait for the client to hang up."""
        data = await asyncio.wait_for(self._loop.sock_recv(connection, 1), PATIENCE)
        if not data:
            raise _Over

    async def _until(self, connection: socket.socket, held: bytes, end: bytes) -> tuple[bytes, bytes]:
        while end not in held:
            data = await self._loop.sock_recv(connection, 65536)
            if not data:
                raise _Over
            held += data
        head, _, rest = held.partition(end)
        return head, rest

    async def _body(self, connection: socket.socket, head: bytes, held: bytes) -> tuple[bytes, bytes]:
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        if headers.get(b"transfer-encoding") == b"chunked":
            body, rest = await self._until(connection, held, b"0\r\n\r\n")
            return body, rest
        length = int(headers.get(b"content-length", b"0"))
        while len(held) < length:
            data = await self._loop.sock_recv(connection, 1 << 20)
            if not data:
                raise _Over
            held += data
        return held[:length], held[length:]


class _Over(Exception):  # noqa: N818 - the end of a connection, not an error
    """The connection is over."""


@contextmanager
def deaf_port() -> Iterator[int]:
    """Give a port on which a connection is neither taken nor refused: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [_knocking(port) for _ in range(4)]
        try:
            yield port
        finally:
            for one in waiting:
                one.close()


def _knocking(port: int) -> socket.socket:
    knocking = socket.socket()
    knocking.setblocking(False)
    with suppress(BlockingIOError):
        knocking.connect(("127.0.0.1", port))
    return knocking


def closed_port() -> int:
    """Give a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


# Replies, as bytes


def head(status: int = 200, headers: Sequence[tuple[str, str]] = (), *, reason: str = "Said") -> bytes:
    """Make the head of a reply."""
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def reply(content: bytes, *, status: int = 200, kind: str = "application/json", **headers: str) -> bytes:
    """Make a whole reply with its length."""
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    typed = [("content-type", kind)] if kind else []
    return head(status, [*typed, ("content-length", str(len(content))), *named]) + content


def chunk(data: bytes) -> bytes:
    """Make one chunk of a chunked body; an empty one is its end."""
    return b"%x\r\n%s\r\n" % (len(data), data)
