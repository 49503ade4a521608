"""Chat completions, what is sent and what the stand-in answers, hold to the official specification."""

from __future__ import annotations

from typing import Any

from openapi_contract import answer_violations, request_violations

CHAT = "/paas/v4/chat/completions"


def test_a_wrong_body_is_found_out() -> None:
    assert request_violations("POST", CHAT, {"model": "glm-5.2"})
    assert request_violations("POST", "/paas/v4/embeddings", {"model": "embedding-3"})


def test_a_plain_chat_call_holds_to_the_specification(side: Any, wire: Any) -> None:
    wire.reply({"choices": [{"index": 0, "finish_reason": "stop", "message": {"content": "Hi"}}]})
    side.create(model="glm-5.2", max_completion_tokens=10, user="somebody", temperature=0.3)
    assert request_violations("POST", CHAT, wire.last.json) == []


def test_the_stand_in_answers_chat_as_specified(zhipu_standin: Any) -> None:
    answer = zhipu_standin.client().chat.completions.with_raw_response.create(
        model="glm-5.2", messages=[{"role": "user", "content": "Hi"}]
    )
    assert answer_violations("POST", CHAT, answer.http_response.json()) == []
