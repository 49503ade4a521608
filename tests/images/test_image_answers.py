"""``client.images.generate``: what comes back, as links, as bytes, as events, from one request or several."""

from __future__ import annotations

import base64
from typing import Any

import openai
import pytest
from conftest import KEY, httpx
from image_helpers import ANSWER, CREATED, JPEG, LINK, PNG, generate, open_studio, stream

from zhipu_openai import error_details
from zhipu_openai.translate.images import operation

pytestmark = pytest.mark.usefixtures("quietly")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operation, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(operation, "SECOND_TRIES", (0.0, 0.0))


def look(status: str, **more: Any) -> dict[str, Any]:
    return {"model": "glm-image", "request_id": "r", "task_status": status, **more}


def done(number: int) -> dict[str, Any]:
    return look("SUCCESS", image_result=[{"url": f"https://files.example/job{number}.png"}])


class TestLinks:
    """Pictures as Zhipu gives them."""

    def test_the_answer_is_openais_object(self, side, wire):
        wire.reply(ANSWER)
        images = generate(side, size="1728x960").images
        assert images.created == CREATED
        assert [(image.url, image.b64_json, image.revised_prompt) for image in images.data] == [
            (LINK, None, None)
        ]
        assert images.usage is None
        assert images.size == "1728x960"
        assert images.content_filter == ANSWER["content_filter"]
        assert len(wire.sent) == 1

    def test_the_request_id_is_zhipus(self, side, wire):
        wire.reply(ANSWER)
        assert generate(side).images._request_id == "20260529043320logloglog00"

    def test_an_answer_without_a_time_takes_that_of_the_reply(self, side, wire):
        wire.reply({"data": ANSWER["data"]}, headers={"date": "Tue, 24 Nov 2026 10:00:00 GMT"})
        assert generate(side).images.created == 1795514400

    @pytest.mark.parametrize(
        "body",
        [
            {"created": 1},
            {"created": 1, "data": []},
            {"created": 1, "data": None},
            {"created": 1, "data": [{}]},
            {"created": 1, "data": [{"url": ""}]},
            {"created": 1, "data": [{"url": "ftp://x/y"}]},
            {"created": 1, "data": [{"url": LINK}, {"url": None}]},
            {"created": 1, "data": ["x"]},
            [],
            "picture",
        ],
    )
    def test_an_answer_without_a_usable_link_is_an_error(self, side, wire, body):
        wire.reply(body)
        with pytest.raises(openai.InternalServerError) as caught:
            generate(side)
        assert (caught.value.status_code, caught.value.code) == (502, "invalid_upstream_answer")
        assert len(wire.sent) == 1

    def test_what_is_no_json_is_an_error(self, side, wire):
        wire.reply(b"", headers={"content-type": "application/json"})
        with pytest.raises(openai.InternalServerError):
            generate(side)

    def test_a_blocked_prompt_is_a_content_filter_error(self, side, wire):
        wire.reply(
            {"contentFilter": [{"level": 1, "role": "user"}], "error": {"code": "1301", "message": "不安全"}},
            status=400,
        )
        with pytest.raises(openai.BadRequestError) as caught:
            generate(side)
        assert caught.value.code == "content_filter"
        assert error_details(caught.value).content_filter == [{"level": 1, "role": "user"}]
        assert len(wire.sent) == 1

    def test_a_filter_instead_of_a_picture_is_a_content_filter_error(self, side, wire):
        wire.reply({"created": 1, "data": [], "content_filter": [{"role": "assistant", "level": 0}]})
        with pytest.raises(openai.BadRequestError) as caught:
            generate(side)
        assert caught.value.code == "content_filter"
        assert error_details(caught.value).content_filter == [{"role": "assistant", "level": 0}]

    def test_a_failure_inside_a_success_is_tried_again(self, side, wire, waits):
        wire.reply({"error": {"code": "1305", "message": "busy"}})
        wire.reply(ANSWER)
        assert generate(side).images.data[0].url == LINK
        assert len(waits) == 1


