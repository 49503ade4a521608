"""Short ways to ask the stand-in and to read what it answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import zhipu_openai
from zhipu_openai.standin import StandIn

if TYPE_CHECKING:
    from zhipu_openai.standin import Reply

CHAT = "/api/paas/v4/chat/completions"
KEY = {"Authorization": "Bearer 0123456789abcdef.secretsecret"}
NOON = datetime(2026, 10, 9, 4, 30, 5, 678000, tzinfo=timezone.utc)
"""Half past twelve in Beijing."""

ADD: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Add two numbers.",
        "parameters": {
            "type": "object",
            "properties": {"a": {"type": "integer", "minimum": 2}, "b": {"type": "integer", "default": 3}},
            "required": ["a", "b"],
        },
    },
}


def standin(*quirks: str, **options: Any) -> StandIn:
    """Make a stand-in whose clock stands still."""
    return StandIn(quirks=quirks, clock=lambda: NOON, **options)


def ask(
    service: StandIn,
    messages: Any = "hi",
    *,
    headers: dict[str, str] | None = None,
    path: str = CHAT,
    **fields: Any,
) -> Reply:
    """Send a chat request; a text stands for one user message."""
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    body = {"model": "glm-4.6", "messages": messages, **fields}
    return service.handle("POST", path, {**KEY, **(headers or {})}, json.dumps(body).encode())


def body_of(reply: Reply) -> Any:
    """Decode a JSON body."""
    return json.loads(reply.read())


def message_of(reply: Reply) -> Any:
    """Return the message of a whole answer."""
    return body_of(reply)["choices"][0]["message"]


def frames_of(reply: Reply) -> list[bytes]:
    """Split a stream into its frames; a proper end leaves nothing behind the last blank line."""
    frames = reply.read().split(b"\n\n")
    return frames[:-1] if frames[-1] == b"" else frames


def chunks_of(reply: Reply) -> list[Any]:
    """Decode the chunks of a stream that ends properly."""
    frames = frames_of(reply)
    assert frames[-1] == b"data: [DONE]"
    return [json.loads(frame.removeprefix(b"data: ")) for frame in frames[:-1]]


def joined(chunks: list[Any], key: str) -> str:
    """Join one text of the deltas."""
    return "".join(chunk["choices"][0]["delta"].get(key, "") for chunk in chunks)


def python(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter that finds this package; its pytest loads no installed plugin by itself."""
    assert zhipu_openai.__file__ is not None
    path = str(Path(zhipu_openai.__file__).parents[1])
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )


def imported_by(code: str, *modules: str) -> list[str]:
    """Say which of the modules a fresh interpreter has imported after some code."""
    done = python("-c", f"{code}\nimport sys; print(*[name for name in {modules!r} if name in sys.modules])")
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
