"""What of a client goes to another process: what the caller gave as an argument, but no key.

What came from the environment or a ``.env`` stays where it is: the other process has its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import openai

from zhipu_openai.client_settings import Arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

_CREDENTIALS: Final = ("auth", "key", "token", "secret", "cookie", "password", "credential", "signature")
"""Parts of the names of headers and parameters that hold credentials."""


def check_headers(headers: Mapping[str, Any] | None) -> None:
    """Refuse headers that are for credentials.

    Raises:
        ValueError: There is one; the message names it.
    """
    names = _for_credentials(headers)
    if names:
        raise ValueError(
            f"The header {names[0]} is one for credentials, and settings travel in the open. Give it to the client "
            "on the worker: settings.create_client().with_options(default_headers=...)."
        )


def usable_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was not given."""
    return {name: value for name, value in options.items() if value is not None}


def reduced(client: Any) -> tuple[Any, ...]:
    """Say how a client is made again in another process.

    Raises:
        TypeError: The client has something that cannot go there.
    """
    setup, boundary = client._setup, client._client.boundary  # noqa: SLF001 - our own
    if boundary.below.callers:
        raise _refusal("it sends through an http_client, which holds connections of this process")
    headers, query = client._custom_headers, client._custom_query  # noqa: SLF001 - openai has no public name for them
    names = _for_credentials(headers) + _for_credentials(query)
    if names:
        raise _refusal(f"its header or parameter {names[0]} is one for credentials")
    options = {
        **setup.arguments,
        "timeout": client.timeout,
        "max_retries": client.max_retries,
        "default_headers": dict(headers) or None,
        "default_query": dict(query) or None,
        "websocket_base_url": _text(getattr(client, "websocket_base_url", None)),
    }
    if client._strict_response_validation:  # noqa: SLF001 - likewise
        options["_strict_response_validation"] = True
    # A timeout of None is a setting: wait for ever.
    kept = {name: value for name, value in options.items() if value is not None or name == "timeout"}
    return restored, (type(client), kept)


def restored(cls: Any, options: dict[str, Any]) -> Any:
    """Make a client from a pickled one, with the key that this process finds.

    Raises:
        openai.OpenAIError: This process finds no key.
    """
    try:
        return cls(**Arguments(options))
    except openai.OpenAIError as error:
        raise openai.OpenAIError(
            f"A client was pickled, and a pickled client carries no key: this process is to have one.\n{error}"
        ) from None


def _refusal(why: str) -> TypeError:
    return TypeError(
        f"cannot pickle this client: {why}. Send zhipu_openai.fleet.ClientSettings instead, and make the client "
        "in the other process."
    )


def _for_credentials(named: Mapping[str, Any] | None) -> list[str]:
    return [name for name in named or {} if any(part in name.lower() for part in _CREDENTIALS)]


def _text(url: Any) -> str | None:
    return None if url is None else str(url)
