"""The stand-in's pictures: what it takes, the links it gives, and the files behind them."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import pytest
from standin_helpers import KEY, NOON, body_of, standin

from zhipu_openai import OpenAI
from zhipu_openai.standin import BackgroundServer, StandIn, drawings

PATH = "/api/paas/v4/images/generations"
ASYNC = "/api/paas/v4/async/images/generations"


def draw(service: StandIn, path: str = PATH, *, headers: Any = None, **fields: Any) -> Any:
    body = {"model": "glm-image", "prompt": "a cat", **fields}
    body = {name: value for name, value in body.items() if value is not ...}
    return service.handle("POST", path, {**KEY, **(headers or {})}, json.dumps(body).encode())


def read(service: StandIn, link: str) -> Any:
    return service.handle("GET", link.partition("://")[2].partition("/")[1] + link.split("/", 3)[3], {}, b"")


def test_an_answer_has_the_form_of_zhipus():
    body = body_of(draw(standin()))
    assert body.keys() == {"created", "data", "content_filter"}
    assert body["created"] == int(NOON.timestamp())
    (item,) = body["data"]
    assert item.keys() == {"url"}


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, (1280, 1280)),
        ({"size": "1728x960"}, (1728, 960)),
        ({"model": "cogview-4"}, (1024, 1024)),
        ({"model": "cogview-3-flash", "size": "512x2048"}, (512, 2048)),
    ],
)
def test_the_picture_behind_a_link_has_the_size_that_was_asked_for(fields, size):
    service = standin()
    reply = read(service, body_of(draw(service, **fields))["data"][0]["url"])
    assert reply.status == 200
    assert dict(reply.headers)["content-type"] == "image/png"
    data = reply.read()
    assert struct.unpack(">II", data[16:24]) == size
    assert drawings.NOTICE in data


def test_a_picture_is_a_whole_png():
    data = drawings.png(70, 33, "seed")
    kinds, place, packed = [], 8, b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        (sum_,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert sum_ == zlib.crc32(kind + content)
        kinds.append(kind)
        packed += content if kind == b"IDAT" else b""
        place += 12 + length
    assert kinds == [b"IHDR", b"PLTE", b"tEXt", b"IDAT", b"IEND"]
    assert len(zlib.decompress(packed)) == 33 * (1 + 9)
    assert drawings.png(70, 33, "seed") == data
    assert drawings.png(70, 33, "other") != data


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"model": "dall-e-3"}, "1211"),
        ({"model": ...}, "1213"),
        ({"prompt": ...}, "1213"),
        ({"prompt": ""}, "1214"),
        ({"prompt": 5}, "1214"),
        ({"prompt": "x" * 1001}, "1214"),
        ({"size": "1000x1000"}, "1214"),
        ({"size": "512x512"}, "1214"),
        ({"size": "auto"}, "1214"),
        ({"size": "1280×1280"}, "1214"),
        ({"model": "cogview-4", "size": "2048x2048"}, "1214"),
        ({"quality": "standard"}, "1214"),
        ({"model": "cogview-4", "quality": "high"}, "1214"),
        ({"user_id": "me"}, "1214"),
        ({"watermark_enabled": "no"}, "1214"),
        ({"prompt": "a cat [unsafe]"}, "1301"),
    ],
)
def test_what_zhipu_does_not_take_is_refused(fields, code):
    for path in (PATH, ASYNC):
        reply = draw(standin(), path, **fields)
        assert (reply.status, body_of(reply)["error"]["code"]) == (400, code)


def test_zai_has_two_of_the_models():
    service = standin(region="intl")
    assert draw(service, model="cogview-4-250304").status == 200
    assert body_of(draw(service, model="cogview-4"))["error"]["code"] == "1211"


def test_a_body_that_is_no_object_is_refused():
    reply = standin().handle("POST", PATH, KEY, b"[]")
    assert body_of(reply)["error"]["code"] == "1210"


def test_a_key_is_needed_to_draw_and_none_to_look():
    service = standin()
    assert service.handle("POST", PATH, {}, b"{}").status == 401
    assert read(service, body_of(draw(service))["data"][0]["url"]).status == 200


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({}, "https://standin.invalid"),
        ({"host": "open.bigmodel.cn"}, "https://standin.invalid"),
        ({"host": "127.0.0.1:8765"}, "http://127.0.0.1:8765"),
        ({"host": "standin.example", "x-forwarded-proto": "https"}, "https://standin.example"),
    ],
)
def test_a_link_leads_to_where_the_stand_in_was_asked_and_never_to_zhipu(headers, origin):
    link = body_of(draw(standin(), headers=headers))["data"][0]["url"]
    assert link.startswith(f"{origin}/standin/files/")


@pytest.mark.parametrize(
    "path", ["/standin/files/x/0x9.png", "/standin/files/x/9x0.png", "/standin/files/x.gif", "/standin/"]
)
def test_a_file_that_was_never_made_is_not_found(path):
    assert standin().handle("GET", path, {}, b"").status == 404


def test_a_job_makes_a_picture_and_is_glm_images_alone():
    service = standin()
    begun = body_of(draw(service, ASYNC, request_id="1234567"))
    assert begun == {
        "id": begun["id"],
        "model": "glm-image",
        "request_id": "1234567",
        "task_status": "PROCESSING",
    }
    path = f"/api/paas/v4/async-result/{begun['id']}"
    looks = [body_of(service.handle("GET", path, KEY, b"")) for _ in range(2)]
    assert [look["task_status"] for look in looks] == ["PROCESSING", "SUCCESS"]
    assert read(service, looks[1]["image_result"][0]["url"]).status == 200
    assert body_of(draw(service, ASYNC, model="cogview-4"))["error"]["code"] == "1212"


def test_a_served_stand_in_gives_links_that_a_client_can_read():
    with BackgroundServer() as server, OpenAI(base_url=server.base_url, api_key="a.b") as client:
        images = client.images.generate(model="cogview-4", prompt="a cat", response_format="b64_json")
        assert images.data[0].b64_json.startswith("iVBORw0KGgo")
        link = client.images.generate(model="cogview-4", prompt="a cat").data[0].url
        assert link.startswith(server.origin)
