"""The body of an embeddings line in a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import catalogue
from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.adaptation import Ledger

MOST_INPUTS: Final = 64
"""Texts of one request. Source: bigmodel.cn OpenAPI, 2026-07-11."""

_OPENAIS: Final = "text-embedding-"
_MODEL: Final = "embedding-3"


def translate_body(body: dict[str, Any], aliases: Mapping[str, str], ledger: Ledger) -> dict[str, Any]:
    """Translate a body as far as one request goes; it is not changed itself.

    Raises:
        Refused: It asks for what needs a tokenizer or several requests.
    """
    out = {name: value for name, value in body.items() if value is not None}
    name = out.get("model")
    if isinstance(name, str):
        found = catalogue.resolve(name, overrides=aliases)
        if not found.overridden and name.startswith(_OPENAIS):
            out["model"] = _MODEL
            ledger.add("model", "approximated", f"{name} is served by {_MODEL}, whose vectors differ.")
        else:
            out["model"] = found.id
    texts = out.get("input")
    if isinstance(texts, list):
        if any(not isinstance(text, str) for text in texts):
            _refuse("input", "Zhipu takes texts, not tokens; give the text itself.")
        if len(texts) > MOST_INPUTS:
            _refuse("input", f"Zhipu takes {MOST_INPUTS} texts in one request; write several lines.")
    if out.pop("encoding_format", "float") == "base64":
        ledger.add("encoding_format", "approximated", "in a batch vectors come as lists of numbers.")
    if out.pop("user", None) is not None:
        ledger.add("user", "dropped", "Zhipu's embeddings take no end user.")
    return out


def _refuse(name: str, message: str) -> None:
    raise Refused(refusal(message, param=name))
