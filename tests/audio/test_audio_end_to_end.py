"""The whole way, from openai's methods to the stand-in and back."""

from __future__ import annotations

import asyncio
import io
import wave
from typing import TYPE_CHECKING, Any

import openai
import pytest
from audio_helpers import seconds_of_wav, wav

from zhipu_openai import sound

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(params=["sync", "async"])
def ask(request: pytest.FixtureRequest, zhipu_standin: Any) -> Callable[[Callable[[Any], Any]], Any]:
    """Run some work with a client on the stand-in that adapts without a word, sync or async."""
    if request.param == "sync":
        client = zhipu_standin.client(on_adaptation="ignore")
        return lambda work: work(client)

    def ask_async(work: Callable[[Any], Any]) -> Any:
        async def main() -> Any:
            return await work(zhipu_standin.async_client(on_adaptation="ignore"))

        return asyncio.run(main())

    return ask_async


@pytest.fixture(autouse=True)
def _without_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "available", lambda: False)


def test_what_is_spoken_is_heard(ask: Any) -> None:
    said = ask(lambda client: client.audio.speech.create(model="tts-1", voice="nova", input="Hello there."))
    with wave.open(io.BytesIO(said.content)) as file:
        assert file.getnframes() > 0
    heard = ask(
        lambda client: client.audio.transcriptions.create(model="whisper-1", file=said.content, language="en")
    )
    assert heard.text.startswith("[stand-in] Heard 0.6 seconds of wav")


def test_a_long_text_becomes_a_long_recording_that_is_heard_in_pieces(ask: Any, zhipu_standin: Any) -> None:
    text = "One sentence after the other. " * 60
    said = ask(
        lambda client: client.audio.speech.create(
            model="glm-tts", voice="tongtong", input=text, response_format="wav"
        )
    )
    assert seconds_of_wav(said.content) == pytest.approx(len(text.strip()) * 0.05, rel=0.02)
    heard = ask(lambda client: client.audio.transcriptions.create(model="whisper-1", file=said.content))
    count = heard.text.count("[stand-in] Heard")
    assert count == 4
    assert sum("transcriptions" in one.path for one in zhipu_standin.requests) == count


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_recording_is_translated(ask: Any) -> None:
    answer = ask(lambda client: client.audio.translations.create(model="whisper-1", file=("a.wav", wav(1.0))))
    assert answer.text.startswith("[stand-in]")
    assert "Heard 1.0 seconds" in answer.text


@pytest.mark.skipif(
    not hasattr(openai.resources.audio.Audio, "voices"), reason="this openai has no client.audio.voices"
)
def test_a_voice_is_made_used_and_deleted(ask: Any) -> None:
    voice = ask(
        lambda client: client.audio.voices.create(
            name="me", audio_sample=("me.wav", wav(4.0)), consent="cons_1"
        )
    )
    said = ask(
        lambda client: client.audio.speech.create(
            model="glm-tts", voice={"id": voice.id}, input="Hi", response_format="pcm"
        )
    )
    assert said.content
    assert ask(lambda client: client.audio.voices.delete(voice.id)).deleted is True
    with pytest.raises(openai.BadRequestError, match="音色不存在"):
        ask(
            lambda client: client.audio.speech.create(
                model="glm-tts", voice={"id": voice.id}, input="Hi", response_format="pcm"
            )
        )
