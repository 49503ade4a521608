"""The stand-in's jobs, and the videos that they make."""

from __future__ import annotations

import json
from typing import Any

import pytest
from standin_helpers import KEY, body_of, standin

from zhipu_openai.standin import StandIn, jobs
from zhipu_openai.standin.traffic import Request
from zhipu_openai.translate.videos.models import VIDEO_MODELS

PATH = "/api/paas/v4/videos/generations"
PICTURE = "data:image/png;base64,iVBORw0KGgo="


def film(service: StandIn, **fields: Any) -> Any:
    body = {"model": "cogvideox-3", "prompt": "a cat", **fields}
    body = {name: value for name, value in body.items() if value is not ...}
    return service.handle("POST", PATH, KEY, json.dumps(body).encode())


def look(service: StandIn, task: str) -> Any:
    return body_of(service.handle("GET", f"/api/paas/v4/async-result/{task}", KEY, b""))


def test_a_job_is_worked_on_at_the_first_look_and_has_ended_at_the_second():
    service = standin()
    begun = body_of(film(service, request_id="1234567"))
    assert begun == {
        "id": begun["id"],
        "model": "cogvideox-3",
        "request_id": "1234567",
        "task_status": "PROCESSING",
    }
    common = {"model": "cogvideox-3", "request_id": "1234567"}
    assert look(service, begun["id"]) == {**common, "task_status": "PROCESSING"}
    done = look(service, begun["id"])
    (files,) = done.pop("video_result")
    assert done == {**common, "task_status": "SUCCESS"}
    assert files.keys() == {"url", "cover_image_url"}
    assert look(service, begun["id"])["task_status"] == "SUCCESS"


def test_the_files_of_a_video_can_be_read_without_a_key():
    service = standin()
    task = body_of(film(service, size="1080x1920"))["id"]
    look(service, task)
    (files,) = look(service, task)["video_result"]
    video, cover = (
        service.handle("GET", link.removeprefix("https://standin.invalid"), {}, b"")
        for link in files.values()
    )
    kinds = {dict(reply.headers)["content-type"]: reply.read() for reply in (video, cover)}
    assert kinds["video/mp4"][4:8] == b"ftyp"
    assert b"stand-in" in kinds["video/mp4"]
    assert kinds["image/png"].startswith(b"\x89PNG")


def test_a_job_can_be_made_to_fail():
    service = standin("failed_job")
    failed, fine = (body_of(film(service))["id"] for _ in range(2))
    assert [look(service, failed)["task_status"] for _ in range(2)] == ["PROCESSING", "FAIL"]
    assert [look(service, fine)["task_status"] for _ in range(2)] == ["PROCESSING", "SUCCESS"]


def test_a_job_can_be_made_to_take_longer():
    service = standin("slow_job:2")
    task = body_of(film(service))["id"]
    states = [look(service, task)["task_status"] for _ in range(4)]
    assert states == ["PROCESSING", "PROCESSING", "PROCESSING", "SUCCESS"]


def test_a_job_that_does_not_exist_is_an_error():
    assert look(standin(), "1")["error"]["code"] == "1214"


def test_another_resource_may_begin_jobs_of_its_own():
    service = standin()
    seen: list[Request] = []

    def begin(given: Request) -> Any:
        seen.append(given)
        return jobs.begin(
            service, given, kind="chat", given={"model": "glm-4.6"}, result={"id": "c", "choices": [1]}
        )

    request = Request("POST", "", "", {}, {}, b"", "the-id", service._clock(), "en")
    task = body_of(begin(request))["id"]
    look(service, task)
    assert look(service, task) == {
        "id": "c",
        "choices": [1],
        "model": "glm-4.6",
        "request_id": "the-id",
        "task_status": "SUCCESS",
    }
    with service.shelf("jobs") as kept:
        assert kept[task]["kind"] == "chat"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"model": ...}, "1213"),
        ({"model": "sora-2"}, "1211"),
        ({"prompt": ...}, "1213"),
        ({"prompt": "x" * 513}, "1214"),
        ({"prompt": "a cat [unsafe]"}, "1301"),
        ({"size": "1024x1792"}, "1214"),
        ({"duration": 8}, "1214"),
        ({"duration": "5"}, "1214"),
        ({"fps": 24}, "1214"),
        ({"quality": "hd"}, "1214"),
        ({"with_audio": "yes"}, "1214"),
        ({"request_id": "short"}, "1214"),
        ({"image_url": "cat.png"}, "1214"),
        ({"image_url": [PICTURE] * 3}, "1214"),
        ({"model": "cogvideox-2", "size": "1280x720"}, "1214"),
        ({"model": "viduq1-text", "image_url": PICTURE}, "1214"),
        ({"model": "viduq1-text", "duration": 4}, "1214"),
        ({"model": "viduq1-text", "aspect_ratio": "4:3"}, "1214"),
        ({"model": "viduq1-text", "style": "oil"}, "1214"),
        ({"model": "viduq1-image", "image_url": [PICTURE, PICTURE]}, "1214"),
        ({"model": "vidu2-reference", "image_url": PICTURE}, "1214"),
        ({"model": "vidu2-start-end", "movement_amplitude": "wild"}, "1214"),
    ],
)
def test_what_zhipu_does_not_take_is_refused(fields, code):
    reply = film(standin(), **fields)
    assert (reply.status, body_of(reply)["error"]["code"]) == (400, code)


@pytest.mark.parametrize("row", VIDEO_MODELS, ids=lambda row: row.id)
def test_every_model_takes_what_its_row_lists(row):
    pictures: Any = [PICTURE] * row.pictures.most if row.pictures.most > 1 else PICTURE
    given = {"image_url": pictures} if row.pictures.most else {}
    for size in row.sizes.listed:
        for duration in row.durations or (...,):
            reply = film(standin(), model=row.id, size=size, duration=duration, **given)
            assert reply.status == 200, body_of(reply)


def test_zai_lacks_two_of_the_models():
    service = standin(region="intl")
    assert film(service).status == 200
    assert body_of(film(service, model="cogvideox-flash"))["error"]["code"] == "1211"