class TestBytes:
    """Pictures that are read for the caller."""

    @pytest.mark.parametrize(
        ("model", "response_format", "bytes_wanted"),
        [
            ("gpt-image-1", None, True),
            ("gpt-image-1-mini", None, True),
            ("chatgpt-image-latest", None, True),
            ("gpt-image-1", "url", False),
            ("dall-e-3", None, False),
            ("dall-e-3", "b64_json", True),
            ("glm-image", None, False),
            ("glm-image", "b64_json", True),
        ],
    )
    def test_a_caller_gets_what_the_name_gives_at_openai_unless_told(
        self, side, wire, model, response_format, bytes_wanted
    ):
        studio = open_studio(wire, PNG)
        asked = {} if response_format is None else {"response_format": response_format}
        (image,) = generate(side, model=model, **asked).images.data
        assert "response_format" not in studio.made[0].json
        if bytes_wanted:
            assert base64.b64decode(image.b64_json) == PNG
            assert image.url is None
        else:
            assert image.url == "https://files.example/1.png"
            assert studio.read == []

    def test_the_link_is_read_without_the_key(self, side, wire):
        studio = open_studio(wire, PNG)
        generate(side, response_format="b64_json")
        (read,) = studio.read
        assert KEY not in str(read.headers)
        assert "authorization" not in read.headers

    @pytest.mark.parametrize(("file", "name"), [(PNG, "png"), (JPEG, "jpeg"), (b"RIFF1234WEBPVP8 ", "webp")])
    def test_the_answer_says_which_format_came(self, side, wire, file, name):
        open_studio(wire, file)
        images = generate(side, model="gpt-image-1", output_format="jpeg").images
        assert images.output_format == name
        assert base64.b64decode(images.data[0].b64_json) == file

    def test_a_client_that_was_told_otherwise_about_a_name_still_gets_bytes(self, side, wire):
        open_studio(wire, PNG)
        images = generate(
            side, client={"model_aliases": {"gpt-image-1": "cogview-4"}}, model="gpt-image-1"
        ).images
        assert images.data[0].b64_json is not None

    def test_a_link_that_fails_once_is_read_again_and_the_picture_is_not_made_again(self, side, wire):
        studio = open_studio(wire, 503, b"<html>not yet</html>", PNG)
        images = generate(side, response_format="b64_json").images
        assert base64.b64decode(images.data[0].b64_json) == PNG
        assert (len(studio.made), len(studio.read)) == (1, 3)

    @pytest.mark.parametrize("file", [403, 500, b"", b"<html>gone</html>", b'{"error":{"code":"1"}}'])
    def test_a_link_that_gives_no_picture_is_an_error_and_nothing_is_paid_twice(
        self, side, wire, waits, file
    ):
        studio = open_studio(wire, file)
        with pytest.raises(openai.InternalServerError, match="response_format='url'") as caught:
            generate(side, response_format="b64_json")
        assert caught.value.code == "invalid_upstream_answer"
        assert "files.example" not in str(caught.value)
        assert (len(studio.made), len(studio.read)) == (1, 3)
        assert waits == []

    def test_a_retry_after_a_broken_connection_reads_the_same_picture(self, side, wire, waits):
        studio = open_studio(wire, httpx.ConnectError("gone"), PNG)
        images = generate(side, response_format="b64_json").images
        assert base64.b64decode(images.data[0].b64_json) == PNG
        assert (len(studio.made), len(studio.read)) == (1, 2)
        assert len(waits) == 1

    def test_a_retry_takes_what_broke_off_once_and_nothing_of_another_call(self, side, wire, waits):
        studio = open_studio(wire, httpx.ConnectError("gone"), httpx.ConnectError("gone"), PNG)
        generate(side, response_format="b64_json", n=2)
        assert (len(studio.made), len(waits)) == (2, 1)

    def test_a_retry_for_another_reason_makes_a_picture_of_its_own(self, side, wire, waits):
        failing = iter([{"error": {"code": "1302", "message": "busy"}}])

        def answer(request: Any) -> Any:
            if request.url.host == "files.example":
                return httpx.Response(200, content=PNG)
            return httpx.Response(
                200, json=next(failing, ANSWER | {"data": [{"url": "https://files.example/1"}]})
            )

        wire.reply_with(answer)
        assert generate(side, response_format="b64_json").images.data
        assert len(waits) == 1

    def test_a_call_that_broke_off_leaves_nothing_to_the_next(self, side, wire):
        studio = open_studio(wire, httpx.ConnectError("gone"), PNG)

        def twice(client: Any) -> Any:
            asked = {"model": "gpt-image-1", "prompt": "a cat"}
            hasty = client.with_options(max_retries=0)
            if side.name == "sync":
                with pytest.raises(openai.APIConnectionError):
                    hasty.images.generate(**asked)
                return client.images.generate(**asked)

            async def main() -> Any:
                with pytest.raises(openai.APIConnectionError):
                    await hasty.images.generate(**asked)
                return await client.images.generate(**asked)

            return main()

        side.run(twice)
        assert len(studio.made) == 2

    def test_the_next_request_makes_a_picture_of_its_own(self, side, wire):
        studio = open_studio(wire, PNG)

        def twice(client: Any) -> Any:
            asked = {"model": "gpt-image-1", "prompt": "a cat"}
            if side.name == "sync":
                client.images.generate(**asked)
                return client.images.generate(**asked)

            async def main() -> Any:
                await client.images.generate(**asked)
                return await client.images.generate(**asked)

            return main()

        side.run(twice)
        assert len(studio.made) == 2


