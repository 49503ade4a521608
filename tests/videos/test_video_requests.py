"""``client.videos.create``: OpenAI's form becomes Zhipu's JSON."""

from __future__ import annotations

import base64
from typing import Any

import openai
import pytest
from video_helpers import BEGUN, TASK, create, deprecated, needs_videos

from zhipu_openai.adaptation import Ledger, Refused
from zhipu_openai.exchange import Call, Options
from zhipu_openai.standin import drawings
from zhipu_openai.translate.videos import operation
from zhipu_openai.translate.videos.fields import FIELDS
from zhipu_openai.translate.videos.models import VIDEO_ALIASES, VIDEO_MODELS, model_of

pytestmark = [needs_videos, deprecated, pytest.mark.usefixtures("quietly")]

PNG = drawings.png(4, 4, "a")
JPEG = b"\xff\xd8\xff\xe0rest"
WEBP = b"RIFF\0\0\0\0WEBPVP8 "


def test_a_plain_request_goes_out_as_json(side, wire):
    wire.reply(BEGUN)
    got = create(side, size="1280x720", seconds="5")
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/videos/generations"
    assert wire.last.headers["content-type"] == "application/json"
    assert wire.last.json == {"prompt": "a cat", "model": "cogvideox-3", "size": "1280x720", "duration": 5}
    assert got.record == "seconds=translated"


@pytest.mark.parametrize(
    ("asked", "sent", "record"),
    [
        ("sora-2", {"model": "cogvideox-3"}, "model=approximated"),
        ("sora-2-2025-12-08", {"model": "cogvideox-3"}, "model=approximated"),
        ("sora-2-pro", {"model": "cogvideox-3", "quality": "quality"}, "model=approximated"),
        ("CogVideoX-3", {"model": "cogvideox-3"}, ""),
        ("viduq1-text", {"model": "viduq1-text"}, ""),
        ("cogvideox-9-New", {"model": "cogvideox-9-New"}, ""),
    ],
)
def test_a_model_is_sent_under_zhipus_name(side, wire, asked, sent, record):
    wire.reply(BEGUN)
    got = create(side, model=asked)
    assert wire.last.json == {"prompt": "a cat", **sent}
    assert got.record == record


def test_a_request_without_a_model_is_served(side, wire):
    wire.reply(BEGUN)
    side.run(lambda client: client.videos.create(prompt="a cat"))
    assert wire.last.json == {"prompt": "a cat", "model": "cogvideox-3"}


def test_the_callers_word_wins_over_what_a_name_brings(side, wire):
    wire.reply(BEGUN)
    create(side, model="sora-2-pro", extra_body={"quality": "speed"})
    assert wire.last.json["quality"] == "speed"


def test_the_clients_own_aliases_win(side, wire):
    wire.reply(BEGUN)
    got = create(side, client={"model_aliases": {"sora-2": "cogvideox-flash"}}, model="sora-2", seconds="8")
    assert wire.last.json == {"prompt": "a cat", "model": "cogvideox-flash"}
    assert got.record == "model=translated; seconds=dropped"


@pytest.mark.parametrize(
    ("model", "asked", "sent", "record"),
    [
        ("cogvideox-3", "4", 5, "seconds=approximated"),
        ("cogvideox-3", "8", 10, "seconds=approximated"),
        ("cogvideox-3", "12", 10, "seconds=approximated"),
        ("cogvideox-3", "10", 10, "seconds=translated"),
        ("vidu2-image", "4", 4, "seconds=translated"),
        ("viduq1-text", "8", 5, "seconds=approximated"),
        ("cogvideox-2", "8", None, "seconds=dropped"),
        ("cogvideox-9-new", "8", 8, "seconds=translated"),
    ],
)
def test_seconds_become_the_nearest_duration_that_the_model_makes(side, wire, model, asked, sent, record):
    wire.reply(BEGUN)
    got = create(side, model=model, seconds=asked)
    assert wire.last.json.get("duration") == sent
    assert "seconds" not in wire.last.json
    assert got.record == record


def test_a_duration_of_zhipus_wins(side, wire):
    wire.reply(BEGUN)
    got = create(side, seconds="4", extra_body={"duration": 10})
    assert wire.last.json["duration"] == 10
    assert got.record == ""
    assert got.video.seconds == "10"


@pytest.mark.parametrize("seconds", ["0", "long", "4.5", "-4"])
def test_seconds_that_are_none_are_refused(side, wire, seconds):
    with pytest.raises(openai.BadRequestError) as caught:
        create(side, seconds=seconds)
    assert caught.value.param == "seconds"
    assert wire.sent == []


