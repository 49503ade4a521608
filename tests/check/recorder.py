"""What the transport records while a program runs: of each request its line, its route and the adaptations of its answer.

``python recorder.py PROGRAM RECORD`` runs a program and writes the record as JSON.
"""

from __future__ import annotations

import contextlib
import json
import runpy
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhipu_openai import routes, transport
from zhipu_openai.adaptation import HEADER
from zhipu_openai.transport_base import BoundaryTransport

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Recorded:
    """One request of a program.

    ``adaptations`` are pairs of field and kind, from the header; ``refused`` is the field of a refusal before
    anything was sent, empty for one of the whole operation, None where there was none.
    """

    line: int
    route: str
    adaptations: list[tuple[str, str]] = field(default_factory=list)
    refused: str | None = None


@contextlib.contextmanager
def recording(file: str) -> Iterator[list[Recorded]]:
    """Record what requests of a file's lines come to."""
    found: list[Recorded] = []
    sent: list[Any] = []
    build = BoundaryTransport.build
    sync, asynchronous = transport.SyncTransport.handle_request, transport.AsyncTransport.handle_async_request

    def counting(self: Any, *args: Any, **kwargs: Any) -> Any:
        sent.append(None)
        return build(self, *args, **kwargs)

    def take(self: Any, request: Any, response: Any, line: int, before: int) -> None:
        target = self.core.locate(str(request.url))
        route = routes.match(request.method, target.path)
        header = response.headers.get(HEADER, "")
        pairs = [pair.rpartition("=") for pair in header.split("; ") if pair]
        made = Recorded(line, f"{request.method} {route.path if route else target.path}")
        made.adaptations = [(name, kind) for name, _, kind in pairs]
        if response.status_code == 400 and len(sent) == before:
            made.refused = json.loads(response.content)["error"].get("param") or ""
        found.append(made)

    def handle(self: Any, request: Any) -> Any:
        line, before = _line_of(file), len(sent)
        response = sync(self, request)
        take(self, request, response, line, before)
        return response

    async def handle_async(self: Any, request: Any) -> Any:
        line, before = _line_of(file), len(sent)
        response = await asynchronous(self, request)
        take(self, request, response, line, before)
        return response

    BoundaryTransport.build = counting  # type: ignore[method-assign]  # for as long as it is recorded
    transport.SyncTransport.handle_request = handle  # type: ignore[method-assign]  # likewise
    transport.AsyncTransport.handle_async_request = handle_async  # type: ignore[method-assign]  # likewise
    try:
        yield found
    finally:
        BoundaryTransport.build = build  # type: ignore[method-assign]  # as it was
        transport.SyncTransport.handle_request = sync  # type: ignore[method-assign]  # likewise
        transport.AsyncTransport.handle_async_request = asynchronous  # type: ignore[method-assign]  # likewise


def _line_of(file: str) -> int:
    """Find the line of a file from which a request comes, 0 for one that comes from elsewhere."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == file:
            return frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]  # None at the end
    return 0


def main() -> None:
    """Run a program, and write what was recorded whatever became of it."""
    program, record = sys.argv[1:3]
    sys.argv[:] = [program]
    sys.path.insert(0, str(Path(program).parent))
    with recording(program) as found:
        try:
            runpy.run_path(program, run_name="__main__")
        finally:
            Path(record).write_text(json.dumps([asdict(one) for one in found]), encoding="utf-8")


if __name__ == "__main__":
    main()