class TestSeveral:
    """``n``, which Zhipu does not have."""

    def test_several_pictures_are_made_side_by_side_and_merged(self, side, wire):
        studio = open_studio(wire, PNG)
        got = generate(side, n=3)
        assert len(studio.made) == 3
        assert all(sent.json == {"model": "glm-image", "prompt": "a cat"} for sent in studio.made)
        assert {image.url for image in got.images.data} == {
            f"https://files.example/{n}.png" for n in (1, 2, 3)
        }
        assert got.images.content_filter == ANSWER["content_filter"] * 3
        assert got.record == "n=translated"

    def test_the_bytes_of_several_come_in_the_order_of_their_links(self, side, wire):
        def answer(request: Any) -> Any:
            if request.url.host == "files.example":
                return httpx.Response(200, content=PNG + request.url.path.encode())
            number = len([sent for sent in wire.sent if sent.method == "POST"])
            return httpx.Response(
                200, json={"created": 1, "data": [{"url": f"https://files.example/{number}"}]}
            )

        wire.reply_with(answer)
        images = generate(side, n=2, response_format="b64_json").images
        ends = {base64.b64decode(image.b64_json)[len(PNG) :] for image in images.data}
        assert ends == {b"/1", b"/2"}

    def test_one_failure_fails_all(self, side, wire):
        wire.reply(ANSWER)
        wire.reply({"error": {"code": "1301", "message": "x"}}, status=400)
        with pytest.raises(openai.BadRequestError) as caught:
            generate(side, n=2)
        assert caught.value.code == "content_filter"


class TestEvents:
    """``stream=True``, which Zhipu does not have either."""

    def test_a_finished_picture_comes_as_openais_event(self, side, wire):
        studio = open_studio(wire, PNG)
        (event,) = stream(side, size="1024x1024", quality="low", partial_images=2)
        assert event.type == "image_generation.completed"
        assert base64.b64decode(event.b64_json) == PNG
        assert event.created_at == CREATED + 1
        assert (event.size, event.quality, event.output_format) == ("1024x1024", "low", "png")
        assert (event.background, event.usage) == ("opaque", None)
        assert studio.made[0].json == {"model": "glm-image", "prompt": "a cat", "size": "1024x1024"}

    def test_what_was_left_open_is_said_in_openais_words(self, side, wire):
        open_studio(wire, PNG)
        (event,) = stream(side, model="dall-e-3", quality="hd")
        assert (event.size, event.quality) == ("1024x1024", "high")
        (event,) = stream(side, model="cogview-9-next")
        assert (event.size, event.quality) == ("auto", "auto")

    def test_each_of_several_has_an_event(self, side, wire):
        open_studio(wire, PNG)
        assert [event.type for event in stream(side, n=2)] == ["image_generation.completed"] * 2

    def test_an_error_has_its_status_before_the_stream_begins(self, side, wire):
        wire.reply({"error": {"code": "1301", "message": "x"}}, status=400)
        with pytest.raises(openai.BadRequestError):
            stream(side)

    def test_stream_false_is_no_stream(self, side, wire):
        wire.reply(ANSWER)
        generate(side, stream=False)
        assert "stream" not in wire.last.json


