"""Pictures end to end: the client, the boundary and the stand-in, without a network."""

from __future__ import annotations

import asyncio
import base64
import struct
from typing import Any

import openai
import pytest

from zhipu_openai import AsyncOpenAI, OpenAI
from zhipu_openai.translate.images import operation

pytestmark = pytest.mark.usefixtures("quietly")


@pytest.fixture(params=["sync", "async"])
def draw(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ask for pictures with each client in turn."""
    monkeypatch.setattr(operation, "POLL_SECONDS", 0.0)

    def ask(**arguments: Any) -> Any:
        if request.param == "sync":
            with OpenAI(region="standin") as client:
                made = client.images.generate(**arguments)
                return list(made) if arguments.get("stream") else made

        async def main() -> Any:
            async with AsyncOpenAI(region="standin") as client:
                made = await client.images.generate(**arguments)
                return [event async for event in made] if arguments.get("stream") else made

        return asyncio.run(main())

    return ask


def size_of(image: Any) -> tuple[int, int]:
    width, height = struct.unpack(">II", base64.b64decode(image.b64_json)[16:24])
    return width, height


@pytest.mark.parametrize(
    "model", ["gpt-image-1", "gpt-image-1-mini", "dall-e-2", "dall-e-3", "cogview-3-flash"]
)
@pytest.mark.parametrize(
    "size", ["256x256", "512x512", "1024x1024", "1536x1024", "1024x1792", "auto", "1536x864"]
)
def test_every_size_of_openais_is_drawn_by_every_model(draw, model, size):
    images = draw(
        model=model, prompt="a cat", size=size, quality="high", response_format="b64_json", user="me"
    )
    width, height = size_of(images.data[0])
    assert images.size == f"{width}x{height}"
    if size != "auto":
        asked = [int(side) for side in size.split("x")]
        assert (asked[0] > asked[1], asked[0] < asked[1]) == (width > height, width < height)


def test_several_are_drawn_and_read(draw):
    images = draw(model="gpt-image-1", prompt="a cat", n=3, size="1024x1024")
    assert len({image.b64_json for image in images.data}) == 3


def test_a_job_is_drawn_to_its_end(draw):
    images = draw(model="glm-image", prompt="a cat", n=2, extra_body={"async": True})
    assert len({image.url for image in images.data}) == 2


def test_a_finished_picture_comes_as_an_event(draw):
    (event,) = draw(model="gpt-image-1", prompt="a cat", stream=True, partial_images=3)
    assert event.type == "image_generation.completed"
    assert size_of(event) == (1280, 1280)


def test_unsafe_words_are_a_content_filter_error(draw):
    with pytest.raises(openai.BadRequestError) as caught:
        draw(model="gpt-image-1", prompt="a cat [unsafe]")
    assert caught.value.code == "content_filter"
