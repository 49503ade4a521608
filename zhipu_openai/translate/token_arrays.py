"""Arrays of OpenAI's tokens, which Zhipu does not take: turned back into the text that they stand for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from .request_fields import refuse

if TYPE_CHECKING:
    from .request_fields import Request

_USUAL_ENCODING: Final = "cl100k_base"
"""The encoding of OpenAI's embedding models, and what LangChain uses for a name that tiktoken does not know.
Source: tiktoken 0.14 and langchain-openai 1.7, seen 2026-11-24."""


def is_tokens(value: Any) -> bool:
    """Whether a value is a text in the form of token numbers; an empty list is none."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
    )


def decode_tokens(request: Request, name: str, arrays: list[list[int]], model: str) -> list[str]:
    """Decode token arrays with tiktoken, if that is installed.

    tiktoken downloads an encoding when it is first used, unless it has it already.

    Args:
        request: The request, for its record.
        name: The field that holds the arrays.
        arrays: The token numbers, one list for each text.
        model: The model's name as the caller wrote it, by which tiktoken chooses the encoding.

    Raises:
        Refused: tiktoken is not there, has no encoding, or the numbers are none of its tokens.
    """
    encoding = _encoding(name, model)
    texts = []
    for tokens in arrays:
        try:
            data = encoding.decode_bytes(tokens)
        except (KeyError, OverflowError, ValueError):
            refuse(
                name, f"{name} holds numbers that are no tokens of {encoding.name}; send the text instead."
            )
        text = data.decode("utf-8", "replace")
        if text.encode() != data:
            request.note(
                name, "approximated", "token arrays that end within a character lose that character."
            )
        texts.append(text)
    request.note(name, "translated", "token arrays are sent as the text that they stand for.")
    return texts


def _encoding(name: str, model: str) -> Any:
    try:
        tiktoken = import_module("tiktoken")
    except ImportError:
        refuse(
            name,
            f"Zhipu takes text, and {name} holds token numbers. Send the text (in LangChain: "
            "OpenAIEmbeddings(check_embedding_ctx_length=False)), or install tiktoken, with which it is decoded here.",
            code="unsupported_parameter",
        )
    try:
        return _loaded(tiktoken, model)
    except Exception as error:  # noqa: BLE001 - tiktoken raises what its download raises
        refuse(
            name,
            f"{name} holds token numbers, and tiktoken could not load the encoding to decode them "
            f"({type(error).__name__}). Send the text (in LangChain: "
            "OpenAIEmbeddings(check_embedding_ctx_length=False)), or let tiktoken reach its download.",
            code="unsupported_parameter",
        )


def _loaded(tiktoken: Any, model: str) -> Any:
    try:
        return tiktoken.encoding_for_model(model)
    except KeyError:
        return tiktoken.get_encoding(_USUAL_ENCODING)