@pytest.mark.parametrize(
    ("model", "asked", "sent", "record"),
    [
        ("cogvideox-3", "720x1280", {"size": "720x1280"}, ""),
        ("cogvideox-3", "1024x1792", {"size": "1080x1920"}, "size=approximated"),
        ("cogvideox-3", "1792x1024", {"size": "1920x1080"}, "size=approximated"),
        ("cogvideox-3", "3840x2160", {"size": "3840x2160"}, ""),
        ("cogvideox-2", "1280x720", {"size": "1920x1080"}, "size=approximated"),
        ("cogvideox-2", "720x1280", {"size": "1080x1920"}, "size=approximated"),
        ("viduq1-image", "1792x1024", {"size": "1920x1080"}, "size=approximated"),
        ("viduq1-image", "720x1280", {}, "size=dropped"),
        ("viduq1-text", "720x1280", {"aspect_ratio": "9:16"}, "size=approximated"),
        ("viduq1-text", "1024x1024", {"aspect_ratio": "1:1"}, "size=approximated"),
        ("viduq1-text", "1920×1080", {"aspect_ratio": "16:9", "size": "1920x1080"}, ""),
        ("cogvideox-9-new", "5x5", {"size": "5x5"}, ""),
        ("cogvideox-3", "huge", {"size": "huge"}, ""),
    ],
)
def test_a_size_is_sent_as_the_model_takes_it(side, wire, model, asked, sent, record):
    wire.reply(BEGUN)
    got = create(side, model=model, size=asked)
    assert wire.last.json == {"prompt": "a cat", "model": model, **sent}
    assert got.record == record


def test_a_prompt_that_is_too_long_is_refused_before_sending(side, wire):
    with pytest.raises(openai.BadRequestError, match="512 characters") as caught:
        create(side, prompt="x" * 513)
    assert (caught.value.param, caught.value.code) == ("prompt", "string_above_max_length")
    assert wire.sent == []
    wire.reply(BEGUN)
    create(side, prompt="猫" * 512)
    assert wire.last.json["prompt"] == "猫" * 512


@pytest.mark.parametrize(
    ("model", "file", "kind"),
    [
        ("cogvideox-3", ("a.png", PNG, "image/png"), "png"),
        ("cogvideox-3", ("a", JPEG, "application/octet-stream"), "jpeg"),
        ("viduq1-image", ("a.webp", WEBP), "webp"),
        ("cogvideox-9-new", ("a.webp", WEBP), "webp"),
    ],
)
def test_a_file_is_sent_as_a_data_url(side, wire, model, file, kind):
    wire.reply(BEGUN)
    got = create(side, model=model, input_reference=file)
    assert wire.last.json["image_url"] == f"data:image/{kind};base64,{base64.b64encode(file[1]).decode()}"
    assert "input_reference" not in wire.last.json
    assert got.record == "input_reference=translated"


@pytest.mark.parametrize("model", ["vidu2-reference", "viduq1-start-end", "vidu2-start-end"])
def test_models_that_take_several_pictures_get_a_list(side, wire, model):
    wire.reply(BEGUN)
    create(side, model=model, input_reference=("a.png", PNG))
    assert isinstance(wire.last.json["image_url"], list)
    assert len(wire.last.json["image_url"]) == 1


def test_zai_gets_a_list_even_for_cogvideox(side, wire):
    wire.reply(BEGUN)
    create(side, client={"region": "intl"}, input_reference=("a.png", PNG))
    assert wire.last.url.startswith("https://api.z.ai/")
    assert isinstance(wire.last.json["image_url"], list)


@pytest.mark.parametrize(
    "body",
    [
        {"input_reference": {"image_url": "https://example.com/a.png"}},
        {"input_reference": "https://example.com/a.png"},
    ],
)
def test_a_url_is_sent_as_it_is(side, wire, body):
    wire.reply(BEGUN)
    create(side, extra_body=body)
    assert wire.last.json["image_url"] == "https://example.com/a.png"
    assert wire.last.json.keys() == {"prompt", "model", "image_url"}


