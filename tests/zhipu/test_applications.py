"""``client.zhipu.assistants`` and ``client.zhipu.applications``: deprecated by Zhipu, served all the same."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from conftest import sse
from openapi_contract import SPECIFICATION, answer_violations, request_violations, specification
from scripts import collect, play, play_with

from zhipu_openai.multipart import Form
from zhipu_openai.zhipu.assistants_types import ASSISTANTS

OPEN = "/llm-application/open"
HOST = "https://open.bigmodel.cn/api"
SEARCH = "659e54b1b8006379b4b2abd6"
DONE = {"code": 200, "message": "请求成功", "timestamp": 1689649504996}
INPUT = [{"role": "user", "content": [{"type": "input", "value": "hello"}]}]


def streamed(side: Any, open_stream: Any) -> Any:
    def script(client: Any) -> Any:
        return (yield collect((yield open_stream(client.zhipu))))

    return play(side, script, max_retries=0)


# Assistants


def test_the_public_assistants_are_those_of_the_specification() -> None:
    operation = specification()["paths"]["/paas/v4/assistant"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = specification()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert [row.assistant_id for row in ASSISTANTS] == schema["properties"]["assistant_id"]["enum"]


EVENTS = [
    {
        "id": "1",
        "created": 1722932937490,
        "choices": [
            {
                "index": 0,
                "delta": {
                    "role": "tool",
                    "tool_calls": [{"index": 0, "type": "web_browser", "web_browser": {"input": "x"}}],
                },
            }
        ],
        "status": "in_process",
        "assistant_id": SEARCH,
        "conversation_id": "c1",
    },
    {
        "id": "1",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}}],
        "status": "in_process",
    },
    {
        "id": "1",
        "choices": [{"index": 0, "finish_reason": "stop", "delta": {"role": "assistant"}}],
        "usage": {"total_tokens": 3},
        "status": "completed",
    },
]


def talk(side: Any, **given: Any) -> Any:
    asked = {"assistant_id": SEARCH, "messages": [{"role": "user", "content": "Hi"}], **given}
    return streamed(side, lambda one: one.assistants.conversation(**asked))


def test_an_assistants_events_are_typed(side: Any, wire: Any) -> None:
    wire.reply(sse(*EVENTS, done=False))
    events = talk(side, extra_parameters={"translate": {"from": "zh", "to": "en"}})
    assert wire.last.url == f"{HOST}/paas/v4/assistant"
    assert wire.last.json == {
        "assistant_id": SEARCH,
        "messages": [{"role": "user", "content": "Hi"}],
        "extra_parameters": {"translate": {"from": "zh", "to": "en"}},
        "model": "glm-4-assistant",
        "stream": True,
    }
    if SPECIFICATION.exists():
        assert request_violations("POST", "/paas/v4/assistant", wire.last.json) == []
    assert events[0].choices[0].delta.tool_calls[0].web_browser == {"input": "x"}
    assert events[0].conversation_id == "c1"
    assert "".join(one.text for one in events) == "Hi"
    assert (events[-1].status, events[-1].usage.total_tokens) == ("completed", 3)


@pytest.mark.parametrize(
    ("last", "error"),
    [
        ({"id": "1", "status": "failed"}, openai.APIError),
        ({"id": "1", "status": "failed", "error": {"code": "1301", "message": "m"}}, openai.BadRequestError),
        (None, openai.APIConnectionError),
    ],
)
def test_an_assistant_that_fails_is_an_error(side: Any, wire: Any, last: Any, error: Any) -> None:
    wire.reply(sse(*EVENTS[:2], *([last] if last else []), done=False))
    with pytest.raises(error):
        talk(side)


# Applications


def test_an_application_is_run_at_once(side: Any, wire: Any) -> None:
    content = {"type": "text", "msg": "Hi"}
    usage = [
        {"model": "m", "nodeName": "LLM", "inputTokenCount": 1},
        {"model": "m", "node_name": "LLM 2", "input_token_count": 2},
    ]
    wire.reply(
        {
            "request_id": "r",
            "conversation_id": "c",
            "choices": [{"index": 0, "finish_reason": "stop", "messages": {"content": content}}],
            "usage": usage,
        }
    )
    found = side.run(
        lambda client: client.zhipu.applications.invoke(app_id="a", messages=INPUT, knowledge_ids=["k"])
    )
    assert wire.last.url == f"{HOST}{OPEN}/v3/application/invoke"
    assert wire.last.json == {"app_id": "a", "messages": INPUT, "knowledge_ids": ["k"], "stream": False}
    assert (found.text, found.conversation_id) == ("Hi", "c")
    assert [(one.node_name, one.input_token_count) for one in found.usage] == [("LLM", 1), ("LLM 2", 2)]


FAILED = {"index": 0, "finish_reason": "error", "error_msg": {"code": 1, "msg": "节点执行失败"}}


def test_an_application_that_fails_at_once_is_an_error_with_its_words(side: Any, wire: Any) -> None:
    wire.reply({"request_id": "r", "choices": [FAILED]})
    with pytest.raises(openai.BadRequestError, match="节点执行失败"):
        side.run(lambda client: client.zhipu.applications.invoke(app_id="a", messages=INPUT))


def delta(text: str) -> dict[str, Any]:
    return {
        "request_id": "r",
        "conversation_id": "c",
        "choices": [{"index": 0, "delta": {"content": {"type": "text", "msg": text}}}],
    }


def run(side: Any) -> Any:
    return streamed(side, lambda one: one.applications.stream(app_id="a", messages=INPUT))


def test_an_application_streams(side: Any, wire: Any) -> None:
    wire.reply(sse(delta("一只"), delta("狗"), {"choices": [{"index": 0, "finish_reason": "stop"}]}))
    assert "".join(one.text for one in run(side)) == "一只狗"
    assert wire.last.json == {"app_id": "a", "messages": INPUT, "stream": True}
    if SPECIFICATION.exists():
        assert request_violations("POST", f"{OPEN}/v3/application/invoke", wire.last.json) == []


@pytest.mark.parametrize(
    ("last", "error", "words"),
    [
        ({"choices": [FAILED]}, openai.APIError, "节点执行失败"),
        ({"code": 400, "message": "bad"}, openai.BadRequestError, "bad"),
        (None, openai.APIConnectionError, "cut off"),
    ],
)
def test_an_application_that_fails_on_the_way_is_an_error(
    side: Any, wire: Any, last: Any, error: Any, words: str
) -> None:
    wire.reply(sse(delta("一只"), *([last] if last else []), done=False))
    with pytest.raises(error, match=words):
        run(side)


OLD = """event:add
id:396FW4Q
data:{"extra_input":{"request_id":"396FW4Q","push_type":"node"}}

