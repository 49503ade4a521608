"""Whatever is asked of images and videos, and whatever Zhipu answers, ends in an answer or in OpenAI's error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhipu_openai.adaptation import Ledger, Refused
from zhipu_openai.exchange import Call, Fetch, Options, Passage, Pause, Reply, SendAll
from zhipu_openai.standin import drawings
from zhipu_openai.translate.images import fields as image_fields
from zhipu_openai.translate.images import operation as images
from zhipu_openai.translate.videos import fields as video_fields
from zhipu_openai.translate.videos import operation as videos

BASE = "https://open.bigmodel.cn/api/paas/v4/"
few = settings(max_examples=60)
PNG = drawings.png(2, 2, "a")

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["auto", "1024x1024", "7x9", "0x0", "hd", "b64_json", "url", "gpt-image-1", "glm-image"]
    )
)
values = scalars | st.sampled_from(
    [[], [None], ["a"], {}, {"a": [1]}, [{"url": 5}], {"file_id": "f"}, {"image_url": 1}]
)
links = st.sampled_from(["https://x.example/a", "", "ftp://x", None, 7])
answers = st.fixed_dictionaries(
    {},
    optional={
        "id": values,
        "created": values,
        "model": values,
        "task_status": st.sampled_from(["PROCESSING", "SUCCESS", "FAIL", "?", None, 3]),
        "data": st.lists(st.fixed_dictionaries({"url": links}) | values, max_size=2) | values,
        "image_result": st.lists(st.fixed_dictionaries({"url": links}), max_size=2) | values,
        "video_result": st.lists(st.fixed_dictionaries({"url": links, "cover_image_url": links}), max_size=2)
        | values,
        "content_filter": values,
        "error": values,
        "message": values,
    },
)
contents = (answers | values).map(json.dumps).map(str.encode) | st.binary(max_size=20)


def call(body: dict[str, Any], path: str, query: str = "") -> Call:
    return Call("POST", path, query, body, Options(BASE), Ledger("ignore"))


def play(operation: Any, replies: Any) -> Any:
    """Run an operation to its end: each step gets the next of the replies; None stands for a refusal."""

    def one(step: Any) -> Reply:
        content = PNG if isinstance(step, Fetch) else next(replies)
        return Reply(200, {"date": "nonsense"}, content)

    try:
        step = next(operation)
        while True:
            if isinstance(step, Pause):
                step = operation.send(None)
            elif isinstance(step, SendAll):
                step = operation.send([one(each) for each in step.sends])
            else:
                step = operation.send(one(step))
    except StopIteration as end:
        return end.value
    except Refused:
        return None


def bodies(names: set[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(names)) | st.text(max_size=5), values, max_size=6)


@few
@given(bodies({row.name for row in image_fields.FIELDS}), st.lists(contents, min_size=1, max_size=6))
def test_any_request_for_pictures_has_an_answer(body, replies):
    before = json.dumps(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "MOST_POLLS", 2)
        result = play(images.generate(call(body, "/images/generations")), forever(replies))
    assert json.dumps(body) == before
    if result is not None and result.error is None and b"event:" not in result.content:
        answer = json.loads(result.content)
        assert isinstance(answer["created"], int)
        assert answer["data"]
        assert all(item.get("url") or item.get("b64_json") for item in answer["data"])


@few
@given(bodies({row.name for row in video_fields.FIELDS} | {"image_url", "duration"}), contents)
def test_any_request_for_a_video_has_an_answer(body, reply):
    before = json.dumps(body)
    result = play(videos.create(call(body, "/videos")), forever([reply]))
    assert json.dumps(body) == before
    if result is not None:
        is_a_video(json.loads(result.content))


@few
@given(contents)
def test_any_answer_about_a_video_is_a_video_or_an_error(reply):
    result = play(videos.retrieve(call({}, "/videos/video_1_5_auto_t")), forever([reply]))
    if result is not None:
        is_a_video(json.loads(result.content))


@few
@given(contents, st.text(max_size=12) | st.sampled_from(["variant=thumbnail", "variant=video"]))
def test_any_answer_about_a_file_leads_to_a_link_or_an_error(reply, query):
    result = play(videos.download(call({}, "/videos/t/content", query)), forever([reply]))
    if result is not None:
        assert isinstance(result, Passage)
        assert result.send == Fetch("https://x.example/a")


def forever(replies: list[bytes]) -> Any:
    while True:
        yield from replies


def is_a_video(video: dict[str, Any]) -> None:
    assert video["object"] == "video"
    assert video["status"] in {"queued", "in_progress", "completed", "failed"}
    for name, kind in {
        "id": str,
        "model": str,
        "seconds": str,
        "size": str,
        "progress": int,
        "created_at": int,
    }.items():
        assert isinstance(video[name], kind)
    assert (video["error"] is not None) == (video["status"] == "failed")
