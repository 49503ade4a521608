"""Spoken answers of glm-4-voice in OpenAI's shape, and spoken questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conftest import chunk, completion, sse

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

QUESTION = [
    {
        "role": "user",
        "content": [
            {"type": "text", "text": "What is this?"},
            {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
        ],
    }
]


@pytest.mark.parametrize("expires_at", [1749187238, "1749187238"])
def test_a_spoken_answer_has_a_transcript_and_a_time(side: SyncSide, wire: Wire, expires_at: Any) -> None:
    audio = {"data": "707hTg==", "expires_at": expires_at, "id": "f8d4"}
    wire.reply(completion(content="你好！", audio=audio))
    answer = side.create(
        model="glm-4-voice",
        messages=QUESTION,
        modalities=["text", "audio"],
        audio={"voice": "alloy", "format": "wav"},
        client={"on_adaptation": "ignore"},
    )
    spoken = answer.choices[0].message.audio
    assert spoken.to_dict() == {
        "id": "f8d4",
        "data": "707hTg==",
        "expires_at": 1749187238,
        "transcript": "你好！",
    }
    assert answer.choices[0].message.content == "你好！"
    assert wire.last.json == {"model": "glm-4-voice", "messages": QUESTION}


def test_a_spoken_answer_passes_a_second_time_unchanged(side: SyncSide, wire: Wire) -> None:
    audio = {"data": "AA==", "expires_at": 1, "id": "a", "transcript": "Said."}
    wire.reply(completion(content="Written.", audio=audio))
    assert side.create(model="glm-4-voice").choices[0].message.audio.to_dict() == audio


def test_a_streamed_answer_says_its_id_and_time_once(side: SyncSide, wire: Wire) -> None:
    head = {"id": "a", "expires_at": "17"}
    wire.reply(
        sse(
            chunk({"role": "assistant", "content": "Hel", "audio": {**head, "data": "AAAA"}}),
            chunk({"role": "assistant", "content": "lo", "audio": {**head, "data": "BBBB"}}),
            chunk({"role": "assistant", "content": ""}, "stop"),
        )
    )
    chunks = side.create(model="glm-4-voice", stream=True)
    spoken = [one.to_dict()["choices"][0]["delta"].get("audio") for one in chunks]
    assert spoken == [
        {"id": "a", "expires_at": 17, "data": "AAAA", "transcript": "Hel"},
        {"data": "BBBB", "transcript": "lo"},
        None,
    ]


def test_the_stand_in_speaks_and_is_answered_by_the_id(zhipu_standin: Any) -> None:
    client = zhipu_standin.client()
    said = client.chat.completions.create(
        model="glm-4-voice", messages=[{"role": "user", "content": "Hi"}], modalities=["text", "audio"]
    )
    spoken = said.choices[0].message.audio
    assert spoken.data.startswith("UklGR")
    assert spoken.transcript == said.choices[0].message.content
    again = client.chat.completions.create(
        model="glm-4-voice",
        messages=[
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "audio": {"id": spoken.id}},
            {"role": "user", "content": "And now?"},
        ],
        stream=True,
    )
    pieces = [one.to_dict()["choices"][0]["delta"].get("audio") for one in again]
    assert [piece["data"][:5] for piece in pieces if piece] == ["UklGR"]