def test_a_request_in_json_is_read_too(side, wire):
    wire.reply(BEGUN)
    body = {"prompt": "a cat", "input_reference": {"image_url": "data:image/png;base64,AA"}, "seconds": 5}
    side.run(lambda client: client.post("/videos", body=body, cast_to=object))
    assert wire.last.json == {
        "prompt": "a cat",
        "model": "cogvideox-3",
        "image_url": "data:image/png;base64,AA",
        "duration": 5,
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"input_reference": ("a.mp4", b"\0\0\0\x1cftypisom")}, "not from videos"),
        ({"input_reference": ("a.webp", WEBP)}, "png and jpeg, not webp"),
        ({"input_reference": ("a.png", PNG + bytes(5 * 1024 * 1024))}, "at most 5 MB"),
        ({"model": "viduq1-text", "input_reference": ("a.png", PNG)}, "viduq1-image takes a picture"),
        ({"extra_body": {"input_reference": {"file_id": "file-1"}}}, "no ids of files"),
        ({"extra_body": {"input_reference": {"image_url": "ftp://x"}}}, "https URL or a data URL"),
        ({"extra_body": {"input_reference": {"url": "https://x"}}}, "a picture"),
    ],
)
def test_a_reference_that_cannot_be_used_is_refused_before_sending(side, wire, arguments, words):
    with pytest.raises(openai.BadRequestError, match=words) as caught:
        create(side, **arguments)
    assert caught.value.param == "input_reference"
    assert wire.sent == []


def test_a_file_of_another_name_is_refused(side, wire):
    with pytest.raises(openai.BadRequestError, match="Only input_reference"):
        side.run(
            lambda client: client.post(
                "/videos",
                body={"prompt": "x"},
                files={"mask": ("a.png", PNG)},
                cast_to=object,
                options={"headers": {"Content-Type": "multipart/form-data"}},
            )
        )
    assert wire.sent == []


def test_a_reference_beside_zhipus_own_field_gives_way(side, wire):
    wire.reply(BEGUN)
    links = ["https://example.com/1.png", "https://example.com/2.png"]
    got = create(side, input_reference=("a.png", PNG), extra_body={"image_url": links})
    assert wire.last.json["image_url"] == links
    assert got.record == "input_reference=repaired"


def test_zhipus_own_fields_pass_with_their_types(side, wire):
    wire.reply(BEGUN)
    own: dict[str, Any] = {
        "fps": 60,
        "duration": 10,
        "with_audio": True,
        "watermark_enabled": False,
        "quality": "quality",
        "image_url": ["https://example.com/1.png", "https://example.com/2.png"],
        "request_id": "1234567",
        "user_id": "somebody",
    }
    got = create(side, extra_body=own)
    assert wire.last.json == {"prompt": "a cat", "model": "cogvideox-3", **own}
    assert got.record == ""


def test_the_end_user_is_named_as_zhipu_names_it(side, wire):
    wire.reply(BEGUN)
    got = create(side, extra_body={"user": "me"})
    assert wire.last.json["user_id"] == "user-me"
    assert got.record == "user=translated"


def test_a_form_that_cannot_be_read_is_refused():
    call = Call(
        "POST",
        "/videos",
        "",
        {},
        Options("https://open.bigmodel.cn/api/paas/v4/"),
        Ledger(),
        content=b"torn",
        content_type="multipart/form-data; boundary=x",
    )
    with pytest.raises(Refused) as caught:
        next(operation.create(call))
    assert caught.value.answer.status == 400


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda videos: videos.delete(TASK), "deletes no videos"),
        (lambda videos: videos.remix(TASK, prompt="x"), "does not remix"),
        (lambda videos: videos.list(), "keeps no list"),
        (lambda videos: videos.edit(prompt="x", video=("a.mp4", b"x")), "does not edit"),
        (lambda videos: videos.extend(prompt="x", seconds="4", video=("a.mp4", b"x")), "does not extend"),
        (lambda videos: videos.create_character(name="x", video=("a.mp4", b"x")), "vidu2-reference"),
        (lambda videos: videos.get_character("c"), "vidu2-reference"),
    ],
)
def test_what_zhipu_does_not_do_with_videos_is_refused_with_a_reason(side, wire, call, words):
    def work(client: Any) -> Any:
        try:
            made = call(client.videos)
        except AttributeError:
            pytest.skip("this openai has no such method")
        if not hasattr(made, "__aiter__"):
            return made

        async def first() -> Any:
            return [one async for one in made]

        return first()

    with pytest.raises(openai.BadRequestError, match=words) as caught:
        side.run(work)
    assert caught.value.code == "unsupported_operation"
    assert wire.sent == []


def test_aliases_name_models_that_are_known():
    assert all(model_of(alias.model) is not None for alias in VIDEO_ALIASES)
    assert len({row.id for row in VIDEO_MODELS}) == len(VIDEO_MODELS)


def test_every_field_of_openais_is_in_the_table():
    from openai.types import video_create_params

    assert video_create_params.VideoCreateParams.__annotations__.keys() <= {row.name for row in FIELDS}
