"""Whole courses on the stand-in, from what is uploaded to what comes of it, where the stand-in has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openai._resource import AsyncAPIResource, SyncAPIResource
from scripts import play
from standin_side import StandInSide
from zhipu_cases import MESSAGES

from zhipu_openai.standin import StandIn
from zhipu_openai.standin.resources import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["sync", "async"])
def standin_side(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> StandInSide:
    """Each of the two clients in turn, on a stand-in of its own; nobody sleeps."""

    async def sleep(_: Any, __: float) -> None: ...

    monkeypatch.setattr(SyncAPIResource, "_sleep", lambda _, __: None)
    monkeypatch.setattr(AsyncAPIResource, "_sleep", sleep)
    return StandInSide(StandIn(), request.param)


def needs(*paths: str) -> None:
    """Skip where the stand-in does not serve what a course needs."""
    for path in paths:
        if not any(row.method == "POST" and row.pattern.fullmatch(path) for row in RESOURCES):
            pytest.fail(f"the stand-in does not serve {path}")


def test_a_batch_is_begun_looked_at_and_cancelled(standin_side: Any) -> None:
    needs("/files", "/batches")
    request = {"model": "glm-5.1", "messages": MESSAGES}
    line = {"custom_id": "request-1", "method": "POST", "url": "/v4/chat/completions", "body": request}

    def script(client: Any) -> Iterator[Any]:
        file = yield client.files.create(
            file=("batch.jsonl", json.dumps(line).encode() + b"\n"), purpose="batch"
        )
        begun = yield client.zhipu.batches.create(input_file_id=file.id, metadata={"who": "me"})
        seen = yield client.zhipu.batches.retrieve(begun.id)
        ended = yield client.zhipu.batches.cancel(begun.id)
        return begun, seen, ended

    begun, seen, ended = play(standin_side, script)
    assert begun.status == "validating"
    assert begun.created_at > 10**12
    assert begun.metadata == {"who": "me"}
    assert seen.id == ended.id == begun.id
    assert ended.status in ("cancelling", "cancelled")


def test_a_voice_is_cloned_listed_and_deleted(standin_side: Any) -> None:
    needs("/files", "/voice/clone", "/voice/delete")

    def script(client: Any) -> Iterator[Any]:
        sample = yield client.files.create(
            file=("sample.wav", b"RIFF" + bytes(64)), purpose="voice-clone-input"
        )
        made = yield client.zhipu.voices.clone(voice_name="mine", input="Hello", file_id=sample.id)
        listed = yield client.zhipu.voices.list(voice_type="PRIVATE")
        gone = yield client.zhipu.voices.delete(made.voice)
        return made, listed, gone, (yield client.zhipu.voices.list(voice_type="PRIVATE"))

    made, listed, gone, left = play(standin_side, script)
    assert [voice.voice for voice in listed.voice_list] == [made.voice] == [gone.voice]
    assert left.voice_list == []


@pytest.mark.parametrize(
    ("group", "path", "given", "result"),
    [
        ("async_images", "/async/images/generations", {"prompt": "A cat"}, "image_result"),
        ("videos", "/videos/generations", {"model": "cogvideox-3", "prompt": "A cat"}, "video_result"),
    ],
)
def test_a_job_gives_what_was_made(
    standin_side: Any, group: str, path: str, given: dict[str, Any], result: str
) -> None:
    needs(path)
    job = play(standin_side, lambda client: (yield getattr(client.zhipu, group).create_and_poll(**given)))
    assert job.task_status == "SUCCESS"
    assert getattr(job, result)[0].url.startswith("http")
