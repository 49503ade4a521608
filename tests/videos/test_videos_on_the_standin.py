"""Videos end to end: the client, the boundary and the stand-in, without a network."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import openai
import pytest
from scripts import play_with
from video_helpers import deprecated, needs_videos

from zhipu_openai import AsyncOpenAI, OpenAI
from zhipu_openai.standin import default_service, drawings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

pytestmark = [needs_videos, deprecated, pytest.mark.usefixtures("quietly")]


@pytest.fixture(params=["sync", "async"])
def play(request: pytest.FixtureRequest) -> Iterator[Callable[[Any], Any]]:
    """Run a script with each client in turn, each script with a client of its own."""

    def run(script: Any) -> Any:
        if request.param == "sync":
            with OpenAI(region="standin") as client:
                return play_with(client, script)
        client = AsyncOpenAI(region="standin")
        try:
            return play_with(client, script)
        finally:
            asyncio.run(client.close())

    yield run
    default_service().switch_off()


@pytest.mark.parametrize("model", ["sora-2", "sora-2-pro", "cogvideox-2", "vidu2-image"])
@pytest.mark.parametrize("size", ["720x1280", "1280x720", "1024x1792", "1792x1024"])
@pytest.mark.parametrize("seconds", ["4", "12"])
def test_every_request_of_openais_becomes_a_video(play, model, size, seconds):
    def script(client: Any) -> Generator[Any, Any, Any]:
        return (
            yield client.videos.create_and_poll(
                model=model,
                prompt="a cat",
                size=size,
                seconds=seconds,
                input_reference=("a.png", drawings.png(4, 4, "a"), "image/png"),
                poll_interval_ms=1,
            )
        )

    video = play(script)
    assert (video.status, video.progress) == ("completed", 100)


def test_another_client_waits_for_the_video_and_fetches_its_files(play):
    def begin(client: Any) -> Generator[Any, Any, Any]:
        return (yield client.videos.create(prompt="a cat", size="1280x720", seconds="5"))

    begun = play(begin)

    def fetch(client: Any) -> Generator[Any, Any, Any]:
        ended = yield client.videos.poll(begun.id, poll_interval_ms=1)
        file = yield client.videos.download_content(begun.id)
        cover = yield client.videos.download_content(begun.id, variant="thumbnail")
        return ended, file.read(), cover.read()

    ended, file, cover = play(fetch)
    same = ("id", "created_at", "model", "seconds", "size", "task_id")
    assert [getattr(ended, name) for name in same] == [getattr(begun, name) for name in same]
    assert file[4:8] == b"ftyp"
    assert cover.startswith(b"\x89PNG")


def test_a_video_that_is_not_ready_cannot_be_downloaded(play):
    def script(client: Any) -> Generator[Any, Any, Any]:
        video = yield client.videos.create(prompt="a cat")
        yield client.videos.download_content(video.id)

    with pytest.raises(openai.BadRequestError) as caught:
        play(script)
    assert caught.value.code == "video_not_ready"


def test_a_video_may_fail(play):
    default_service().switch_on("failed_job")

    def script(client: Any) -> Generator[Any, Any, Any]:
        return (yield client.videos.create_and_poll(prompt="a cat", poll_interval_ms=1))

    video = play(script)
    assert (video.status, video.error.code) == ("failed", "video_generation_failed")
