"""Images and videos, what is sent and what the stand-in answers, hold to the official specification."""

from __future__ import annotations

import json
from typing import Any

import pytest
from image_helpers import ANSWER, generate
from openapi_contract import answer_violations, request_violations

from zhipu_openai.standin import StandIn
from zhipu_openai.translate.videos.models import VIDEO_MODELS

pytestmark = [
    pytest.mark.usefixtures("quietly"),
    pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning"),
]

IMAGES = "/paas/v4/images/generations"
JOBS = "/paas/v4/async/images/generations"
VIDEOS = "/paas/v4/videos/generations"
RESULT = "/paas/v4/async-result/{id}"
KEY = {"Authorization": "Bearer 0123456789abcdef.secretsecret"}


def posted(service: StandIn, path: str, **fields: Any) -> Any:
    reply = service.handle("POST", f"/api{path}", KEY, json.dumps(fields).encode())
    assert reply.status == 200
    return json.loads(reply.read())


@pytest.mark.parametrize("model", ["gpt-image-1", "dall-e-3", "glm-image", "cogview-3-flash"])
def test_a_request_for_pictures_holds_to_the_specification(side, wire, model):
    wire.reply(ANSWER)
    generate(
        side,
        model=model,
        size="1536x864",
        quality="low",
        style="natural",
        background="opaque",
        response_format="url",
        user="me",
    )
    assert request_violations("POST", IMAGES, wire.last.json) == []
    assert wire.last.json.keys() <= {"model", "prompt", "size", "quality", "user_id"}


def test_a_request_for_a_job_holds_to_the_specification(side, wire, monkeypatch):
    from zhipu_openai.translate.images import operation

    monkeypatch.setattr(operation, "POLL_SECONDS", 0.0)
    wire.reply({"id": "t", "task_status": "PROCESSING"})
    wire.reply({"task_status": "SUCCESS", "image_result": ANSWER["data"]})
    generate(side, size="512x512", quality="low", extra_body={"async": True})
    assert request_violations("POST", JOBS, wire.sent[0].json) == []


@pytest.mark.parametrize("row", VIDEO_MODELS, ids=lambda row: row.id)
@pytest.mark.parametrize("size", ["720x1280", "1792x1024"])
def test_a_request_for_a_video_holds_to_the_specification(side, wire, row, size):
    wire.reply({"id": "t", "task_status": "PROCESSING"})
    body: dict[str, Any] = {"model": row.id, "prompt": "a cat", "size": size, "seconds": "8", "user": "me"}
    if row.pictures.most:
        body["input_reference"] = {"image_url": "https://example.com/a.png"}
    side.run(lambda client: client.post("/videos", body=body, cast_to=object))
    assert request_violations("POST", VIDEOS, wire.last.json) == []


def test_the_stand_ins_pictures_hold_to_the_specification():
    service = StandIn()
    asked = {"model": "glm-image", "prompt": "a cat"}
    assert answer_violations("POST", IMAGES, posted(service, IMAGES, **asked)) == []
    begun = posted(service, JOBS, **asked)
    assert answer_violations("POST", JOBS, begun) == []
    results_hold(service, begun["id"])


def test_the_stand_ins_videos_hold_to_the_specification():
    service = StandIn(quirks=["failed_job"])
    for _ in range(2):
        begun = posted(service, VIDEOS, model="cogvideox-3", prompt="a cat")
        assert answer_violations("POST", VIDEOS, begun) == []
        results_hold(service, begun["id"])


def results_hold(service: StandIn, task: str) -> None:
    for _ in range(2):
        reply = service.handle("GET", f"/api/paas/v4/async-result/{task}", KEY, b"")
        assert answer_violations("GET", RESULT, json.loads(reply.read())) == []
