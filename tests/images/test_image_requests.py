"""``client.images.generate``: what is sent for what is asked."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from image_helpers import ANSWER, PNG, generate, open_studio

from zhipu_openai import ZhipuAdaptationWarning
from zhipu_openai.translate.images.fields import FIELDS
from zhipu_openai.translate.images.models import IMAGE_ALIASES, IMAGE_MODELS, model_of

pytestmark = pytest.mark.usefixtures("quietly")

BASE = {"model": "glm-image", "prompt": "a cat"}


def test_a_plain_request_goes_out_as_it_is(side, wire):
    wire.reply(ANSWER)
    asked = generate(side, model="cogview-4", prompt="a cat", size="1024x1024", quality="hd")
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/images/generations"
    assert wire.last.method == "POST"
    assert wire.last.json == {"model": "cogview-4", "prompt": "a cat", "size": "1024x1024", "quality": "hd"}
    assert asked.record == ""


@pytest.mark.parametrize(
    ("asked", "sent", "record"),
    [
        ("glm-image", "glm-image", ""),
        ("GLM-Image", "glm-image", ""),
        ("CogView-4-250304", "cogview-4-250304", ""),
        ("openai/gpt-image-1", "glm-image", "model=approximated"),
        ("gpt-image-1", "glm-image", "model=approximated"),
        ("gpt-image-1.5", "glm-image", "model=approximated"),
        ("gpt-image-2.5-sunburst-2026-09-08", "glm-image", "model=approximated"),
        ("chatgpt-image-latest", "glm-image", "model=approximated"),
        ("gpt-image-1-mini", "cogview-4-250304", "model=approximated"),
        ("dall-e-2", "cogview-4-250304", "model=approximated"),
        ("dall-e-3", "cogview-4-250304", "model=approximated"),
        ("cogview-9-Next", "cogview-9-Next", ""),
    ],
)
def test_a_model_is_sent_under_zhipus_name(side, wire, asked, sent, record):
    wire.reply(ANSWER)
    got = generate(side, model=asked, response_format="url")
    assert wire.last.json["model"] == sent
    assert got.record == record


def test_the_clients_own_aliases_win(side, wire):
    wire.reply(ANSWER)
    aliases = {"dall-e-3": "cogview-3-flash", "house": "glm-image"}
    for asked, sent in (("dall-e-3", "cogview-3-flash"), ("house", "glm-image")):
        got = generate(side, client={"model_aliases": aliases}, model=asked)
        assert wire.last.json["model"] == sent
        assert got.record == "model=translated"


def test_a_request_without_a_model_is_served(side, wire):
    studio = open_studio(wire, PNG)
    answer = side.run(lambda client: client.images.generate(prompt="a cat"))
    assert studio.made[0].json["model"] == "cogview-4-250304"
    assert answer.data[0].url is not None
    answer = side.run(lambda client: client.images.generate(prompt="a cat", background="opaque"))
    assert studio.made[1].json == {"model": "glm-image", "prompt": "a cat"}
    assert answer.data[0].b64_json is not None


def test_a_prompt_too_long_for_glm_image_is_refused_before_sending(side, wire):
    with pytest.raises(openai.BadRequestError, match=r"1000 characters.*cogview-4-250304") as caught:
        generate(side, model="glm-image", prompt="x" * 1001)
    assert (caught.value.param, caught.value.code) == ("prompt", "string_above_max_length")
    assert wire.sent == []


def test_a_prompt_of_just_the_length_passes(side, wire):
    wire.reply(ANSWER)
    generate(side, model="glm-image", prompt="猫" * 1000)
    assert wire.last.json["prompt"] == "猫" * 1000


def test_a_long_prompt_to_one_of_openais_names_goes_to_the_model_that_takes_it(side, wire):
    wire.reply(ANSWER)
    generate(side, model="gpt-image-1", prompt="x" * 1001, response_format="url")
    assert wire.last.json["model"] == "cogview-4-250304"


@pytest.mark.parametrize(
    ("model", "asked", "sent"),
    [
        ("glm-image", "1024x1024", None),
        ("glm-image", "1536x1024", None),
        ("glm-image", "1024x1792", None),
        ("glm-image", "1728x960", None),
        ("glm-image", "2048x2048", None),
        ("glm-image", "1056×1568", "1056x1568"),
        ("glm-image", "512x512", "1024x1024"),
        ("glm-image", "256x256", "1024x1024"),
        ("glm-image", "1536x864", "1728x960"),
        ("glm-image", "864x1536", "960x1728"),
        ("glm-image", "3840x2160", "2048x1152"),
        ("glm-image", "1000x1000", "1024x1024"),
        ("cogview-4", "1024x1024", None),
        ("cogview-4", "1792x1024", None),
        ("cogview-4", "1024x1536", None),
        ("cogview-4", "512x512", None),
        ("cogview-4", "256x256", "512x512"),
        ("cogview-4", "2048x2048", "1440x1440"),
        ("cogview-4", "1025x1024", "1024x1024"),
        ("cogview-9-next", "7x7", None),
        ("glm-image", "large", None),
    ],
)
def test_a_size_is_sent_as_the_model_takes_it(side, wire, model, asked, sent):
    wire.reply(ANSWER)
    got = generate(side, model=model, size=asked)
    assert wire.last.json["size"] == (sent or asked)
    changed = sent is not None and "×" not in asked
    assert got.record == ("size=approximated" if changed else "")


def test_every_size_of_openais_becomes_one_that_the_model_takes():
    from zhipu_openai.translate.media.sizes import read_size

    openais = ("1024x1024", "1536x1024", "1024x1536", "256x256", "512x512", "1792x1024", "1024x1792")
    for row in IMAGE_MODELS:
        assert row.sizes.allows(read_size(row.default))
        for text in openais:
            size = read_size(text)
            assert row.sizes.allows(size) or row.sizes.allows(row.sizes.nearest(size))


def test_a_changed_size_warns_once_and_is_refused_under_a_strict_policy(side, wire):
    wire.reply(ANSWER)
    with pytest.warns(ZhipuAdaptationWarning, match="nearest size"):
        generate(side, size="256x256")
    with pytest.raises(openai.BadRequestError, match="`size` cannot be passed"):
        generate(side, client={"on_adaptation": "error"}, size="256x256")
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    ("model", "asked", "sent", "record"),
    [
        ("cogview-4", "auto", None, ""),
        ("cogview-4", "low", "standard", "quality=translated"),
        ("cogview-4", "medium", "standard", "quality=approximated"),
        ("cogview-4", "high", "hd", "quality=translated"),
        ("cogview-4", "max", "hd", "quality=approximated"),
        ("cogview-4", "standard", "standard", ""),
        ("cogview-4", "hd", "hd", ""),
        ("glm-image", "hd", "hd", ""),
        ("glm-image", "high", "hd", "quality=translated"),
        ("glm-image", "standard", None, "quality=approximated"),
        ("glm-image", "low", None, "quality=approximated"),
        ("cogview-9-next", "high", "hd", "quality=translated"),
        ("cogview-9-next", "splendid", "splendid", ""),
    ],
)
def test_a_quality_is_one_of_zhipus_two(side, wire, model, asked, sent, record):
    wire.reply(ANSWER)
    got = generate(side, model=model, quality=asked)
    assert wire.last.json.get("quality") == sent
    assert got.record == record


@pytest.mark.parametrize(
    ("arguments", "sent", "record"),
    [
        ({"user": "somebody"}, {"user_id": "somebody"}, "user=translated"),
        ({"user": "me"}, {"user_id": "user-me"}, "user=translated"),
        ({"user": ""}, {}, ""),
        ({"user": "u" * 200, "extra_body": {"user_id": "own-id"}}, {"user_id": "own-id"}, ""),
        (
            {"extra_body": {"safety_identifier": "s" * 6}},
            {"user_id": "s" * 6},
            "safety_identifier=translated",
        ),
        ({"n": 1}, {}, ""),
        ({"style": "vivid"}, {}, "style=dropped"),
        ({"moderation": "auto"}, {}, ""),
        ({"moderation": "low"}, {}, "moderation=dropped"),
        ({"background": "opaque"}, {}, ""),
        ({"background": "sunny"}, {}, "background=dropped"),
        ({"output_format": "png"}, {}, ""),
        ({"output_format": "webp"}, {}, "output_format=approximated"),
        ({"output_compression": 100}, {}, ""),
        ({"output_compression": 40}, {}, "output_compression=dropped"),
        ({"partial_images": 0}, {}, ""),
        ({"size": "auto"}, {}, ""),
        ({"extra_body": {"complexity": "high"}}, {}, "complexity=dropped"),
        (
            {"extra_body": {"watermark_enabled": False, "new": [1]}},
            {"watermark_enabled": False, "new": [1]},
            "",
        ),
    ],
)
def test_a_field_becomes_what_the_table_says(side, wire, arguments, sent, record):
    wire.reply(ANSWER)
    got = generate(side, **arguments)
    assert wire.last.json == {**BASE, **sent}
    assert got.record == record


@pytest.mark.parametrize(
    ("arguments", "param"),
    [
        ({"background": "transparent"}, "background"),
        ({"output_format": "svg"}, "output_format"),
        ({"output_format": "gif"}, "output_format"),
        ({"n": 0}, "n"),
        ({"n": 11}, "n"),
        ({"n": "two"}, "n"),
        ({"n": True}, "n"),
        ({"response_format": "jpeg"}, "response_format"),
        ({"user": 7}, "user"),
        ({"model": "cogview-4", "extra_body": {"async": True}}, "async"),
    ],
)
def test_what_cannot_be_had_is_refused_before_sending(side, wire, arguments, param):
    with pytest.raises(openai.BadRequestError) as caught:
        generate(side, **arguments)
    assert caught.value.param == param
    assert caught.value.type == "invalid_request_error"
    assert wire.sent == []


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("edit", "describe the whole picture to client.images.generate"),
        ("create_variation", "client.images.generate with n"),
    ],
)
def test_edits_and_variations_are_refused_with_a_way_out(side, wire, method, words):
    arguments = {"edit": {"prompt": "a hat"}, "create_variation": {}}[method]
    with pytest.raises(openai.BadRequestError, match=words) as caught:
        side.run(lambda client: getattr(client.images, method)(image=PNG, **arguments))
    assert caught.value.code == "unsupported_operation"
    assert wire.sent == []


def test_the_callers_objects_are_left_as_they_are(side, wire):
    wire.reply(ANSWER)
    extra: dict[str, Any] = {"user_id": "own-id", "inner": {"a": [1]}}
    generate(side, user="x" * 10, extra_body=extra)
    assert extra == {"user_id": "own-id", "inner": {"a": [1]}}


def test_aliases_name_models_that_are_known():
    for alias in IMAGE_ALIASES:
        assert model_of(alias.model) is not None
        assert alias.long_prompts is None or model_of(alias.long_prompts).longest_prompt is None


def test_every_field_of_openais_is_in_the_table():
    from openai.types import image_generate_params

    known = image_generate_params.ImageGenerateParamsBase.__annotations__.keys() | {"stream"}
    assert known <= {row.name for row in FIELDS}
