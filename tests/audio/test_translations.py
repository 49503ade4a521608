"""``client.audio.translations``: a transcription, and a chat completion that translates it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from audio_helpers import HEARD, run, texts_of, wav
from conftest import completion

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

# openai marks the method as deprecated from 3.54 on.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def translate(side: SyncSide, *, client: dict[str, Any] | None = None, **arguments: Any) -> Any:
    asked = {"model": "whisper-1", "file": ("a.wav", wav()), **arguments}

    def work(made: Any) -> Any:
        return made.audio.translations.create(**asked)

    return run(side, work, work, **(client or {}))


def test_what_was_heard_is_translated_by_chat(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    wire.reply(completion(content="Hello"))
    assert translate(side).text == "Hello"
    heard, translated = wire.sent
    assert heard.url.endswith("/audio/transcriptions")
    assert texts_of(heard) == [("model", "glm-asr-2512")]
    assert translated.url.endswith("/chat/completions")
    assert translated.json["model"] == "glm-4.5-air"
    assert translated.json["thinking"] == {"type": "disabled"}
    assert translated.json["messages"][-1] == {"role": "user", "content": "你好"}
    assert "English" in translated.json["messages"][0]["content"]


def test_the_text_format_is_the_text_alone(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    wire.reply(completion(content="Hello"))
    assert translate(side, response_format="text") == "Hello"


def test_the_style_goes_to_the_translator_who_can_be_chosen(side: SyncSide, wire: Wire) -> None:
    wire.reply(HEARD)
    wire.reply(completion(content="Hello"))
    translate(side, prompt="Dear Sir", extra_body={"translation_model": "glm-5.2"})
    heard, translated = wire.sent
    assert texts_of(heard) == [("model", "glm-asr-2512")]
    assert translated.json["model"] == "glm-5.2"
    assert "Dear Sir" in translated.json["messages"][0]["content"]


def test_silence_is_not_translated(side: SyncSide, wire: Wire) -> None:
    wire.reply({**HEARD, "text": " "})
    assert translate(side).text == ""
    assert len(wire.sent) == 1


@pytest.mark.parametrize("given", [{"response_format": "srt"}, {"extra_body": {"stream": "true"}}])
def test_what_cannot_be_served_is_refused_before_it_is_sent(
    side: SyncSide, wire: Wire, given: dict[str, Any]
) -> None:
    with pytest.raises(openai.BadRequestError):
        translate(side, **given)
    assert wire.sent == []


def test_it_is_recorded_as_emulated_and_can_be_refused(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.BadRequestError, match="then translated into English"):
        translate(side, model="glm-asr-2512", client={"on_adaptation": "error"})
    assert wire.sent == []


@pytest.mark.parametrize(
    "second",
    [
        {"error": {"code": "1301", "message": "unsafe"}},
        {"choices": []},
        completion(content="", finish_reason="sensitive"),
    ],
)
def test_a_failure_of_the_translator_is_an_error(side: SyncSide, wire: Wire, second: Any) -> None:
    wire.reply(HEARD)
    wire.reply(second)
    with pytest.raises(openai.APIStatusError):
        translate(side)


def test_a_failure_of_the_transcription_ends_it(side: SyncSide, wire: Wire) -> None:
    wire.reply({"error": {"code": "1211", "message": "none"}}, status=400)
    with pytest.raises(openai.APIStatusError):
        translate(side)
    assert len(wire.sent) == 1
