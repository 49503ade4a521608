"""What is sent for embeddings, moderations and completions, and what the stand-in answers, as specified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openapi_contract import answer_violations, request_violations

if TYPE_CHECKING:
    from zhipu_openai.standin.harness import ZhipuStandIn

pytestmark = pytest.mark.usefixtures("quietly")

EMBEDDINGS = "/paas/v4/embeddings"
MODERATIONS = "/paas/v4/moderations"
CHAT = "/paas/v4/chat/completions"


@pytest.mark.parametrize(
    "fields",
    [
        {"input": "hello"},
        {"input": ["hello", "world"], "dimensions": 256},
        {"input": ["hello"] * 100, "model": "embedding-2", "dimensions": 1024},
        {"input": "hello", "model": "text-embedding-3-small", "dimensions": 512, "user": "somebody"},
        {"input": "hello", "model": "text-embedding-ada-002", "encoding_format": "float"},
    ],
)
def test_embeddings_hold_to_the_specification(zhipu_standin: ZhipuStandIn, fields: Any) -> None:
    raw = zhipu_standin.client().embeddings.with_raw_response.create(**{"model": "embedding-3", **fields})
    assert raw.http_response.status_code == 200
    for sent in zhipu_standin.requests:
        assert request_violations("POST", EMBEDDINGS, sent.json) == []
        assert set(sent.json) <= {"model", "input", "dimensions"}
        path = "/api/paas/v4/embeddings"
        assert sent.path == path


def test_the_stand_ins_embeddings_are_as_specified() -> None:
    import json

    from zhipu_openai.standin import StandIn

    key = {"Authorization": "Bearer 0123456789abcdef.secretsecret"}
    for path, specified, body in (
        ("/api/paas/v4/embeddings", EMBEDDINGS, {"model": "embedding-3", "input": ["a", "b"]}),
        ("/api/paas/v4/moderations", MODERATIONS, {"model": "moderation", "input": "涉黄"}),
        (
            "/api/paas/v4/moderations",
            MODERATIONS,
            {"model": "moderation", "input": [{"type": "text", "text": "a"}]},
        ),
    ):
        reply = StandIn().handle("POST", path, key, json.dumps(body).encode())
        assert answer_violations("POST", specified, json.loads(reply.read())) == []


@pytest.mark.parametrize(
    "given",
    [
        "hello",
        ["hello", "world"],
        ["a" * 5000],
        [
            {"type": "text", "text": "hello"},
            {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        ],
        {"type": "video_url", "video_url": {"url": "https://example.com/a.mp4"}},
    ],
)
def test_moderations_hold_to_the_specification(zhipu_standin: ZhipuStandIn, given: Any) -> None:
    zhipu_standin.client().moderations.create(model="omni-moderation-latest", input=given)
    for sent in zhipu_standin.requests:
        assert request_violations("POST", MODERATIONS, sent.json) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": "hello", "n": 2, "best_of": 3, "logprobs": 2, "temperature": 1.5, "user": "somebody"},
        {"prompt": ["hello", "world"], "suffix": "!", "echo": True, "stop": "x"},
        {"prompt": "hello", "model": "davinci-002"},
    ],
)
def test_completions_hold_to_the_specification(zhipu_standin: ZhipuStandIn, fields: Any) -> None:
    zhipu_standin.client().completions.create(
        **{"model": "gpt-3.5-turbo-instruct", "max_tokens": 9, **fields}
    )
    assert zhipu_standin.requests
    for sent in zhipu_standin.requests:
        assert request_violations("POST", CHAT, sent.json) == []
