"""Token arrays, which frameworks send for OpenAI's models: decoded where that is possible, else refused with advice."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import openai
import pytest
from embedding_helpers import VECTOR, answer, embed

if TYPE_CHECKING:
    from conftest import SyncSide, Wire


class Bytes:
    """An encoding whose tokens are bytes."""

    name = "bytes"

    def decode_bytes(self, tokens: list[int]) -> bytes:
        if any(token > 1000 for token in tokens):
            raise KeyError(tokens)
        return bytes(tokens)


def tokens_of(text: str) -> list[int]:
    return list(text.encode())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A tiktoken that knows one model, and what it was asked for."""
    names: list[str] = []

    def encoding_for_model(name: str) -> Bytes:
        names.append(name)
        if name != "text-embedding-3-small":
            raise KeyError(name)
        return Bytes()

    def get_encoding(name: str) -> Bytes:
        names.append(name)
        return Bytes()

    fake = SimpleNamespace(encoding_for_model=encoding_for_model, get_encoding=get_encoding)
    monkeypatch.setitem(sys.modules, "tiktoken", fake)
    return names


def test_tokens_of_one_text_are_sent_as_the_text(side: SyncSide, wire: Wire, asked: list[str]) -> None:
    wire.reply(answer(VECTOR))
    embed(side, tokens_of("你好"))
    assert wire.last.json["input"] == "你好"
    assert asked == ["embedding-3", "cl100k_base"]


@pytest.mark.usefixtures("quietly")
def test_tokens_of_several_texts_are_sent_as_the_texts(side: SyncSide, wire: Wire, asked: list[str]) -> None:
    wire.reply(answer(VECTOR, VECTOR))
    embed(side, [tokens_of("one"), tokens_of("two")], model="text-embedding-3-small")
    assert wire.last.json["input"] == ["one", "two"]
    assert asked == ["text-embedding-3-small"]


@pytest.mark.usefixtures("asked", "quietly")
def test_a_character_that_is_cut_in_two_is_spoken_of(
    side: SyncSide, wire: Wire, recwarn: pytest.WarningsRecorder
) -> None:
    wire.reply(answer(VECTOR))
    embed(side, tokens_of("你好")[:-1])
    assert wire.last.json["input"] == "你\ufffd"
    (warning,) = recwarn.list
    assert "lose that character" in str(warning.message)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("tokens", [[5000], [-1]])
def test_numbers_that_are_no_tokens_are_refused(side: SyncSide, wire: Wire, tokens: list[int]) -> None:
    with pytest.raises(openai.BadRequestError, match="no tokens of bytes"):
        embed(side, tokens)
    assert wire.sent == []


def test_without_tiktoken_the_way_out_is_named(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(openai.BadRequestError, match="check_embedding_ctx_length=False") as caught:
        embed(side, [tokens_of("one")])
    assert (caught.value.param, caught.value.code) == ("input", "unsupported_parameter")
    assert wire.sent == []


def test_a_tiktoken_that_cannot_load_is_said_to_be_one(
    side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> Any:
        raise ConnectionError("no way to the download")

    monkeypatch.setitem(sys.modules, "tiktoken", SimpleNamespace(encoding_for_model=fail))
    with pytest.raises(openai.BadRequestError, match=r"could not load the encoding .*ConnectionError"):
        embed(side, [tokens_of("one")])
    assert wire.sent == []
