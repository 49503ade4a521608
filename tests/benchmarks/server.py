"""A server on loopback that answers chat calls as fast as it can: ``python -m tests.benchmarks.server``.

It says its port on standard output and serves until standard input ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .measure import HEAD, USAGE, glm_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE = {"role": "assistant", "content": "Hello."}
ANSWER = json.dumps(
    {
        **HEAD,
        "object": "chat.completion",
        "request_id": HEAD["id"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": MESSAGE}],
        "usage": USAGE,
    }
).encode()

_JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=UTF-8\r\ncontent-length: %d\r\n\r\n"
_STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream;charset=UTF-8\r\ntransfer-encoding: chunked\r\n\r\n"
)


class _Server(asyncio.Protocol):
    def __init__(self, chunks: int, pause: float) -> None:
        self._events = [b"%x\r\n%b\r\n" % (len(one), one) for one in glm_stream(chunks)]
        self._pause = pause
        self._held = b""
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, rest = self._held.partition(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            )
            if len(rest) < length:
                return
            self._held = rest[length:]
            self._answer(streams=b'"stream":true' in rest[:length].replace(b" ", b""))

    def _answer(self, *, streams: bool) -> None:
        transport: asyncio.Transport = self._transport  # type: ignore[assignment]  # of TCP
        if not streams:
            transport.write(_JSON % len(ANSWER) + ANSWER)
        elif self._pause:
            task = asyncio.get_running_loop().create_task(self._drip(transport))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            transport.write(_STREAM + b"".join(self._events) + b"0\r\n\r\n")

    async def _drip(self, transport: asyncio.Transport) -> None:
        transport.write(_STREAM)
        for one in self._events:
            transport.write(one)
            await asyncio.sleep(self._pause)
        transport.write(b"0\r\n\r\n")


@contextmanager
def served(chunks: int, pause: float = 0.0) -> Iterator[str]:
    """Serve in a process of its own; give the base URL."""
    command = [sys.executable, "-m", __name__, "--chunks", str(chunks), "--pause", str(pause)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/api/paas/v4/"
        finally:
            process.stdin.close()


async def _serve(chunks: int, pause: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(chunks, pause), "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.0)
    arguments = parser.parse_args()
    asyncio.run(_serve(arguments.chunks, arguments.pause))
