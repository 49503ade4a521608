"""OpenAI's batch example, unchanged, on the stand-in; every request and answer as specified."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from openapi_contract import answer_violations, query_violations, request_violations
from scripts import collect, play_with

from zhipu_openai.multipart import Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.standin.harness import ZhipuStandIn

FILES = "/paas/v4/files"
BATCHES = "/paas/v4/batches"

pytestmark = pytest.mark.usefixtures("quietly")


@pytest.fixture(params=["sync", "async"])
def played(request: pytest.FixtureRequest, zhipu_standin: ZhipuStandIn) -> Callable[..., Any]:
    """Run a script with each of the two clients in turn, on the stand-in."""
    make = zhipu_standin.client if request.param == "sync" else zhipu_standin.async_client
    return lambda script, **options: play_with(make(**options), script)


def requests(*custom_ids: str, **body: Any) -> bytes:
    """Write the lines as OpenAI's guide does."""
    given = {
        "model": "gpt-3.5-turbo-0125",
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Hello world!"},
        ],
        "max_tokens": 1000,
        **body,
    }
    lines = (
        {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": given}
        for custom_id in custom_ids
    )
    return "\n".join(json.dumps(one) for one in lines).encode()


def test_openais_batch_example_runs_unchanged(played: Any) -> None:
    def script(client: Any) -> Any:
        input_file = yield client.files.create(
            file=("batchinput.jsonl", requests("request-1", "2")), purpose="batch"
        )
        batch = yield client.batches.create(
            input_file_id=input_file.id,
            endpoint="/v1/chat/completions",
            completion_window="24h",
            metadata={"description": "nightly eval job"},
        )
        assert batch.status == "validating"
        while batch.status != "completed":
            batch = yield client.batches.retrieve(batch.id)
        assert batch.request_counts.to_dict() == {"total": 2, "completed": 2, "failed": 0}
        assert batch.error_file_id is None
        assert batch.completed_at >= batch.created_at
        file_response = yield client.files.content(batch.output_file_id)
        results = [json.loads(one) for one in file_response.text.splitlines()]
        assert [one["custom_id"] for one in results] == ["request-1", "2"]
        for one in results:
            assert one["error"] is None
            assert one["response"]["status_code"] == 200
            assert one["response"]["body"]["object"] == "chat.completion"
            assert "[stand-in]" in one["response"]["body"]["choices"][0]["message"]["content"]
        # OpenAI keeps the input file.
        assert (yield client.files.retrieve(input_file.id)).id == input_file.id

    played(script)


def test_lines_that_fail_are_in_openais_error_file(played: Any) -> None:
    def script(client: Any) -> Any:
        uploaded = yield client.files.create(
            file=requests("1", response_format={"type": "nonsense"}), purpose="batch"
        )
        batch = yield client.batches.create(
            input_file_id=uploaded.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        while batch.status != "completed":
            batch = yield client.batches.retrieve(batch.id)
        assert batch.output_file_id is None
        result = json.loads((yield client.files.content(batch.error_file_id)).text)
        assert (result["custom_id"], result["error"]) == ("1", None)
        assert result["response"]["status_code"] == 400
        assert result["response"]["body"]["error"]["type"] == "invalid_request_error"

    played(script)


def test_a_batch_is_cancelled(played: Any) -> None:
    def script(client: Any) -> Any:
        uploaded = yield client.files.create(file=requests("1"), purpose="batch")
        batch = yield client.batches.create(
            input_file_id=uploaded.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        assert (yield client.batches.cancel(batch.id)).status == "cancelling"
        assert (yield client.batches.retrieve(batch.id)).status == "cancelled"
        with pytest.raises(openai.BadRequestError):
            yield client.batches.cancel(batch.id)
        listed = client.batches.list()
        found = yield collect(listed if hasattr(listed, "__aiter__") else iter(listed))
        assert [one.id for one in found] == [batch.id]

    played(script)


def test_a_model_that_batches_do_not_take_is_zhipus_to_refuse_at_the_upload(played: Any) -> None:
    def script(client: Any) -> Any:
        with pytest.raises(openai.BadRequestError, match="模型名称错误"):
            yield client.files.create(file=requests("1", model="glm-5.2"), purpose="batch")

    played(script)


def test_the_international_site_has_no_batches(zhipu_standin: Any) -> None:
    zhipu_standin.service.region = "intl"
    with pytest.raises(openai.BadRequestError, match="purpose"):
        zhipu_standin.client(region="intl").files.create(file=requests("1"), purpose="batch")


def test_files_are_uploaded_listed_found_and_deleted(played: Any) -> None:
    def script(client: Any) -> Any:
        first = yield client.files.create(file=("a.txt", b"hello"), purpose="assistants")
        second = yield client.files.create(file=("b.csv", b"hello"), purpose="assistants")
        third = yield client.files.create(file=requests("1"), purpose="batch")
        made = [first, second, third]
        listed = client.files.list(limit=2)
        found = yield collect(listed if hasattr(listed, "__aiter__") else iter(listed))
        assert {one.id for one in found} == {one.id for one in made}
        assert [one.purpose for one in made] == ["assistants", "assistants", "batch"]
        assert (yield client.files.wait_for_processing(made[0].id)).status == "processed"
        assert (yield client.files.delete(made[0].id)).deleted is True
        with pytest.raises(openai.NotFoundError):
            yield client.files.retrieve(made[0].id)

    played(script)


def test_what_is_sent_and_answered_holds_to_the_specification(zhipu_standin: Any) -> None:
    client = zhipu_standin.client()
    seen: list[Any] = []
    client._client.boundary.inner.event_hooks = {"response": [seen.append]}
    uploaded = client.files.create(file=requests("1"), purpose="batch")
    batch = client.batches.create(
        input_file_id=uploaded.id,
        endpoint="/v1/chat/completions",
        completion_window="24h",
        metadata={"a": "b"},
    )
    client.batches.cancel(batch.id)
    client.batches.retrieve(batch.id)
    client.batches.list(limit=5)
    client.files.list(purpose="batch", limit=5)
    client.files.delete(uploaded.id)

    form = Form.parse(seen[0].request.content, seen[0].request.headers["content-type"])
    fields = {part.name: part.text for part in form.parts}
    assert request_violations("POST", FILES, fields, kind="multipart/form-data") == []
    assert request_violations("POST", BATCHES, json.loads(seen[1].request.content)) == []
    assert query_violations("GET", BATCHES, dict(seen[4].request.url.params)) == []
    assert query_violations("GET", FILES, dict(seen[5].request.url.params)) == []
    asked = [
        ("POST", FILES),
        ("POST", BATCHES),
        ("POST", f"{BATCHES}/{{batch_id}}/cancel"),
        ("GET", f"{BATCHES}/{{batch_id}}"),
        ("GET", BATCHES),
        ("GET", FILES),
        ("DELETE", f"{FILES}/{{file_id}}"),
    ]
    for (method, path), response in zip(asked, seen, strict=True):
        found = answer_violations(method, path, _as_specified(response.json()))
        assert found == [], (method, path)


def _as_specified(body: dict[str, Any]) -> dict[str, Any]:
    """Leave out where the recorded objects differ from the specification, which knows neither null nor nested counts."""
    if isinstance(body.get("data"), list):
        return {**body, "data": [_as_specified(one) for one in body["data"]]}
    return {name: value for name, value in body.items() if value is not None and name != "request_counts"}
