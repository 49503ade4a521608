"""``client.zhipu.agents``: what each helper sends, what comes back, and all of it on the stand-in."""

from __future__ import annotations

from datetime import date
from typing import Any

import openai
import pytest
from conftest import sse
from openapi_contract import SPECIFICATION, answer_violations, request_violations, specification
from scripts import collect, play, play_with

from zhipu_openai.zhipu.agents.catalogue import AGENTS, BY_ID

URL = "https://open.bigmodel.cn/api/v1/agents"


def answer(content: Any = "Hi", **top: Any) -> dict[str, Any]:
    """Make an answer in the shape of the recorded ones: messages, plural."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "finish_reason": "stop", "messages": [message]}
    return {"id": "1", "agent_id": "a", "status": "success", "choices": [choice], **top}


def text(value: str) -> dict[str, str]:
    return {"type": "text", "text": value}


HELPERS: dict[str, tuple[dict[str, Any], Any, dict[str, Any] | None]] = {
    "general_translation": (
        {
            "text": "t",
            "source_lang": "auto",
            "target_lang": "zh-CN",
            "strategy": "cot",
            "suggestion": "s",
            "reason_lang": "to",
        },
        [text("t")],
        {
            "source_lang": "auto",
            "target_lang": "zh-CN",
            "strategy": "cot",
            "strategy_config": {"general": {"suggestion": "s"}, "cot": {"reason_lang": "to"}},
        },
    ),
    "slides": ({"text": "t"}, [text("t")], None),
    "ai_drawing": ({"text": "t", "size": "1024*1024"}, [text("t")], {"size": "1024*1024"}),
    "vidu_template": (
        {"text": "t", "image_url": "https://a.example/1.png", "template": "bodyshake"},
        [text("t"), {"type": "image_url", "image_url": "https://a.example/1.png"}],
        {"template": "bodyshake"},
    ),
    "receipt_recognition": (
        {"file_id": "f", "text": "t"},
        [{"type": "file_id", "file_id": "f"}, text("t")],
        None,
    ),
    "clothes_recognition": ({"file_id": "f"}, [{"type": "file_id", "file_id": "f"}], None),
    "education_solve": (
        {"image_url": "https://a.example/1.png"},
        [{"type": "image_url", "image_url": "https://a.example/1.png"}],
        None,
    ),
    "doc_translation": (
        {"file_id": "f", "from_lang": "en", "to_lang": "zh", "should_translate_image": True},
        [{"type": "file_id", "file_id": "f"}],
        {"from_lang": "en", "to_lang": "zh", "should_translate_image": True},
    ),
    "social_literature_translation": (
        {"text": "t", "source_lang": "en", "target_lang": "zh-CN"},
        [text("t")],
        {"source_lang": "en", "target_lang": "zh-CN"},
    ),
    "subtitle_translation": ({"text": "t", "language": "Japanese"}, "t", {"language": "Japanese"}),
    "social_translation": ({"text": "t", "style": "鲁迅风格"}, [text("t")], {"style": "鲁迅风格"}),
    "cartoon_generator": (
        {"text": "t", "image_url": "https://a.example/1.png"},
        [text("t"), {"type": "image_url", "image_url": "https://a.example/1.png"}],
        None,
    ),
    "job_matching": (
        {"file_id": "f", "job_description": "j"},
        [{"type": "file_id", "file_id": "f"}],
        {"job_description": "j"},
    ),
    "service_check": (
        {"text": "t", "default_fields": ("solution",), "custom_fields": [{"a": 1}]},
        [text("t")],
        {"default_fields": ["solution"], "custom_fields": [{"a": 1}]},
    ),
    "sales_check": ({"text": "t", "rate": "基础评分"}, [text("t")], {"rate": "基础评分"}),
    "contract_parser": (
        {"file_id": "f", "default_fields": ["x"]},
        [{"type": "file_id", "file_id": "f"}],
        {"default_fields": ["x"]},
    ),
    "bidding_parser": ({"text": "<p>", "custom_fields": []}, [text("<p>")], {"custom_fields": []}),
    "bidwin_parser": ({"text": "<p>"}, [text("<p>")], None),
    "education_correction": (
        {"image_url": "https://a.example/1.png"},
        [{"type": "image_url", "image_url": "https://a.example/1.png"}],
        None,
    ),
}
"""What each helper is given, and the content and custom variables that it sends."""


def test_every_agent_has_a_helper_and_every_row_its_dates() -> None:
    assert HELPERS.keys() == AGENTS.keys()
    for row in AGENTS.values():
        assert (row.state == "retired") == (row.last_listed is not None)
        assert date(2025, 1, 1) < (row.last_listed or row.seen) <= row.seen <= date(2026, 12, 31)
        assert row.source
        assert row.what.endswith(".")


def test_the_live_agents_are_those_of_the_specification() -> None:
    schema = specification()["components"]["schemas"]["AgentRequest"]["properties"]["agent_id"]
    live = {row.agent_id for row in BY_ID.values() if row.state == "live"}
    assert live == set(schema["oneOf"][0]["enum"])


@pytest.mark.parametrize("name", HELPERS)
def test_a_helper_sends_its_keywords_where_the_agent_wants_them(side: Any, wire: Any, name: str) -> None:
    given, content, variables = HELPERS[name]
    row = AGENTS[name]
    streams = row.answer == "stream"
    wire.reply(sse(answer()) if streams else answer())

    def script(client: Any) -> Any:
        force = {"force": True} if row.state == "retired" else {}
        found = yield getattr(client.zhipu.agents, name)(**given, **force)
        return (yield collect(found)) if streams else found

    found = play(side, script)
    assert (found[0] if streams else found).text == "Hi"
    assert wire.last.url == URL
    expected: dict[str, Any] = {
        "agent_id": row.agent_id,
        "messages": [{"role": "user", "content": content}],
    }
    if variables is not None:
        expected["custom_variables"] = variables
    assert wire.last.json == {**expected, **({"stream": True} if streams else {})}
    if SPECIFICATION.exists() and row.state == "live":
        assert request_violations("POST", "/v1/agents", wire.last.json) == []


@pytest.mark.parametrize("name", [row.name for row in AGENTS.values() if row.state == "retired"])
def test_a_retired_agent_is_refused_before_it_is_asked(side: Any, wire: Any, name: str) -> None:
    with pytest.raises(openai.BadRequestError, match="force=True") as caught:
        side.run(lambda client: getattr(client.zhipu.agents, name)(**HELPERS[name][0]))
    assert (caught.value.code, caught.value.param) == ("retired", "agent_id")
    assert caught.value.status_code == 400
    assert wire.sent == []


def test_a_retired_agent_is_refused_by_its_id_too_and_an_unknown_one_is_asked(side: Any, wire: Any) -> None:
    wire.reply(answer())
    messages = [{"role": "user", "content": "t"}]
    with pytest.raises(openai.BadRequestError):
        side.run(lambda client: client.zhipu.agents.invoke(agent_id="bidwin_parser_agent", messages=messages))
    with pytest.raises(openai.BadRequestError):
        side.run(lambda client: client.zhipu.agents.education_correction_result(trace_id="t", images=[]))
    assert wire.sent == []
    side.run(
        lambda client: client.zhipu.agents.invoke(
            agent_id="novel_agent", messages=messages, conversation_id="c", request_id="mine-0001"
        )
    )
    assert wire.last.json == {
        "agent_id": "novel_agent",
        "messages": messages,
        "conversation_id": "c",
        "request_id": "mine-0001",
    }


def test_further_variables_join_the_helpers_own(side: Any, wire: Any) -> None:
    wire.reply(answer())
    side.run(
        lambda client: client.zhipu.agents.ai_drawing(
            text="t", size="1*1", custom_variables={"novel": 1}, extra_body={"user_id": "somebody"}
        )
    )
    assert wire.last.json["custom_variables"] == {"size": "1*1", "novel": 1}
    assert wire.last.json["user_id"] == "somebody"


@pytest.mark.parametrize("given", [{}, {"text": "a", "image_url": "b"}])
def test_an_exercise_is_a_text_or_a_picture(side: Any, wire: Any, given: Any) -> None:
    with pytest.raises(ValueError, match="one of text, image_url"):
        side.run(lambda client: client.zhipu.agents.education_solve(**given))
    assert wire.sent == []


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("Hi", [("text", "Hi")]),
        ({"type": "text", "text": "Hi"}, [("text", "Hi")]),
        ([{"type": "text", "text": "H"}, {"type": "text", "text": "i"}], [("text", "H"), ("text", "i")]),
        ({"type": "image_url", "image_url": "https://a.example"}, [("image_url", None)]),
        (None, []),
    ],
)
def test_what_an_agent_says_is_read_in_every_form(side: Any, wire: Any, content: Any, parts: Any) -> None:
    wire.reply(answer(content, usage={"total_tokens": 5, "total_calls": 1}))
    found = side.run(lambda client: client.zhipu.agents.ai_drawing(text="t"))
    assert [(part.type, part.text) for part in found.parts] == parts
    assert found.usage.total_calls == 1
    assert found.to_dict()["choices"][0]["messages"][0]["content"] == content


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (
            {
                "id": "1",
                "agent_id": "a",
                "status": "failed",
                "error": {"code": "1113", "message": "no money"},
            },
            openai.RateLimitError,
            "no money",
        ),
        (
            {
                "agent_id": "a",
                "async_id": "x",
                "status": "failed",
                "error": {"code": "400", "message": "bad"},
            },
            openai.BadRequestError,
            "bad",
        ),
        ({"id": "1", "agent_id": "a", "status": "failed"}, openai.InternalServerError, "failed"),
        ({"id": "1"}, openai.InternalServerError, "lacks agent_id"),
    ],
)
def test_a_failure_inside_a_200_is_an_error(
    side: Any, wire: Any, body: Any, error: type[Exception], words: str
) -> None:
    wire.reply(body)
    with pytest.raises(error, match=words):
        side.run(lambda client: client.with_options(max_retries=0).zhipu.agents.ai_drawing(text="t"))


SLIDES = [
    {
        "agent_id": "slides_glm_agent",
        "conversation_id": "c1",
        "choices": [{"index": 0, "messages": [{"content": [text("hm")], "phase": "thinking"}]}],
    },
    {
        "agent_id": "slides_glm_agent",
        "choices": [
            {
                "index": 2,
                "messages": [
                    {
                        "content": [{"type": "object", "object": {"tool_name": "search", "input": "x"}}],
                        "phase": "tool",
                    }
                ],
            }
        ],
    },
]


def slides(side: Any, **options: Any) -> Any:
    def script(client: Any) -> Any:
        stream = yield client.zhipu.agents.slides(text="t", conversation_id="c1")
        return (yield collect(stream))

    return play(side, script, **options)


def test_the_steps_of_slides_are_typed(side: Any, wire: Any) -> None:
    wire.reply(sse(*SLIDES))
    first, second = slides(side)
    assert (first.conversation_id, first.choices[0].messages[0].phase, first.text) == ("c1", "thinking", "hm")
    assert second.parts[0].object == {"tool_name": "search", "input": "x"}
    assert wire.last.json["conversation_id"] == "c1"


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (
            {
                "agent_id": "a",
                "choices": [{"index": 9, "finish_reason": "sensitive", "messages": []}],
                "error": {"code": "1301", "message": "sensitive"},
            },
            openai.BadRequestError,
        ),
        ({"agent_id": "a", "status": "failed"}, openai.APIError),
    ],
)
def test_slides_that_fail_on_the_way_are_an_error(side: Any, wire: Any, last: Any, error: Any) -> None:
    wire.reply(sse(*SLIDES, last))
    with pytest.raises(error):
        slides(side, max_retries=0)


def test_a_conversation_exports_slides(side: Any, wire: Any) -> None:
    part = {"type": "file_url", "file_url": "https://a.example/1.pdf"}
    message = [{"role": "assistant", "content": [part]}]
    wire.reply({"agent_id": "slides_glm_agent", "conversation_id": "c1", "choices": [{"message": message}]})
    found = side.run(
        lambda client: client.zhipu.agents.conversation(
            "c1", include_pdf=True, pages=[{"position": 1, "width": 25, "height": 14}]
        )
    )
    assert wire.last.url == f"{URL}/conversation"
    assert wire.last.json == {
        "agent_id": "slides_glm_agent",
        "conversation_id": "c1",
        "custom_variables": {"include_pdf": True, "pages": [{"position": 1, "width": 25, "height": 14}]},
    }
    if SPECIFICATION.exists():
        assert request_violations("POST", "/v1/agents/conversation", wire.last.json) == []
    assert [part.file_url for part in found.parts] == ["https://a.example/1.pdf"]


def test_corrections_are_asked_for_by_the_trace(side: Any, wire: Any) -> None:
    wire.reply(answer(status="pending"))
    side.run(
        lambda client: client.zhipu.agents.education_correction_result(
            trace_id="t", images=[{"image_id": "i", "uuids": ["u"]}], force=True
        )
    )
    assert wire.last.url == f"{URL}/async-result"
    assert wire.last.json["agent_id"] == "intelligent_education_correction_polling"
    assert wire.last.json["custom_variables"] == {
        "trace_id": "t",
        "images": [{"image_id": "i", "uuids": ["u"]}],
    }


def test_the_explanation_of_a_corrected_exercise_is_read_as_it_comes(side: Any, wire: Any) -> None:
    exercise = {"trace_id": "t", "image_id": "i", "uuid": "u", "question": "Who wrote it?"}
    wire.reply(sse(answer()))

    def script(client: Any) -> Any:
        agents = client.zhipu.agents
        return (yield collect((yield agents.education_correction_analysis(**exercise, force=True))))

    events = play(side, script)
    assert wire.last.url == URL
    assert wire.last.json == {
        "agent_id": "intelligent_education_correction_analysis",
        "custom_variables": exercise,
        "stream": True,
    }
    assert [one.text for one in events] == ["Hi"]


def test_the_explanation_of_an_exercise_is_asked_for_only_when_forced(side: Any, wire: Any) -> None:
    exercise = {"trace_id": "t", "image_id": "i", "uuid": "u", "question": "Who wrote it?"}
    with pytest.raises(openai.BadRequestError, match="force=True") as caught:
        side.run(lambda client: client.zhipu.agents.education_correction_analysis(**exercise))
    assert caught.value.code == "retired"
    assert wire.sent == []


@pytest.fixture(params=["sync", "async"])
def client(request: Any, zhipu_standin: Any) -> Any:
    """Each of the two clients in turn, on the stand-in."""
    return zhipu_standin.client() if request.param == "sync" else zhipu_standin.async_client()


def test_a_video_is_begun_and_waited_for_on_the_standin(client: Any) -> None:
    def script(client: Any) -> Any:
        agents = client.zhipu.agents
        begun = yield agents.vidu_template(
            text="t", image_url="https://a.example/1.png", template="bodyshake"
        )
        done = yield agents.wait(agent_id=begun.agent_id, async_id=begun.async_id, poll_interval=0.001)
        with pytest.raises(openai.BadRequestError):
            yield agents.async_result(agent_id=begun.agent_id, async_id="nothing")
        return begun, done

    begun, done = play_with(client, script)
    assert begun.status == "pending"
    assert done.status == "success"
    assert done.parts[0].video_url.endswith(".mp4")


def test_slides_are_made_and_exported_on_the_standin(client: Any) -> None:
    def script(client: Any) -> Any:
        events = yield collect((yield client.zhipu.agents.slides(text="Cats")))
        found = yield client.zhipu.agents.conversation(events[0].conversation_id, include_pdf=True)
        return events, found

    events, found = play_with(client, script)
    phases = [one.choices[0].messages[0].phase for one in events[:-1]]
    assert phases == ["thinking", "tool", "answer"]
    assert events[-1].usage.total_calls == 1
    assert [part.tag_en for part in found.parts] == ["PPTX", "PDF"]


def test_text_is_translated_at_once_and_as_a_stream_on_the_standin(client: Any) -> None:
    def script(client: Any) -> Any:
        agents = client.zhipu.agents
        whole = yield agents.general_translation(text="Hello there", target_lang="zh-CN")
        stream = yield agents.general_translation_stream(text="Hello there")
        events = yield collect(stream)
        with pytest.raises(openai.NotFoundError, match="API 不存在"):
            yield agents.bidwin_parser(text="x", force=True)
        return whole.text, "".join(one.text for one in events)

    whole, streamed = play_with(client, script)
    assert whole == "[stand-in] Hello there"
    assert streamed.strip() == whole


def test_the_standins_answers_hold_to_the_specification(zhipu_standin: Any) -> None:
    agents = zhipu_standin.client().zhipu.agents.with_raw_response
    drawn = agents.ai_drawing(text="t").http_response.json()
    assert answer_violations("POST", "/v1/agents", drawn) == []
    begun = agents.vidu_template(text="t", image_url="https://a.example", template="sexy_me").parse()
    asked = {"agent_id": begun.agent_id, "async_id": begun.async_id}
    for _ in range(2):
        found = agents.async_result(**asked).http_response.json()
        assert answer_violations("POST", "/v1/agents/async-result", found) == []
    exported = agents.conversation("c").http_response.json()
    assert answer_violations("POST", "/v1/agents/conversation", exported) == []
