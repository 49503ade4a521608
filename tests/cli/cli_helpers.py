"""Streams for the command line, and a served stand-in."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zhipu_openai.standin import BackgroundServer, StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

KEY = "someid.topsecretvalue"


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True

    @property
    def screen(self) -> str:
        """What is left to be seen: a carriage return goes back, and what follows is written over."""
        lines = []
        for line in self.getvalue().split("\n"):
            shown: list[str] = []
            for piece in line.split("\r"):
                shown[: len(piece)] = piece
            lines.append("".join(shown).rstrip())
        return "\n".join(lines)


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Serve a stand-in that is named by the environment together with a key."""
    service = StandIn()
    with BackgroundServer(service) as server:
        monkeypatch.setenv("ZHIPU_API_KEY", KEY)
        monkeypatch.setenv("ZHIPU_BASE_URL", server.base_url)
        yield service
