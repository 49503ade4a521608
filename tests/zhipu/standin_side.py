"""A client on a stand-in of its own, sync or async, for ``play``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conftest import httpx

from zhipu_openai import AsyncOpenAI, OpenAI
from zhipu_openai.standin import async_client, client

if TYPE_CHECKING:
    from zhipu_openai.standin import StandIn


class StandInSide:
    """Makes clients on a stand-in."""

    def __init__(self, service: StandIn, name: str) -> None:
        self.service, self.name = service, name

    def client(self, **options: Any) -> Any:
        """Make a client; nobody waits between its looks at a job."""
        if self.name == "sync":
            return OpenAI(api_key="a.b", http_client=client(self.service, httpx), **options)
        return AsyncOpenAI(api_key="a.b", http_client=async_client(self.service, httpx), **options)
