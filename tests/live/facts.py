"""The facts on which the tables of this library rest, each as a question to the service itself.

A fact names the place that rests on it. What the service says to it is judged ``confirmed``, ``refuted`` or
``unclear``: an empty account or a limit says nothing about a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from live.asking import CHEAP, SAYS_NOTHING

from zhipu_openai.catalogue import EFFORTS, MODELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from live.asking import Asker
    from live.recording import Exchange

    from zhipu_openai.catalogue import Model

Outcome: TypeAlias = Literal["confirmed", "refuted", "unclear"]

UNKNOWN_MODEL: Final = frozenset({"1211", "1214"})
"""The codes seen for a model that does not exist. Source: shared facts on chat, 2026-11-23."""

TOOL: Final = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
TWO_CITIES: Final = [
    {"role": "user", "content": "What is the weather in Beijing and in Shanghai? Call the tool for both."}
]


@dataclass(frozen=True)
class Finding:
    """What the service says to a fact."""

    outcome: Outcome
    evidence: str


@dataclass(frozen=True)
class Fact:
    """A claim, and how it is put to the service.

    Attributes:
        name: A short name.
        claim: The claim, as a sentence.
        rests: What in this library rests on it.
        ask: Asks and judges.
    """

    name: str
    claim: str
    rests: str
    ask: Callable[[Asker], Finding]


def judged(exchange: Exchange, holds: bool, evidence: str = "") -> Finding:
    """Judge an exchange that speaks of the fact, unless its status speaks of something else."""
    shown = evidence or f"{exchange.status}" + (f" / {exchange.code}" if exchange.code else "")
    if exchange.status in SAYS_NOTHING or exchange.status >= 500:
        return Finding("unclear", f"{exchange.status} / {exchange.code}: {exchange.content[:120]!r}")
    return Finding("confirmed" if holds else "refuted", shown)


def accepted(asker: Asker, **fields: Any) -> Finding:
    """The request is answered."""
    exchange = asker.chat(**fields)
    return judged(exchange, exchange.status == 200)


def refused(asker: Asker, *, codes: tuple[str, ...] = (), **fields: Any) -> Finding:
    """The request is refused as a bad one, with one of these codes if any are named."""
    exchange = asker.chat(**fields)
    return judged(exchange, exchange.status == 400 and (not codes or exchange.code in codes))


def message(exchange: Exchange) -> dict[str, Any]:
    """Give the message of a whole answer; empty if there is none."""
    try:
        found = exchange.json["choices"][0]["message"]
    except (KeyError, IndexError, TypeError):
        return {}
    return dict(found)


def _answers(model: Model, asker: Asker) -> Finding:
    exchange = asker.chat(model.id)
    if model.status != "retired":
        return judged(exchange, exchange.status == 200)
    if exchange.status == 200:
        return Finding("unclear", f"still answered, by {(exchange.json or {}).get('model')}")
    return judged(exchange, exchange.code in UNKNOWN_MODEL)


def _stops_thinking(model: Model, asker: Asker) -> Finding:
    exchange = asker.chat(model.id, thinking={"type": "disabled"})
    said = message(exchange)
    return judged(
        exchange,
        exchange.status == 200 and not said.get("reasoning_content"),
        f"{exchange.status}, reasoning_content {'there' if said.get('reasoning_content') else 'absent'}",
    )


def _keeps_thinking(model: Model, asker: Asker) -> Finding:
    exchange = asker.chat(model.id, thinking={"type": "disabled"})
    if asker.coding:
        return judged(exchange, exchange.status == 200)
    return judged(exchange, exchange.status == 400 and exchange.code == "1210")


def _listed(asker: Asker) -> Finding:
    exchange = asker.ask("GET", "/models")
    found = {str(row.get("id")) for row in (exchange.json or {}).get("data", [])}
    known = {row.id for row in MODELS.values() if row.status == "listed"}
    return judged(
        exchange,
        found == known,
        f"listed beside the table: {sorted(found - known)}; in the table alone: {sorted(known - found)}",
    )


def _stream(asker: Asker) -> Exchange:
    return asker.chat(CHEAP, stream=True)


def _of_stream(holds: Callable[[Exchange], bool], asker: Asker) -> Finding:
    exchange = _stream(asker)
    return judged(exchange, bool(exchange.events) and holds(exchange))


def _of_answer(holds: Callable[[Exchange], bool], asker: Asker) -> Finding:
    exchange = asker.chat()
    return judged(exchange, exchange.status == 200 and holds(exchange))


def _last_holds_usage(exchange: Exchange) -> bool:
    last = exchange.events[-1]
    return bool(last.get("usage")) and bool(last.get("choices"))


def _finish_reason_comes_last(exchange: Exchange) -> bool:
    *before, last = [choice for event in exchange.events for choice in event.get("choices", ())]
    return bool(last.get("finish_reason")) and not any(choice.get("finish_reason") for choice in before)


def _reads_object(exchange: Exchange) -> bool:
    return all(event.get("object") == "chat.completion.chunk" for event in exchange.events)


def _role_on_each(exchange: Exchange) -> bool:
    return all("role" in event["choices"][0]["delta"] for event in exchange.events)


def _names_no_request(exchange: Exchange) -> bool:
    return exchange.header("x-request-id") is None


def _one_choice(asker: Asker) -> Finding:
    exchange = asker.chat(n=2)
    choices = (exchange.json or {}).get("choices") or []
    return judged(exchange, exchange.status == 200 and len(choices) == 1, f"{len(choices)} choices")


def _ignores_max_completion_tokens(asker: Asker) -> Finding:
    exchange = asker.chat(
        max_tokens=...,
        max_completion_tokens=1,
        messages=[{"role": "user", "content": "Count from one to ten."}],
        thinking={"type": "disabled"},
    )
    reason = ((exchange.json or {}).get("choices") or [{}])[0].get("finish_reason")
    return judged(exchange, exchange.status == 200 and reason == "stop", f"finish_reason {reason}")


def _ignores_schema(asker: Asker) -> Finding:
    schema = {"type": "object", "properties": {"zebra": {"type": "integer"}}, "required": ["zebra"]}
    exchange = asker.chat(
        max_tokens=128,
        thinking={"type": "disabled"},
        response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
    )
    content = message(exchange).get("content") or ""
    return judged(exchange, exchange.status == 200 and "zebra" not in content, f"{content[:60]!r}")


def _returns_no_logprobs(asker: Asker) -> Finding:
    exchange = asker.chat(logprobs=True, top_logprobs=2)
    choice = ((exchange.json or {}).get("choices") or [{}])[0]
    return judged(exchange, exchange.status == 200 and not choice.get("logprobs"))


def _does_not_force_tools(asker: Asker) -> Finding:
    exchange = asker.chat(tools=[TOOL], tool_choice="required", thinking={"type": "disabled"}, max_tokens=64)
    said = message(exchange)
    return judged(
        exchange,
        exchange.status == 400 or not said.get("tool_calls"),
        f"{exchange.status} / {exchange.code}, {len(said.get('tool_calls') or [])} calls",
    )


def _calls_in_order(asker: Asker) -> Finding:
    exchange = asker.chat(
        messages=TWO_CITIES, tools=[TOOL], stream=True, max_tokens=256, thinking={"type": "disabled"}
    )
    calls = [
        call
        for event in exchange.events
        for choice in event.get("choices", ())
        for call in choice.get("delta", {}).get("tool_calls") or ()
    ]
    if exchange.status == 200 and not calls:
        return Finding("unclear", "no tool was called")
    indexes = [call.get("index") for call in calls]
    return judged(
        exchange, all(isinstance(one, int) and one >= 0 for one in indexes), f"indexes {indexes[:8]}"
    )


def _wrong_key(asker: Asker) -> Finding:
    exchange = asker.ask("GET", "/models", key="not-a-key")
    holds = exchange.status == 401
    return Finding("confirmed" if holds else "refuted", f"{exchange.status} / {exchange.code}")


def _embeds(dimensions: int, asker: Asker) -> Finding:
    exchange = asker.ask(
        "POST", "/embeddings", {"model": "embedding-3", "input": "ok", "dimensions": dimensions}
    )
    data = (exchange.json or {}).get("data") or [{}]
    length = len(data[0].get("embedding") or [])
    return judged(exchange, exchange.status == 200 and length == dimensions, f"{length} numbers")


def _is_answered(method: str, path: str, body: dict[str, Any] | None, asker: Asker) -> Finding:
    exchange = asker.ask(method, path, body)
    return judged(exchange, exchange.status == 200)


def _responds(asker: Asker) -> Finding:
    exchange = asker.ask(
        "POST",
        "/responses",
        {"model": "glm-5.2", "input": "Say ok.", "max_output_tokens": 16},
        root="responses",
    )
    body = exchange.json or {}
    return judged(exchange, exchange.status == 200 and body.get("object") == "response")


def _chat_models(*states: str) -> list[Model]:
    return [row for row in MODELS.values() if row.kind in ("text", "vision") and row.status in states]


_USER: Final = {"role": "user", "content": "Say ok."}

FACTS: Final[tuple[Fact, ...]] = (
    Fact("models-listed", "GET /models lists the models of the table.", "catalogue.MODELS: status", _listed),
    *(
        Fact(
            f"answers-{row.id}",
            f"{row.id} is {row.status}.",
            f"catalogue.MODELS[{row.id!r}].status",
            partial(_answers, row),
        )
        for row in _chat_models("listed", "callable", "documented", "retired")
    ),
    *(
        Fact(
            f"thinking-off-{row.id}",
            f"{row.id} honours thinking.type disabled.",
            f"catalogue.MODELS[{row.id!r}].thinking",
            partial(_stops_thinking, row),
        )
        for row in _chat_models("listed", "callable")
        if row.thinking in ("switch", "effort")
    ),
    *(
        Fact(
            f"thinking-kept-{row.id}",
            f"{row.id} refuses thinking.type disabled (1210), or ignores it on the Coding Plan.",
            f"catalogue.MODELS[{row.id!r}].thinking",
            partial(_keeps_thinking, row),
        )
        for row in _chat_models("listed", "callable")
        if row.thinking == "always"
    ),
    *(
        Fact(
            f"effort-{kind}-{effort}",
            f"{model} takes reasoning_effort {effort}.",
            f"catalogue.EFFORTS: {kind}",
            partial(accepted, model=model, reasoning_effort=effort),
        )
        for kind, model in (("always", "glm-5.3"), ("effort", "glm-5.2"))
        for effort in sorted(
            {row.sends.effort for row in EFFORTS if row.thinking == kind and row.sends.effort is not None}
        )
    ),
    Fact(
        "stream-done",
        "A stream ends with [DONE].",
        "translate.chat.stream: the end",
        partial(_of_stream, lambda one: one.data[-1] == "[DONE]"),
    ),
    Fact(
        "stream-object",
        "Each event names its object.",
        "translate.chat.stream: object is filled in where it is missing",
        partial(_of_stream, _reads_object),
    ),
    Fact(
        "stream-role",
        "Each delta has the role.",
        "translate.chat.stream: the role is kept once",
        partial(_of_stream, _role_on_each),
    ),
    Fact(
        "stream-usage",
        "The last event has both choices and usage.",
        "translate.chat.stream: the separate last chunk",
        partial(_of_stream, _last_holds_usage),
    ),
    Fact(
        "stream-finish",
        "finish_reason stands on the last event alone.",
        "translate.chat.stream: the end",
        partial(_of_stream, _finish_reason_comes_last),
    ),
    Fact(
        "stream-type",
        "A stream's content type is text/event-stream.",
        "boundary: what is read as a stream",
        partial(_of_stream, lambda one: (one.header("content-type") or "").startswith("text/event-stream")),
    ),
    Fact(
        "answer-request-id",
        "A whole answer has a request_id.",
        "boundary: x-request-id",
        partial(_of_answer, lambda one: bool(one.json.get("request_id"))),
    ),
    Fact(
        "answer-no-request-header",
        "No answer has the header x-request-id.",
        "boundary: x-request-id is made of the body's request_id",
        partial(_of_answer, _names_no_request),
    ),
    Fact(
        "answer-log-id",
        "A successful chat answer has the header x-log-id.",
        "boundary: x-request-id where the body has none",
        partial(_of_answer, lambda one: one.header("x-log-id") is not None),
    ),
    Fact(
        "answer-cached-tokens",
        "Usage tells cached tokens.",
        "pricing: cached input",
        partial(
            _of_answer, lambda one: "cached_tokens" in ((one.usage or {}).get("prompt_tokens_details") or {})
        ),
    ),
    Fact(
        "unknown-fields",
        "A field that Zhipu does not know is passed over.",
        "translate.chat.fields: what is in no row is sent",
        partial(accepted, not_a_field=1),
    ),
    Fact("n", "n is ignored.", "translate.chat.fields: n is emulated", _one_choice),
    Fact(
        "max-completion-tokens",
        "max_completion_tokens is ignored.",
        "translate.chat.fields: sent as max_tokens",
        _ignores_max_completion_tokens,
    ),
    Fact(
        "json-schema",
        "A JSON schema is accepted and not followed.",
        "translate.structured: by prompt, check and one more try",
        _ignores_schema,
    ),
    Fact(
        "logprobs",
        "No log probabilities come back.",
        "translate.chat.fields: logprobs is dropped",
        _returns_no_logprobs,
    ),
    Fact(
        "tool-choice",
        "tool_choice required does not force a call.",
        "translate.chat.tools: emulated",
        _does_not_force_tools,
    ),
    Fact(
        "tool-indexes",
        "Calls in a stream have indexes from 0 on.",
        "translate.chat.stream: other indexes are repaired",
        _calls_in_order,
    ),
    Fact(
        "temperature-0",
        "Temperature 0 is accepted.",
        "catalogue.MODELS: zero_temperature",
        partial(accepted, temperature=0),
    ),
    Fact(
        "temperature-above-1",
        "A temperature above 1 is refused.",
        "translate.chat.sampling: at most 1",
        partial(refused, temperature=1.5),
    ),
    Fact(
        "top-p-0",
        "top_p 0 is refused.",
        "translate.chat.sampling: at least 0.01",
        partial(refused, top_p=0),
    ),
    Fact(
        "stop-four",
        "Four stop words are accepted on bigmodel.cn.",
        "translate.chat.sampling: how many are sent",
        partial(accepted, stop=["<a>", "<b>", "<c>", "<d>"]),
    ),
    Fact(
        "user-id-short",
        "A user_id of three characters is refused.",
        "translate.fields: user_id",
        partial(refused, user_id="abc"),
    ),
    Fact(
        "content-null",
        "Content null beside no call is refused.",
        "translate.chat.messages",
        partial(refused, messages=[_USER, {"role": "assistant", "content": None}, _USER]),
    ),
    Fact(
        "no-messages",
        "A request without messages is refused.",
        "errors.CODES: 1213, 1214",
        partial(refused, codes=("1213", "1214"), messages=[]),
    ),
    Fact(
        "too-many-tokens",
        "max_tokens above the model's limit is refused.",
        f"catalogue.MODELS[{CHEAP!r}].max_output",
        partial(refused, max_tokens=(MODELS[CHEAP].max_output or 0) * 4),
    ),
    Fact(
        "no-such-model",
        "A model that does not exist is refused with 1211 or 1214.",
        "errors.CODES: 1211, 1214",
        partial(refused, codes=tuple(UNKNOWN_MODEL), model="glm-0-nothing"),
    ),
    Fact("wrong-key", "A wrong key is refused with 401.", "errors.CODES: 1000 to 1004", _wrong_key),
    *(
        Fact(
            f"embedding-3-{size}",
            f"embedding-3 has {size} dimensions when asked.",
            "translate.embeddings: dimensions",
            partial(_embeds, size),
        )
        for size in (256, 512, 1024, 2048)
    ),
    Fact(
        "tokenizer",
        "The tokenizer counts.",
        "client.zhipu.tokenizer",
        partial(_is_answered, "POST", "/tokenizer", {"model": "glm-4.6", "messages": [_USER]}),
    ),
    Fact(
        "rerank",
        "rerank sorts.",
        "client.zhipu.rerank",
        partial(_is_answered, "POST", "/rerank", {"model": "rerank", "query": "a", "documents": ["a", "b"]}),
    ),
    Fact(
        "moderations",
        "The content check answers.",
        "translate.moderations",
        partial(_is_answered, "POST", "/moderations", {"model": "moderation", "input": "Good morning."}),
    ),
    Fact(
        "files",
        "Files are listed.",
        "translate.files",
        partial(_is_answered, "GET", "/files?purpose=batch", None),
    ),
    Fact(
        "responses",
        "The Responses API takes this key.",
        "translate.responses.route_choice",
        _responds,
    ),
)
