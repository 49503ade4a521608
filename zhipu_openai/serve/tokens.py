"""The token that a server wants from its clients: where it comes from, and what may be one."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from zhipu_openai import _dotenv

VARIABLE: Final = "ZHIPU_OPENAI_SERVE_TOKEN"

SHORTEST: Final = 16
"""Characters: what can be guessed over a network in reasonable time is shorter."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]+")
"""What a header carries as a bearer token: RFC 6750, section 2.1."""

_MOST_BYTES: Final = 4096
_RANDOM_BYTES: Final = 32


def find_token(file: str | None = None) -> SecretStr | None:
    """Find the token: in a file, in the environment, or in the ``.env`` that is nearest; None if there is none.

    Args:
        file: A file that holds the token and nothing else; wins over the variable.

    Raises:
        ValueError: What was found cannot be a token. The message does not quote it.
        OSError: The file cannot be read.
    """
    if file is not None:
        with Path(file).open("rb") as opened:
            content = opened.read(_MOST_BYTES)
        return checked(content.decode("utf-8-sig", "replace"), f"the file {file}")
    value = os.environ.get(VARIABLE, "").strip()
    if value:
        return checked(value, f"environment variable {VARIABLE}")
    found = _dotenv.search().dotenv
    value = found.values.get(VARIABLE, "").strip() if found is not None else ""
    return checked(value, f"{VARIABLE} in {found.path}") if found is not None and value else None


def checked(text: str, source: str) -> SecretStr:
    """Check that a text can be a token; ``source`` says in the message where it is from.

    Raises:
        ValueError: It is too short, or holds what a header cannot carry.
    """
    token = text.strip()
    if len(token) < SHORTEST or _TOKEN.fullmatch(token) is None:
        raise ValueError(
            f"The token in {source} is unusable: at least {SHORTEST} letters, digits and any of . _ ~ + / = - are wanted."
        )
    return SecretStr(token)


def new_token() -> SecretStr:
    """Make a token that nobody guesses."""
    return SecretStr(secrets.token_urlsafe(_RANDOM_BYTES))