class TestJobs:
    """``async`` in extra_body: made as a job of Zhipu's."""

    def test_a_job_is_begun_and_waited_for(self, side, wire):
        studio = open_studio(wire, PNG, looks=(look("PROCESSING"), done(1)))
        got = generate(side, extra_body={"async": True}, size="1280x1280")
        (begun,) = studio.made
        assert begun.url == "https://open.bigmodel.cn/api/paas/v4/async/images/generations"
        assert begun.json == {"model": "glm-image", "prompt": "a cat", "size": "1280x1280"}
        assert {sent.url for sent in studio.asked} == {
            "https://open.bigmodel.cn/api/paas/v4/async-result/task1"
        }
        assert len(studio.asked) == 2
        assert got.images.data[0].url == "https://files.example/job1.png"
        assert got.images.created == 1795514400
        assert got.record == "async=translated"

    def test_several_jobs_are_waited_for_together(self, side, wire):
        looks = (look("PROCESSING"), done(1), done(2))
        studio = open_studio(wire, PNG, looks=looks)
        images = generate(side, n=2, model="gpt-image-1", extra_body={"async": True}).images
        assert len(images.data) == 2
        assert all(image.b64_json for image in images.data)
        assert (len(studio.made), len(studio.asked)) == (2, 3)

    def test_a_job_that_fails_is_an_error(self, side, wire, waits):
        open_studio(wire, PNG, looks=(look("FAIL"),))
        with pytest.raises(openai.BadRequestError, match="does not say why"):
            generate(side, extra_body={"async": True})
        assert waits == []

    def test_a_job_that_was_blocked_is_a_content_filter_error(self, side, wire):
        open_studio(wire, PNG, looks=(look("FAIL", error={"code": "1301", "message": "x"}),))
        with pytest.raises(openai.BadRequestError) as caught:
            generate(side, extra_body={"async": True})
        assert caught.value.code == "content_filter"

    @pytest.mark.parametrize("answer", [look("LOST"), {"model": "glm-image"}, look("SUCCESS")])
    def test_an_answer_about_a_job_that_says_nothing_is_an_error(self, side, wire, answer):
        open_studio(wire, PNG, looks=(answer,))
        with pytest.raises(openai.InternalServerError) as caught:
            generate(side, extra_body={"async": True})
        assert caught.value.code == "invalid_upstream_answer"

    def test_a_busy_moment_while_waiting_is_waited_out(self, side, wire, waits):
        busy = {"error": {"code": "1302", "message": "busy"}}
        studio = open_studio(wire, PNG, looks=(busy, done(1)))
        assert generate(side, extra_body={"async": True}).images.data
        assert (len(studio.made), waits) == (1, [])

    def test_a_broken_connection_while_waiting_begins_no_other_job(self, side, wire, waits):
        studio = open_studio(wire, PNG, looks=(httpx.ReadTimeout("slow"), done(1)))
        assert generate(side, extra_body={"async": True}).images.data
        assert (len(studio.made), len(studio.asked), len(waits)) == (1, 2, 1)

    def test_a_failure_while_waiting_begins_no_other_job(self, side, wire, waits):
        studio = open_studio(wire, PNG, looks=({"error": {"code": "1113", "message": "x"}},))
        with pytest.raises(openai.RateLimitError):
            generate(side, extra_body={"async": True})
        assert (len(studio.made), waits) == (1, [])

    def test_a_job_that_does_not_end_is_given_up_and_not_begun_again(self, side, wire, waits, monkeypatch):
        monkeypatch.setattr(operation, "MOST_POLLS", 3)
        studio = open_studio(wire, PNG, looks=(look("PROCESSING"),) * 3)
        with pytest.raises(openai.InternalServerError, match="goes on") as caught:
            generate(side, extra_body={"async": True})
        assert caught.value.status_code == 504
        assert (len(studio.made), len(studio.asked), waits) == (1, 3, [])

    def test_a_job_without_an_id_is_an_error(self, side, wire):
        wire.reply(look("PROCESSING"))
        with pytest.raises(openai.InternalServerError):
            generate(side, extra_body={"async": True})

    def test_false_asks_for_nothing(self, side, wire):
        wire.reply(ANSWER)
        assert generate(side, extra_body={"async": False}).record == ""
        assert wire.last.url.endswith("/v4/images/generations")
