"""What the pytest fixture hands to a test: a stand-in, clients that speak with it, and short ways to both."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from .service import StandIn
from .transport import async_client, client

if TYPE_CHECKING:
    from zhipu_openai.client import AsyncOpenAI, OpenAI

    from .traffic import RecordedRequest

_KEY: Final = "standin.standin"


class ZhipuStandIn:
    """A stand-in for one test and the clients made for it.

    ``say``, ``call``, ``calls``, ``fail``, ``replay``, ``delay``, ``switch_on`` and ``switch_off`` are the
    stand-in's own methods.

    Attributes:
        service: The stand-in.
    """

    def __init__(self, service: StandIn | None = None) -> None:
        """Begin with a stand-in; a new one if None."""
        self.service = service or StandIn()
        self.say = self.service.say
        self.call = self.service.call
        self.calls = self.service.calls
        self.fail = self.service.fail
        self.replay = self.service.replay
        self.delay = self.service.delay
        self.switch_on = self.service.switch_on
        self.switch_off = self.service.switch_off
        self._clients: list[OpenAI] = []
        self._async_clients: list[AsyncOpenAI] = []

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request that has reached the stand-in so far, as Zhipu would have seen it, without keys."""
        return self.service.requests

    def client(self, **options: Any) -> OpenAI:
        """Make a client that speaks with the stand-in; it is closed when the test ends.

        Args:
            options: What ``zhipu_openai.OpenAI`` takes; a made-up key is the default.
        """
        from zhipu_openai.client import OpenAI  # noqa: PLC0415 - imports openai, which most tests may not need

        options.setdefault("api_key", _KEY)
        made = OpenAI(http_client=client(self.service, _library()), **options)
        self._clients.append(made)
        return made

    def async_client(self, **options: Any) -> AsyncOpenAI:
        """Make an async client that speaks with the stand-in; it is closed when the test ends.

        Args:
            options: What ``zhipu_openai.AsyncOpenAI`` takes; a made-up key is the default.
        """
        from zhipu_openai.client import AsyncOpenAI  # noqa: PLC0415 - imports openai

        options.setdefault("api_key", _KEY)
        made = AsyncOpenAI(http_client=async_client(self.service, _library()), **options)
        self._async_clients.append(made)
        return made

    def close(self) -> None:
        """Close every client that was made."""
        for made in self._clients:
            made.close()
        if self._async_clients:
            # In a thread of its own: a loop may be running in this one.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, self._close_async()).result()
        self._clients.clear()
        self._async_clients.clear()

    async def _close_async(self) -> None:
        for made in self._async_clients:
            await made.close()


def _library() -> Any:
    from zhipu_openai.library import openai_library  # noqa: PLC0415 - imports openai

    return openai_library().module
