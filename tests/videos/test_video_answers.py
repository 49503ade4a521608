"""``client.videos``: jobs of Zhipu's as OpenAI's videos, and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import KEY, httpx
from scripts import play
from video_helpers import (
    BEGUN,
    BEGUN_AT,
    COVER,
    DATE,
    DONE,
    TASK,
    VIDEO,
    WORKING,
    create,
    deprecated,
    needs_videos,
)

if TYPE_CHECKING:
    from collections.abc import Generator

pytestmark = [needs_videos, deprecated, pytest.mark.usefixtures("quietly")]

OURS = f"video_{BEGUN_AT}_5_1280x720_{TASK}"
RESULT = f"https://open.bigmodel.cn/api/paas/v4/async-result/{TASK}"


def retrieve(side: Any, video_id: str = OURS) -> Any:
    return side.run(lambda client: client.videos.retrieve(video_id))


def download(side: Any, video_id: str = OURS, **arguments: Any) -> Any:
    return side.run(lambda client: client.videos.download_content(video_id, **arguments))


def test_a_video_that_is_begun_has_all_that_openais_has(side, wire):
    wire.reply(BEGUN, headers=DATE)
    video = create(side, model="sora-2", seconds="4", size="1280x720").video
    assert video.id == OURS
    assert (video.object, video.status, video.progress) == ("video", "queued", 0)
    assert (video.created_at, video.completed_at, video.expires_at) == (BEGUN_AT, None, None)
    assert (video.model, video.prompt) == ("cogvideox-3", "a cat")
    assert (video.seconds, video.size) == ("5", "1280x720")
    assert (video.error, video.remixed_from_video_id) == (None, None)
    assert (video.task_id, video.request_id) == (TASK, "8868902201637896191")


@pytest.mark.parametrize(
    ("arguments", "seconds", "size"),
    [
        ({}, "5", "auto"),
        ({"model": "cogvideox-2"}, "auto", "auto"),
        ({"model": "vidu2-image"}, "4", "1280x720"),
        ({"model": "viduq1-text"}, "5", "1920x1080"),
        ({"model": "viduq1-text", "size": "720x1280"}, "5", "auto"),
        ({"model": "cogvideox-9-new"}, "auto", "auto"),
    ],
)
def test_what_is_left_to_the_model_is_said_as_far_as_it_is_known(side, wire, arguments, seconds, size):
    wire.reply(BEGUN)
    video = create(side, **arguments).video
    assert (video.seconds, video.size) == (seconds, size)


@pytest.mark.parametrize(
    "body",
    [{**BEGUN, "id": None}, {**BEGUN, "id": " "}, {**BEGUN, "task_status": "LOST"}, WORKING, {"id": "x"}, []],
)
def test_an_answer_that_begins_nothing_is_an_error(side, wire, body, waits):
    wire.reply(body)
    with pytest.raises(openai.InternalServerError) as caught:
        create(side)
    assert caught.value.code == "invalid_upstream_answer"
    assert waits == []


def test_a_blocked_prompt_is_a_content_filter_error(side, wire):
    wire.reply({"error": {"code": "1301", "message": "x"}}, status=400)
    with pytest.raises(openai.BadRequestError) as caught:
        create(side)
    assert caught.value.code == "content_filter"


@pytest.mark.parametrize(
    ("body", "status", "progress"),
    [
        (WORKING, "in_progress", 0),
        (DONE, "completed", 100),
        ({**WORKING, "task_status": "FAIL"}, "failed", 0),
    ],
)
def test_a_video_is_asked_about_by_its_id_alone(side, wire, body, status, progress):
    wire.reply(body)
    video = retrieve(side)
    assert (wire.last.method, wire.last.url) == ("GET", RESULT)
    assert (video.id, video.status, video.progress) == (OURS, status, progress)
    assert (video.created_at, video.seconds, video.size) == (BEGUN_AT, "5", "1280x720")
    assert video.model == "cogvideox-3"
    assert (video.error is not None) == (status == "failed")


def test_zhipus_own_id_is_taken_and_given_back(side, wire):
    wire.reply(DONE)
    video = retrieve(side, TASK)
    assert wire.last.url == RESULT
    assert (video.id, video.task_id, video.status) == (TASK, TASK, "completed")
    assert (video.created_at, video.seconds, video.size) == (0, "auto", "auto")


def test_the_links_of_a_finished_video_are_there(side, wire):
    wire.reply(DONE)
    assert retrieve(side).video_result == DONE["video_result"]


def test_an_id_cannot_lead_elsewhere(side, wire):
    wire.reply(WORKING)
    # Older releases of openai put an id into the path as it is; newer ones quote it, as is done here.
    side.run(lambda client: client.get("/videos/a%2Fb%3Fc=1%23d", cast_to=object))
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/async-result/a%2Fb%3Fc%3D1%23d"
    with pytest.raises(openai.NotFoundError):
        retrieve(side, "video_1_5_auto_..")
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({}, "video_generation_failed", "does not say why"),
        ({"message": "out of paint"}, "video_generation_failed", "out of paint"),
        ({"error": {"code": "1301", "message": "不安全"}}, "content_filter", "不安全"),
        ({"error": {"message": "lost"}}, "video_generation_failed", "lost"),
    ],
)
def test_a_failed_video_says_why_as_far_as_zhipu_does(side, wire, more, code, words):
    wire.reply({**WORKING, "task_status": "FAIL", **more})
    video = retrieve(side)
    assert video.status == "failed"
    assert video.error.code == code
    assert words in video.error.message
    with pytest.raises(openai.BadRequestError, match="was not made") as caught:
        download(side)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "body",
    [
        {**WORKING, "task_status": "SUCCESS"},
        {**DONE, "video_result": []},
        {**DONE, "video_result": [{"url": ""}]},
        {**DONE, "task_status": "LOST"},
        {"model": "cogvideox-3"},
        [],
    ],
)
def test_a_hollow_answer_about_a_video_is_an_error(side, wire, body):
    wire.reply(body)
    with pytest.raises(openai.InternalServerError) as caught:
        retrieve(side)
    assert caught.value.code == "invalid_upstream_answer"


def test_an_error_about_a_video_is_the_callers(side, wire):
    wire.reply({"error": {"code": "1000", "message": "身份验证失败"}}, status=401)
    for work in (retrieve, download):
        with pytest.raises(openai.AuthenticationError):
            work(side)


def test_a_video_is_created_and_polled_to_its_end(side, wire):
    for body in (BEGUN, WORKING, WORKING, DONE):
        wire.reply(body, headers=DATE)
    video = side.run(
        lambda client: client.videos.create_and_poll(prompt="a cat", model="sora-2", poll_interval_ms=1)
    )
    assert (video.status, video.id) == ("completed", f"video_{BEGUN_AT}_5_auto_{TASK}")
    assert [sent.url for sent in wire.sent[1:]] == [RESULT] * 3
    assert all("x-stainless-poll-helper" not in sent.headers for sent in wire.sent)


def test_poll_ends_with_a_video_that_failed(side, wire):
    wire.reply(WORKING)
    wire.reply({**WORKING, "task_status": "FAIL"})
    video = side.run(lambda client: client.videos.poll(OURS, poll_interval_ms=1))
    assert video.status == "failed"


@pytest.mark.parametrize(
    ("variant", "link"), [({}, VIDEO), ({"variant": "video"}, VIDEO), ({"variant": "thumbnail"}, COVER)]
)
def test_a_file_is_read_from_its_link_without_the_key(side, wire, variant, link):
    wire.reply(DONE)
    wire.reply_with(
        lambda _: httpx.Response(200, headers={"content-type": "video/mp4"}, content=b"\0bytes\xff")
    )
    content = download(side, **variant)
    assert content.read() == b"\0bytes\xff"
    assert content.response.headers["content-type"] == "video/mp4"
    asked, read = wire.sent
    assert asked.url == RESULT
    assert read.url == link
    assert KEY not in str(read.headers)


def test_a_file_is_streamed_to_disk(side, wire, tmp_path):
    wire.reply(DONE)
    wire.reply_with(lambda _: httpx.Response(200, content=b"x" * 100_000))

    def script(client: Any) -> Generator[Any, Any, Any]:
        content = yield client.videos.download_content(OURS)
        content.write_to_file(tmp_path / "a.mp4")

    play(side, script)
    assert (tmp_path / "a.mp4").read_bytes() == b"x" * 100_000


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (WORKING, 400, "video_not_ready"),
        ({**DONE, "video_result": []}, 502, "invalid_upstream_answer"),
        ({**DONE, "video_result": [{"url": "javascript:1"}]}, 502, "invalid_upstream_answer"),
    ],
)
def test_a_file_that_is_not_there_is_an_error(side, wire, body, status, code, waits):
    wire.reply(body)
    with pytest.raises(openai.APIStatusError) as caught:
        download(side)
    assert (caught.value.status_code, caught.value.code) == (status, code)
    assert waits == []
    assert len(wire.sent) == 1


def test_a_video_without_a_cover_has_no_thumbnail(side, wire):
    wire.reply({**DONE, "video_result": [{"url": VIDEO}]})
    with pytest.raises(openai.InternalServerError, match="thumbnail"):
        download(side, variant="thumbnail")


@pytest.mark.parametrize("variant", ["spritesheet", "poster"])
def test_a_variant_that_zhipu_does_not_make_is_refused_before_asking(side, wire, variant):
    with pytest.raises(openai.BadRequestError, match=variant) as caught:
        download(side, variant=variant)
    assert caught.value.param == "variant"
    assert wire.sent == []


def test_a_link_that_has_expired_is_an_error(side, wire):
    wire.reply(DONE)
    wire.reply_with(
        lambda _: httpx.Response(403, headers={"content-type": "application/xml"}, content=b"<E/>")
    )
    with pytest.raises(openai.PermissionDeniedError):
        download(side)
