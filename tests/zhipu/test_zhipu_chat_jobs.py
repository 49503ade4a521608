"""``client.zhipu.async_chat``: OpenAI's request and answer, with a job between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import COMPLETION, completion
from openai._resource import AsyncAPIResource, SyncAPIResource
from scripts import play
from standin_side import StandInSide
from zhipu_cases import JOB, MESSAGES

from zhipu_openai.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA: Any = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "schema": {"type": "object", "properties": {"value": {"type": "integer"}}, "required": ["value"]},
    },
}


def begin(side: Any, wire: Any, **given: Any) -> Any:
    """Begin a job and look at it once, with one client."""

    def script(client: Any) -> Iterator[Any]:
        job = yield client.zhipu.async_chat.create(**{"model": "glm-4.6", "messages": MESSAGES, **given})
        return (yield client.zhipu.async_chat.retrieve(job.id))

    wire.reply(JOB)
    return play(side, script, max_retries=0)


def test_models_and_parameters_are_openais(side: Any, wire: Any, quietly: Any) -> None:
    wire.reply(JOB)

    def script(client: Any) -> Iterator[Any]:
        return (
            yield client.zhipu.async_chat.create(
                model="gpt-4o-mini",
                messages=[{"role": "developer", "content": "Be brief."}, *MESSAGES],
                max_completion_tokens=7,
                user="someone",
                extra_body={"request_id": "mine-0001"},
            )
        )

    job = play(side, script)
    assert (job.id, job.task_status, job.completion) == (JOB["id"], "PROCESSING", None)
    sent = wire.last.json
    assert sent["model"] == "glm-4.5-air"
    assert sent["messages"][0] == {"role": "system", "content": "Be brief."}
    assert sent["max_tokens"] == 7
    assert sent["user_id"] == "someone"
    assert sent["request_id"] == "mine-0001"
    assert "n" not in sent
    assert any("gpt-4o-mini" in str(warning.message) for warning in quietly)


def test_the_answer_is_openais(side: Any, wire: Any) -> None:
    wire.reply(JOB)
    wire.reply({**completion(content="Hello.", reasoning_content="Hm."), "task_status": "SUCCESS"})

    def script(client: Any) -> Iterator[Any]:
        job = yield client.zhipu.async_chat.create(model="glm-4.6", messages=MESSAGES)
        return (yield client.zhipu.async_chat.retrieve(job.id))

    job = play(side, script)
    assert job.id == JOB["id"]
    assert type(job.completion).__name__ == "ChatCompletion"
    assert job.completion.object == "chat.completion"
    assert job.completion.choices[0].message.reasoning_content == "Hm."
    assert wire.last.url.endswith(f"/async-result/{JOB['id']}")


def test_an_answer_without_task_status_counts_as_one(side: Any, wire: Any) -> None:
    wire.reply(COMPLETION)

    def script(client: Any) -> Iterator[Any]:
        return (yield client.zhipu.async_chat.retrieve("j1"))

    assert play(side, script).task_status == "SUCCESS"


def test_a_job_that_goes_on_or_has_failed_has_no_completion(side: Any, wire: Any) -> None:
    for state in ("PROCESSING", "FAIL"):
        wire.reply({"model": "glm-4.6", "request_id": "r", "task_status": state})

    def script(client: Any) -> Iterator[Any]:
        first = yield client.zhipu.async_chat.retrieve("j1")
        return first, (yield client.zhipu.async_chat.retrieve("j1"))

    first, second = play(side, script)
    assert (first.task_status, first.completion) == ("PROCESSING", None)
    assert (second.task_status, second.completion) == ("FAIL", None)


def retrieve_after_schema(side: Any, wire: Any, content: str) -> Any:
    wire.reply(JOB)
    wire.reply({**completion(content=content), "task_status": "SUCCESS"})

    def script(client: Any) -> Iterator[Any]:
        job = yield client.zhipu.async_chat.create(model="glm-4.6", messages=MESSAGES, response_format=SCHEMA)
        return (yield client.zhipu.async_chat.retrieve(job.id))

    return play(side, script, max_retries=0)


def test_an_answer_that_fits_its_schema_is_unfenced(side: Any, wire: Any, quietly: Any) -> None:
    job = retrieve_after_schema(side, wire, '```json\n{"value": 1}\n```')
    assert job.completion.choices[0].message.content == '{"value": 1}'
    assert quietly


@pytest.mark.usefixtures("quietly")
def test_an_answer_that_does_not_fit_its_schema_is_an_error(side: Any, wire: Any) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as caught:
        retrieve_after_schema(side, wire, '{"value": "one"}')
    assert caught.value.code == "json_schema_not_followed"


@pytest.mark.usefixtures("quietly")
@pytest.mark.parametrize("given", [{"n": 2}, {"extra_body": {"stream": True}}])
def test_what_a_job_cannot_give_is_refused_before_sending(side: Any, wire: Any, given: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="A job gives"):
        begin(side, wire, **given)
    assert wire.sent == []


def test_stream_is_no_keyword(side: Any, wire: Any) -> None:
    with pytest.raises(TypeError, match="stream"):
        begin(side, wire, stream=True)


@pytest.mark.parametrize("answer", [{}, {"task_status": "PROCESSING"}, {"id": "1", "task_status": "?"}, []])
def test_an_answer_that_is_no_job_is_an_error(side: Any, wire: Any, answer: Any, waits: list[float]) -> None:
    wire.reply(answer)
    with pytest.raises(openai.InternalServerError):
        play(side, lambda client: (yield client.zhipu.async_chat.create(model="m", messages=MESSAGES)))
    assert len(waits) == 2


@pytest.mark.parametrize("answer", [{"model": "m"}, {"task_status": "SUCCESS"}, {"choices": []}, "text"])
def test_an_answer_about_a_job_that_says_nothing_is_an_error(
    side: Any, wire: Any, answer: Any, waits: list[float]
) -> None:
    wire.reply(answer)
    with pytest.raises(openai.InternalServerError):
        play(side, lambda client: (yield client.zhipu.async_chat.retrieve("j1")))
    assert len(waits) == 2


@pytest.mark.parametrize("name", ["sync", "async"])
def test_a_chat_is_begun_and_waited_for_on_the_stand_in(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(_: Any, __: float) -> None: ...

    monkeypatch.setattr(SyncAPIResource, "_sleep", lambda _, __: None)
    monkeypatch.setattr(AsyncAPIResource, "_sleep", sleep)
    service = StandIn()
    service.say("Later.")

    def script(client: Any) -> Iterator[Any]:
        return (
            yield client.zhipu.async_chat.create_and_poll(
                model="glm-4.6", messages=MESSAGES, poll_interval=0.1, max_wait_seconds=9
            )
        )

    job = play(StandInSide(service, name), script)
    assert job.task_status == "SUCCESS"
    assert job.completion.choices[0].message.content == "Later."
    assert [request.method for request in service.requests] == ["POST", "GET", "GET"]


def test_what_a_chat_refuses_a_job_refuses() -> None:
    with pytest.raises(openai.NotFoundError):
        play(
            StandInSide(StandIn(), "sync"),
            lambda client: (yield client.zhipu.async_chat.create(model="no-such", messages=MESSAGES)),
        )