event:add
id:396FW4Q
data:{"msg":"当然"}

"""


def old(side: Any) -> Any:
    return streamed(side, lambda one: one.applications.sse_invoke("r/1", force=True))


def test_an_older_application_streams_events_with_names(side: Any, wire: Any) -> None:
    wire.reply((OLD + "event:finish\nid:396FW4Q\ndata:\n\n").encode())
    first, second = old(side)
    assert first.extra_input["push_type"] == "node"
    assert second.msg == "当然"
    assert wire.last.url == f"{HOST}{OPEN}/v2/model-api/r%2F1/sse-invoke"


@pytest.mark.parametrize(
    ("tail", "error"),
    [
        ('event:errorhandle\ndata:{"msg":"参数错误"}\n\n', openai.APIError),
        ("", openai.APIConnectionError),
    ],
)
def test_an_older_application_that_fails_is_an_error(side: Any, wire: Any, tail: str, error: Any) -> None:
    wire.reply((OLD + tail).encode())
    with pytest.raises(error):
        old(side)


CALLS: list[tuple[Any, str, str, dict[str, Any] | None, Any]] = [
    (lambda one: one.variables("a"), "GET", "/v2/application/a/variables", None, [{"id": "1", "name": "n"}]),
    (
        lambda one: one.create_conversation("a"),
        "POST",
        "/v2/application/a/conversation",
        None,
        {"conversation_id": "c"},
    ),
    (
        lambda one: one.file_stat(app_id="a", file_ids=("f",)),
        "POST",
        "/v2/application/file_stat",
        {"app_id": "a", "file_ids": ["f"]},
        [{"file_id": "f", "code": 1, "msg": "m"}],
    ),
    (
        lambda one: one.slice_info(request_id="r", node_id="n"),
        "POST",
        "/v2/application/slice_info",
        {"request_id": "r", "node_id": "n"},
        {"document_slices": [], "has_old_document": False},
    ),
    (
        lambda one: one.suggested_questions("a", "c"),
        "GET",
        "/history_session_record/a/c",
        None,
        {"problems": ["p"]},
    ),
    (
        lambda one: one.generate_request_id(
            app_id="a", key_value_pairs=[{"id": "u", "value": "x"}], force=True
        ),
        "POST",
        "/v2/application/generate_request_id",
        {"app_id": "a", "key_value_pairs": [{"id": "u", "value": "x"}]},
        {"id": "123121"},
    ),
]


@pytest.mark.parametrize(("call", "method", "path", "body", "data"), CALLS)
def test_a_call_is_sent_where_it_belongs_and_answered_with_its_type(
    side: Any, wire: Any, call: Any, method: str, path: str, body: Any, data: Any
) -> None:
    wire.reply({"data": data, **DONE})
    answer = side.run(lambda client: call(client.zhipu.applications))
    assert (wire.last.method, wire.last.url) == (method, f"{HOST}{OPEN}{path}")
    assert (wire.last.json if wire.last.content else None) == body
    assert answer.to_dict()["data"] == data
    wire.reply({"code": 500, "message": "失败"})
    wire._replies.popleft()
    with pytest.raises(openai.InternalServerError):
        side.run(lambda client: call(client.with_options(max_retries=0).zhipu.applications))


def test_a_file_is_given_as_a_form(side: Any, wire: Any) -> None:
    taken = {"success_info": [{"file_id": "f", "file_name": "a.xlsx"}], "fail_info": []}
    wire.reply({"data": taken, **DONE})
    result = side.run(
        lambda client: client.zhipu.applications.upload(
            app_id="a", file=("a.xlsx", b"x"), conversation_id="c", file_type=1
        )
    ).data
    form = Form.parse(wire.last.content, wire.last.headers["content-type"])
    assert form.file("files").filename == "a.xlsx"
    assert (form.get("app_id"), form.get("conversation_id"), form.get("file_type")) == ("a", "c", "1")
    assert result.succeeded[0].file_id == "f"


@pytest.mark.parametrize(
    "call",
    [
        lambda one: one.generate_request_id(app_id="a"),
        lambda one: one.sse_invoke("r"),
        lambda one: one.sse_invoke("r", force=False),
    ],
)
def test_the_older_way_to_run_an_application_is_sent_only_when_forced(
    side: Any, wire: Any, call: Any
) -> None:
    with pytest.raises(openai.BadRequestError, match="force=True") as caught:
        side.run(lambda client: call(client.zhipu.applications))
    assert caught.value.code == "retired"
    assert wire.sent == []


# On the stand-in


@pytest.fixture(params=["sync", "async"])
def client(request: Any, zhipu_standin: Any) -> Any:
    """Each of the two clients in turn, on the stand-in."""
    return zhipu_standin.client() if request.param == "sync" else zhipu_standin.async_client()


def test_assistants_and_applications_live_on_the_standin(client: Any) -> None:
    def script(client: Any) -> Any:
        assistants, applications = client.zhipu.assistants, client.zhipu.applications
        said = yield collect(
            (yield assistants.conversation(assistant_id=SEARCH, messages=[{"role": "user", "content": "Hi"}]))
        )
        listed = yield assistants.list()
        held = yield assistants.conversations(assistant_id=SEARCH)
        whole = yield applications.invoke(app_id="a", messages=INPUT)
        events = yield collect((yield applications.stream(app_id="a", messages=INPUT)))
        prepared = yield applications.generate_request_id(
            app_id="a", key_value_pairs=[{"value": "x"}], force=True
        )
        older = yield collect((yield applications.sse_invoke(prepared.data.id, force=True)))
        uploaded = yield applications.upload(app_id="a", file=("a.txt", b"x"))
        ids = [one.file_id for one in uploaded.data.succeeded]
        stats = []
        for _ in range(2):
            stats += (yield applications.file_stat(app_id="a", file_ids=ids)).data
        return said, listed, held, whole, events, older, stats

    said, listed, held, whole, events, older, stats = play_with(client, script)
    assert "".join(one.text for one in said).startswith("[stand-in] ")
    assert SEARCH in {one.assistant_id for one in listed.data}
    assert held.data.conversation_list[0].assistant_id == SEARCH
    assert whole.text == "[stand-in] hello"
    assert "".join(one.text for one in events).strip() == whole.text
    assert "".join(one.msg for one in older) == "[stand-in] x"
    assert [one.code for one in stats] == [0, 1]


def test_an_assistant_without_a_stream_is_refused_on_the_standin(zhipu_standin: Any) -> None:
    body = b'{"assistant_id":"a","model":"glm-4-assistant","messages":[{"role":"user","content":"x"}]}'
    headers = {"Authorization": "Bearer a.b"}
    reply = zhipu_standin.service.handle("POST", "/api/paas/v4/assistant", headers, body)
    assert reply.status == 400
    assert b'"1212"' in reply.read()


def test_the_standins_answers_hold_to_the_specification(zhipu_standin: Any) -> None:
    client = zhipu_standin.client()
    applications = client.zhipu.applications.with_raw_response
    assistants = client.zhipu.assistants.with_raw_response
    v2 = f"{OPEN}/v2/application"
    asked = [
        ("GET", f"{v2}/{{app_id}}/variables", applications.variables("a")),
        ("POST", f"{v2}/{{app_id}}/conversation", applications.create_conversation("a")),
        ("POST", f"{v2}/file_upload", applications.upload(app_id="a", file=("a.txt", b"x"))),
        ("POST", f"{v2}/file_stat", applications.file_stat(app_id="a", file_ids=["f"])),
        ("POST", f"{v2}/slice_info", applications.slice_info(request_id="r", node_id="n")),
        (
            "GET",
            f"{OPEN}/history_session_record/{{app_id}}/{{conversation_id}}",
            applications.suggested_questions("a", "c"),
        ),
        ("POST", f"{OPEN}/v3/application/invoke", applications.invoke(app_id="a", messages=INPUT)),
        ("POST", "/paas/v4/assistant/list", assistants.list()),
        ("POST", "/paas/v4/assistant/conversation/list", assistants.conversations(assistant_id=SEARCH)),
    ]
    for method, path, raw in asked:
        assert answer_violations(method, path, raw.http_response.json()) == [], path
