"""Asking the service itself, word for word: nothing is translated on the way."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from live.recording import Exchange, Recorder, httpx

from zhipu_openai.endpoints import root_url

if TYPE_CHECKING:
    from live.spending import Budget

    from zhipu_openai.endpoints import RootName
    from zhipu_openai.settings import Settings

CHEAP: Final = "glm-4.5-air"
"""The model for questions that any model could answer."""

SECONDS: Final = 90.0
SAYS_NOTHING: Final = frozenset({401, 403, 429})
"""The statuses that speak of the account or of the moment, not of what was asked."""


class Asker:
    """Asks one service with one key, keeps what passes and stops when the money is spent."""

    def __init__(self, settings: Settings, budget: Budget) -> None:
        if settings.api_key is None:
            raise ValueError("a key is needed")
        self.settings = settings
        self.budget = budget
        self.recorder = Recorder()
        self.client = httpx.Client(transport=self.recorder, timeout=SECONDS)
        self._known: dict[str, Exchange] = {}

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """What must not be written down: the key, and each of its halves."""
        key = self.settings.api_key
        value = key.get_secret_value() if key is not None else ""
        return tuple(sorted((part for part in {value, *value.split(".")} if part), key=len, reverse=True))

    @property
    def connection(self) -> dict[str, Any]:
        """What a client of ours needs in order to ask the same service."""
        return {"api_key": self.secrets[0], "base_url": self.settings.base_url}

    @property
    def coding(self) -> bool:
        """Whether this is the Coding Plan's address."""
        return self.settings.endpoint == "coding"

    def ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        root: RootName | None = None,
        key: str | None = None,
    ) -> Exchange:
        """Send a request as it is; skip the test when the money is spent.

        Args:
            method: The HTTP method.
            path: The path below the root.
            body: The JSON.
            root: Which of Zhipu's roots; None for the base URL.
            key: Another key than the one in use.
        """
        self.budget.check()
        base = self.settings.base_url if root is None else root_url(self.settings.base_url, root)
        secret = key if key is not None else self.secrets[0]
        headers = {"authorization": f"Bearer {secret}", "accept-language": "en-US,en"}
        self.client.request(method, base.rstrip("/") + path, json=body, headers=headers)
        exchange = self.recorder.exchanges[-1]
        self.budget.charge(exchange)
        return exchange

    def chat(self, model: str = CHEAP, **fields: Any) -> Exchange:
        """Ask for a short chat completion; the same question twice is sent once."""
        body = {"model": model, "messages": [{"role": "user", "content": "Say ok."}], "max_tokens": 16}
        body |= fields
        body = {name: value for name, value in body.items() if value is not ...}
        asked = repr(sorted(body.items()))
        if asked not in self._known:
            self._known[asked] = self.ask("POST", "/chat/completions", body)
        return self._known[asked]

    def close(self) -> None:
        """Close the connections."""
        self.client.close()
