"""What a program is handed: a stand-in for Zhipu, clients on it, and short looks at what it received."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import zhipu_openai
from zhipu_openai.library import openai_library
from zhipu_openai.standin import async_client, client
from zhipu_openai.standin.harness import ZhipuStandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "standin.standin"


class Caught:
    """The exception that a block has raised."""

    error: Any = None


@contextmanager
def raises(kind: type[BaseException]) -> Iterator[Caught]:
    """Expect an exception of a block, in an environment without pytest."""
    caught = Caught()
    try:
        yield caught
    except kind as error:
        caught.error = error
    else:
        raise AssertionError(f"no {kind.__name__} was raised")


class Standin(ZhipuStandIn):
    """A new stand-in for one feature. Adaptations are not warned about, unless the program wants it.

    ``say``, ``call``, ``calls``, ``fail``, ``replay``, ``switch_on`` and ``requests`` are as in pytest's fixture.
    """

    def client(self, **options: Any) -> Any:
        """Make a client of ours on the stand-in."""
        return super().client(**{"on_adaptation": "ignore", **options})

    def async_client(self, **options: Any) -> Any:
        """Make an async client of ours on the stand-in."""
        return super().async_client(**{"on_adaptation": "ignore", **options})

    def http_client(self, **options: Any) -> Any:
        """Make an HTTP client of ours on the stand-in, for what takes only that."""
        below = client(self.service, openai_library().module)
        given = {"api_key": KEY, "on_adaptation": "ignore", **options}
        return zhipu_openai.http_client(http_client=below, **given)

    def async_http_client(self, **options: Any) -> Any:
        """Make an async HTTP client of ours on the stand-in."""
        below = async_client(self.service, openai_library().module)
        given = {"api_key": KEY, "on_adaptation": "ignore", **options}
        return zhipu_openai.async_http_client(http_client=below, **given)

    @property
    def bodies(self) -> list[Any]:
        """The JSON of every request, as Zhipu received it."""
        return [request.json for request in self.requests]

    @property
    def paths(self) -> list[str]:
        """The path of every request."""
        return [request.path for request in self.requests]

    @property
    def last(self) -> Any:
        """The JSON of the latest request."""
        return self.bodies[-1]

    def roles(self, which: int = -1) -> list[str]:
        """Give the roles of the messages of a request."""
        return [message["role"] for message in self.bodies[which]["messages"]]

    def offered(self, which: int = -1) -> list[str]:
        """Give the names of the functions that a request offers."""
        return [tool["function"]["name"] for tool in self.bodies[which].get("tools") or []]

    def told(self, which: int = -1) -> list[str]:
        """Give the tools' results that a request of chat carries."""
        return [message["content"] for message in self.bodies[which]["messages"] if message["role"] == "tool"]
