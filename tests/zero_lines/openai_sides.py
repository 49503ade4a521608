"""openai's own clients on the wire."""

from __future__ import annotations

from typing import Any

import openai
from conftest import AsyncSide, SyncSide, httpx


class OpenAISide(SyncSide):
    """openai.OpenAI, looked up when it is made."""

    cls: Any = openai.OpenAI

    def client(self, **options: Any) -> Any:
        below = httpx.Client(transport=httpx.MockTransport(self.wire.handle), follow_redirects=True)
        return options.pop("cls", self.cls)(**{"http_client": below, **options})


class AsyncOpenAISide(AsyncSide):
    cls: Any = openai.AsyncOpenAI

    def client(self, **options: Any) -> Any:
        below = httpx.AsyncClient(
            transport=httpx.MockTransport(self.wire.handle_async), follow_redirects=True
        )
        return options.pop("cls", self.cls)(**{"http_client": below, **options})
