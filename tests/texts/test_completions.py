"""``client.completions``, the legacy ones: a chat model answers, and the answer is a text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import chunk, completion, httpx, sse, text_stream
from scripts import collect, play

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

pytestmark = pytest.mark.usefixtures("quietly")


def complete(side: SyncSide, *, client: dict[str, Any] | None = None, **fields: Any) -> Any:
    """Ask for a completion; with stream=True, give the list of its chunks."""
    asked = {"model": "glm-4.5-air", "prompt": "Once", "max_tokens": 20, **fields}

    def script(made: Any) -> Generator[Any, Any, Any]:
        answer = yield made.completions.create(**asked)
        return (yield collect(answer)) if fields.get("stream") else answer

    return play(side, script, **(client or {}))


def echo_each(wire: Wire, *, stream: bool = False) -> None:
    """Answer every request with the text of its last message, set in brackets."""

    def reply(request: Any) -> Any:
        said = json.loads(request.content)["messages"][-1]["content"]
        if stream:
            body = text_stream("[", said, "]")
            return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body)
        return httpx.Response(200, json=completion(content=f"[{said}]"))

    wire.reply_with(reply)


def texts_of(chunks: list[Any]) -> dict[int, str]:
    """Join what a stream says, by choice."""
    texts: dict[int, str] = {}
    for part in chunks:
        for choice in part.choices:
            texts[choice.index] = texts.get(choice.index, "") + choice.text
    return texts


# What is sent


def test_a_prompt_is_sent_as_a_users_message(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content=" upon a time"))
    made = complete(side, temperature=0.5, stop=["."], user="somebody")
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/chat/completions"
    assert wire.last.json == {
        "model": "glm-4.5-air",
        "messages": [{"role": "user", "content": "Once"}],
        "max_tokens": 20,
        "temperature": 0.5,
        "stop": ["."],
        "user_id": "somebody",
        "thinking": {"type": "disabled"},
    }
    assert made.object == "text_completion"
    assert (made.id, made.created, made.model) == ("20260529043320aabbccddeeff0011", 1780000000, "glm-5.2")
    (choice,) = made.choices
    assert (choice.text, choice.index, choice.finish_reason, choice.logprobs) == (
        " upon a time",
        0,
        "stop",
        None,
    )
    assert (made.usage.prompt_tokens, made.usage.completion_tokens, made.usage.total_tokens) == (7, 3, 10)
    assert made._request_id == "20260529043320logloglog00"


@pytest.mark.parametrize(
    ("name", "sent", "told"),
    [
        ("gpt-3.5-turbo-instruct", "glm-4.5-air", False),
        ("gpt-3.5-turbo-instruct-0914", "glm-4.5-air", False),
        ("text-davinci-003", "glm-4.5-air", False),
        ("davinci-002", "glm-4.5-air", True),
        ("openai/babbage-002", "glm-4.5-air", True),
        ("glm-5.2", "glm-5.2", False),
        ("gpt-4o", "glm-5.2", False),
        ("a-model-to-come", "a-model-to-come", False),
    ],
)
def test_models_are_found_and_base_models_are_told_to_continue(
    side: SyncSide, wire: Wire, name: str, sent: str, told: bool
) -> None:
    wire.reply(completion(content="x"))
    complete(side, model=name)
    assert wire.last.json["model"] == sent
    roles = [message["role"] for message in wire.last.json["messages"]]
    assert roles == (["system", "user"] if told else ["user"])


def test_the_clients_own_aliases_decide(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="x"))
    complete(side, model="davinci-002", client={"model_aliases": {"davinci-*": "glm-5.2"}})
    assert wire.last.json["model"] == "glm-5.2"
    assert wire.last.json["thinking"] == {"type": "disabled"}


@pytest.mark.parametrize(
    ("fields", "thinking"),
    [
        ({"model": "glm-4.6"}, {"type": "disabled"}),
        ({"model": "glm-4.6", "extra_body": {"thinking": {"type": "enabled"}}}, {"type": "enabled"}),
        ({"model": "glm-4.6", "extra_body": {"reasoning_effort": "high"}}, {"type": "enabled"}),
        ({"model": "glm-5.3"}, None),
        ({"model": "glm-4-plus"}, None),
    ],
)
def test_thinking_is_off_where_it_can_be_and_nothing_is_said(
    side: SyncSide, wire: Wire, fields: Any, thinking: Any
) -> None:
    wire.reply(completion(content="x"))
    complete(side, **fields)
    assert wire.last.json.get("thinking") == thinking


def test_what_openai_limits_by_itself_is_spoken_of(
    side: SyncSide, wire: Wire, recwarn: pytest.WarningsRecorder
) -> None:
    wire.reply(completion(content="x"))
    complete(side, max_tokens=None)
    assert "max_tokens" not in wire.last.json
    assert any("16 tokens" in str(warning.message) for warning in recwarn.list)


def test_log_probabilities_are_not_given_and_that_is_said(
    side: SyncSide, wire: Wire, recwarn: pytest.WarningsRecorder
) -> None:
    wire.reply(completion(content="x"))
    assert complete(side, logprobs=3).choices[0].logprobs is None
    assert "logprobs" not in wire.last.json
    assert any("log probabilities" in str(warning.message) for warning in recwarn.list)


# Several prompts and choices


def test_prompts_are_answered_side_by_side_and_in_order(side: SyncSide, wire: Wire) -> None:
    echo_each(wire)
    prompts = [f"p{number}" for number in range(10)]
    made = complete(side, prompt=prompts)
    assert [choice.text for choice in made.choices] == [f"[{prompt}]" for prompt in prompts]
    assert [choice.index for choice in made.choices] == list(range(10))
    assert made.usage.total_tokens == 100
    assert len(wire.sent) == 10


def test_choices_follow_their_prompt(side: SyncSide, wire: Wire) -> None:
    echo_each(wire)
    made = complete(side, prompt=["a", "b"], n=2)
    assert [(choice.index, choice.text) for choice in made.choices] == [
        (0, "[a]"),
        (1, "[a]"),
        (2, "[b]"),
        (3, "[b]"),
    ]
    assert all("n" not in sent.json for sent in wire.sent)


def test_the_failure_of_one_prompt_fails_all(side: SyncSide, wire: Wire) -> None:
    def reply(request: Any) -> Any:
        if b'"p7"' in request.content:
            return httpx.Response(400, json={"error": {"code": "1301", "message": "unsafe"}})
        return httpx.Response(200, json=completion(content="x"))

    wire.reply_with(reply)
    with pytest.raises(openai.BadRequestError):
        complete(side, prompt=[f"p{number}" for number in range(10)])


def test_errors_are_those_of_chat(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply({"error": {"code": "1113", "message": "余额不足"}}, status=429)
    with pytest.raises(openai.RateLimitError) as caught:
        complete(side)
    assert caught.value.code == "insufficient_quota"
    assert caught.value.request_id == "20260529043320logloglog00"
    assert waits == []


@pytest.mark.parametrize("body", [{}, {"choices": []}, {"choices": [{"index": 0}]}])
def test_a_hollow_answer_is_an_error(side: SyncSide, wire: Wire, waits: list[float], body: Any) -> None:
    wire.reply(body)
    with pytest.raises(openai.InternalServerError):
        complete(side)
    assert len(waits) == 2


def test_echo_puts_the_prompt_before_every_choice(side: SyncSide, wire: Wire) -> None:
    echo_each(wire)
    made = complete(side, prompt=["a", "b"], n=2, echo=True)
    assert [choice.text for choice in made.choices] == ["a[a]", "a[a]", "b[b]", "b[b]"]
    assert all("echo" not in sent.json for sent in wire.sent)


@pytest.mark.parametrize(
    ("fields", "warns"), [({"best_of": 1}, False), ({"best_of": 2, "n": 2}, False), ({"best_of": 5}, True)]
)
def test_the_best_of_several_is_not_chosen(
    side: SyncSide, wire: Wire, recwarn: pytest.WarningsRecorder, fields: Any, warns: bool
) -> None:
    wire.reply(completion(content="x"))
    made = complete(side, **fields)
    assert len(made.choices) == len(wire.sent) == fields.get("n", 1)
    assert "best_of" not in wire.last.json
    assert any("best_of" in str(warning.message) for warning in recwarn.list) is warns


def test_what_else_a_message_holds_stays_beside_the_text(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="x", reasoning_content="Because."))
    (choice,) = complete(side).choices
    assert choice.to_dict()["reasoning_content"] == "Because."


@pytest.mark.parametrize(("reason", "openais"), [("length", "length"), ("sensitive", "content_filter")])
def test_reasons_are_openais(side: SyncSide, wire: Wire, reason: str, openais: str) -> None:
    wire.reply(completion(content="x", finish_reason=reason))
    assert complete(side).choices[0].finish_reason == openais


# A suffix


def test_a_suffix_is_an_instruction_to_insert(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="x"))
    complete(side, prompt="def add(", suffix="return a + b")
    system, user = wire.last.json["messages"]
    assert "between" in system["content"]
    assert user["content"] == "<beginning>def add(</beginning>\n<end>return a + b</end>"
    assert "suffix" not in wire.last.json


def test_codegeex_is_given_the_code_around_the_gap(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="x"))
    extra = {"target": {"language": "python", "path": "a.py"}}
    complete(side, model="codegeex-4", prompt="def ", suffix="\n", extra_body={"extra": extra})
    assert wire.last.json["extra"] == {
        "target": {"language": "python", "path": "a.py", "code_prefix": "def ", "code_suffix": "\n"}
    }
    assert wire.last.json["messages"] == [{"role": "user", "content": "def "}]
    assert extra == {"target": {"language": "python", "path": "a.py"}}


def test_codegeex_without_a_suffix_chats(side: SyncSide, wire: Wire) -> None:
    wire.reply(completion(content="x"))
    complete(side, model="codegeex-4")
    assert "extra" not in wire.last.json


def test_codegeex_must_be_told_the_language(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.BadRequestError, match='"language": "python"') as caught:
        complete(side, model="codegeex-4", suffix="x")
    assert caught.value.param == "suffix"
    assert wire.sent == []


# What is refused


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": []}, "prompt"),
        ({"prompt": ["a", ""]}, "prompt"),
        ({"prompt": ["a", 1]}, "prompt"),
        ({"prompt": 1}, "prompt"),
        ({"suffix": 3}, "suffix"),
        ({"echo": "yes"}, "echo"),
        ({"best_of": 0}, "best_of"),
        ({"best_of": 1, "n": 2}, "best_of"),
        ({"n": 0}, "n"),
        ({"prompt": ["a"] * 65, "n": 2, "stream": True}, "prompt"),
    ],
)
def test_what_cannot_be_served_is_refused(side: SyncSide, wire: Wire, fields: Any, param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        complete(side, **fields)
    assert caught.value.param == param
    assert wire.sent == []


def test_token_arrays_are_decoded(side: SyncSide, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import SimpleNamespace

    encoding = SimpleNamespace(name="bytes", decode_bytes=bytes)
    fake = SimpleNamespace(encoding_for_model=lambda _: encoding)
    monkeypatch.setitem(sys.modules, "tiktoken", fake)
    echo_each(wire)
    made = complete(side, prompt=[list(b"one"), list(b"two")])
    assert [choice.text for choice in made.choices] == ["[one]", "[two]"]
    assert complete(side, prompt=list(b"one")).choices[0].text == "[one]"


# Streams


def test_a_stream_is_chunks_of_text(side: SyncSide, wire: Wire) -> None:
    wire.reply(text_stream(" upon", " a", " time"))
    chunks = complete(side, stream=True)
    assert wire.last.json["stream"] is True
    assert {part.object for part in chunks} == {"text_completion"}
    assert {(part.id, part.created, part.model) for part in chunks} == {
        ("20260529043320aabbccddeeff0011", 1780000000, "glm-5.2")
    }
    assert texts_of(chunks) == {0: " upon a time"}
    assert [part.choices[0].finish_reason for part in chunks][-1] == "stop"
    assert all(part.choices[0].finish_reason is None for part in chunks[:-1])
    assert all(part.usage is None for part in chunks)


def test_the_usage_comes_in_a_chunk_of_its_own_when_it_is_wanted(side: SyncSide, wire: Wire) -> None:
    wire.reply(text_stream("x"))
    *_, last = complete(side, stream=True, stream_options={"include_usage": True})
    assert last.object == "text_completion"
    assert last.choices == []
    assert last.usage.total_tokens == 10


def test_several_prompts_and_choices_make_one_stream(side: SyncSide, wire: Wire) -> None:
    echo_each(wire, stream=True)
    chunks = complete(
        side, prompt=["a", "b"], n=2, echo=True, stream=True, stream_options={"include_usage": True}
    )
    assert texts_of(chunks) == {0: "a[a]", 1: "a[a]", 2: "b[b]", 3: "b[b]"}
    assert len({part.id for part in chunks}) == 1
    assert [part.usage.total_tokens for part in chunks if part.usage] == [40]
    assert sorted(
        choice.index for part in chunks for choice in part.choices if choice.finish_reason == "stop"
    ) == [0, 1, 2, 3]


def test_a_chunk_with_the_role_alone_is_left_out_and_thoughts_stay_beside(side: SyncSide, wire: Wire) -> None:
    wire.reply(
        sse(
            chunk({"role": "assistant", "content": ""}),
            chunk({"role": "assistant", "reasoning_content": "Hm."}),
            chunk({"role": "assistant", "content": "x"}),
            chunk({"role": "assistant", "content": ""}, "stop"),
        )
    )
    chunks = complete(side, stream=True)
    assert [part.choices[0].text for part in chunks] == ["", "x", ""]
    assert chunks[0].choices[0].to_dict()["reasoning_content"] == "Hm."


def test_a_failure_before_the_stream_has_its_status(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    wire.reply({"error": {"code": "1302", "message": "busy"}}, status=429)
    wire.reply(text_stream("x"))
    assert texts_of(complete(side, stream=True)) == {0: "x"}
    assert len(waits) == 1


def test_a_failure_within_the_stream_is_raised(side: SyncSide, wire: Wire) -> None:
    wire.reply(sse(chunk({"content": "x"}), {"error": {"code": "1301", "message": "unsafe"}}))
    with pytest.raises(openai.APIError):
        complete(side, stream=True)


def test_a_stream_that_is_cut_is_an_error(side: SyncSide, wire: Wire) -> None:
    wire.reply(sse(chunk({"content": "x"}), done=False))
    with pytest.raises(openai.APIConnectionError):
        complete(side, stream=True)
