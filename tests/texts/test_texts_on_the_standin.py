"""Embeddings, moderations and completions end to end on the stand-in, and what the stand-in refuses."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import openai
import pytest
from scripts import collect, play_with

from zhipu_openai.standin import StandIn
from zhipu_openai.standin.embeddings import vector

if TYPE_CHECKING:
    from collections.abc import Generator

    from zhipu_openai.standin.harness import ZhipuStandIn

pytestmark = pytest.mark.usefixtures("quietly")

KEY = {"Authorization": "Bearer 0123456789abcdef.secretsecret"}


@pytest.fixture(params=["client", "async_client"])
def client(request: pytest.FixtureRequest, zhipu_standin: ZhipuStandIn) -> Any:
    """Each of the two clients in turn, on the stand-in."""
    return getattr(zhipu_standin, request.param)()


def ask(path: str, body: Any, *, region: Any = "cn", root: str = "/api/paas/v4") -> tuple[int, Any]:
    """Send a request to a stand-in; give the status and the decoded body."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = StandIn(region=region).handle("POST", f"{root}{path}", KEY, content)
    return reply.status, json.loads(reply.read())


def closeness(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


# End to end


def test_a_hundred_texts_are_embedded(client: Any, zhipu_standin: ZhipuStandIn) -> None:
    texts = [f"text {number}" for number in range(100)]

    def script(made: Any) -> Generator[Any, Any, Any]:
        return (yield made.embeddings.create(model="embedding-3", input=texts, dimensions=256))

    made = play_with(client, script)
    assert [entry.index for entry in made.data] == list(range(100))
    for text, entry in zip(texts, made.data, strict=True):
        assert entry.embedding == pytest.approx(vector(text, 256), abs=1e-6)
    assert made.usage.total_tokens == 200
    assert len(zhipu_standin.requests) == 2


@pytest.mark.parametrize(("model", "size"), [("embedding-3", 2048), ("embedding-2", 1024)])
def test_vectors_are_as_long_as_zhipus_by_default(client: Any, model: str, size: int) -> None:
    def script(made: Any) -> Generator[Any, Any, Any]:
        return (yield made.embeddings.create(model=model, input="hello"))

    assert len(play_with(client, script).data[0].embedding) == size


def test_comments_are_moderated(client: Any) -> None:
    def script(made: Any) -> Generator[Any, Any, Any]:
        return (yield made.moderations.create(input=["a flower", "pure violence", "suspicious", "politics"]))

    results = play_with(client, script).results
    assert [result.flagged for result in results] == [False, True, True, True]
    assert results[1].categories.violence is True


def test_a_picture_is_moderated_with_its_caption(client: Any) -> None:
    parts = [
        {"type": "text", "text": "a flower"},
        {"type": "image_url", "image_url": {"url": "https://example.com/violence.png"}},
    ]

    def script(made: Any) -> Generator[Any, Any, Any]:
        return (yield made.moderations.create(model="omni-moderation-latest", input=parts))

    (result,) = play_with(client, script).results
    assert result.categories.violence is True
    assert result.category_applied_input_types.violence == ["text", "image"]


@pytest.mark.parametrize("stream", [False, True])
def test_prompts_are_completed(client: Any, stream: bool) -> None:
    def script(made: Any) -> Generator[Any, Any, Any]:
        answer = yield made.completions.create(
            model="gpt-3.5-turbo-instruct", prompt=["one", "two"], max_tokens=50, echo=True, stream=stream
        )
        return (yield collect(answer)) if stream else [answer]

    texts = {0: "", 1: ""}
    for part in play_with(client, script):
        for choice in part.choices:
            texts[choice.index] += choice.text
    assert texts[0].startswith("one[stand-in]")
    assert texts[1].endswith('You wrote: "two"')


def test_the_clients_of_the_international_site_are_told_that_there_is_no_such_model() -> None:
    from zhipu_openai.standin.harness import ZhipuStandIn

    standin = ZhipuStandIn(StandIn(region="intl"))
    made = standin.client()
    for call in (
        lambda: made.embeddings.create(model="embedding-3", input="hello"),
        lambda: made.moderations.create(input="hello"),
    ):
        with pytest.raises(openai.NotFoundError) as caught:
            call()
        assert caught.value.code == "model_not_found"
    standin.close()


# The stand-in by itself


def test_vectors_have_the_length_1_and_are_the_same_every_time() -> None:
    for text in ("hello", "你好，世界", "", "a " * 100):
        made = vector(text, 64)
        assert made == vector(text, 64)
        assert math.hypot(*made) == pytest.approx(1.0 if text else 0.0, abs=1e-6)


def test_a_shorter_vector_points_where_the_longer_one_begins() -> None:
    longer, shorter = vector("hello world", 256), vector("hello world", 64)
    length = math.hypot(*longer[:64])
    assert [number / length for number in longer[:64]] == pytest.approx(shorter, abs=1e-6)


def test_texts_that_share_words_are_near_each_other() -> None:
    question, near, far = (vector(text, 512) for text in ("the red train", "a red train", "green tea"))
    assert closeness(question, near) > 0.3 > abs(closeness(question, far)) + 0.1


@pytest.mark.parametrize("root", ["/api/paas/v4", "/api/coding/paas/v4"])
def test_answers_say_that_they_come_from_the_stand_in(root: str) -> None:
    for path, body in (
        ("/embeddings", {"model": "embedding-3", "input": "hello"}),
        ("/moderations", {"model": "moderation", "input": "hello"}),
    ):
        status, answer = ask(path, body, root=root)
        assert status == 200
        assert answer["standin"].startswith("[stand-in]")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"no json", "1210"),
        ([], "1210"),
        ({"input": "a"}, "1213"),
        ({"model": "embedding-3"}, "1213"),
        ({"model": "embedding-9", "input": "a"}, "1211"),
        ({"model": "embedding-3", "input": ""}, "1214"),
        ({"model": "embedding-3", "input": []}, "1214"),
        ({"model": "embedding-3", "input": ["a", ""]}, "1214"),
        ({"model": "embedding-3", "input": [[1, 2]]}, "1214"),
        ({"model": "embedding-3", "input": 3}, "1214"),
        ({"model": "embedding-3", "input": ["a"] * 65}, "1214"),
        ({"model": "embedding-3", "input": "a " * 3073}, "1214"),
        ({"model": "embedding-2", "input": ["a " * 500] * 17}, "1214"),
        ({"model": "embedding-3", "input": "a", "dimensions": 4096}, "1214"),
        ({"model": "embedding-3", "input": "a", "dimensions": "256"}, "1214"),
        ({"model": "embedding-2", "input": "a", "dimensions": 256}, "1214"),
    ],
)
def test_embeddings_that_zhipu_would_not_make_are_refused(body: Any, code: str) -> None:
    status, answer = ask("/embeddings", body)
    assert status == 400
    assert answer["error"]["code"] == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"no json", "1210"),
        ({"input": "a"}, "1213"),
        ({"model": "moderation"}, "1213"),
        ({"model": "omni-moderation-latest", "input": "a"}, "1211"),
        ({"model": "moderation", "input": ""}, "1214"),
        ({"model": "moderation", "input": "a" * 2001}, "1214"),
        ({"model": "moderation", "input": ["a"]}, "1214"),
        ({"model": "moderation", "input": {"type": "file"}}, "1214"),
        ({"model": "moderation", "input": [{"type": "text"}]}, "1214"),
        ({"model": "moderation", "input": [{"type": "image_url", "image_url": "https://x/a"}]}, "1214"),
        ({"model": "moderation", "input": [{"type": "image_url", "image_url": {"url": "data:,"}}]}, "1214"),
        ({"model": "moderation", "input": "a", "user_id": "short"}, "1214"),
    ],
)
def test_contents_that_zhipu_would_not_judge_are_refused(body: Any, code: str) -> None:
    status, answer = ask("/moderations", body)
    assert status == 400
    assert answer["error"]["code"] == code
