"""The table of chat completion fields: what becomes of each one of OpenAI's on its way to Zhipu.

The rows are applied in order. A field in no row is Zhipu's own, or newer than this table, and is sent as
it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from zhipu_openai import catalogue
from zhipu_openai.endpoints import region_of
from zhipu_openai.translate.structured import schema_instruction

from . import messages, thinking, tools
from .draft import Draft, JsonSchema

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.exchange import Call

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped", "refused"]

_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)
_PROBE: Final = "live calibration of glm-5.3, as reported"
_PROBE_SEEN: Final = date(2026, 8, 28)

MOST_CHOICES: Final = 128
"""OpenAI's own bound on ``n``."""

STOPS_SENT: Final[dict[str | None, int]] = {"cn": 4, "intl": 1}
"""How many stop words a request may carry: bigmodel.cn's OpenAPI says 4 (2026-07-11), z.ai's reference 1
(2026-08-22). Elsewhere 1, the lower. All of them are looked for in the answer as well."""

USER_ID_LENGTH: Final = (6, 128)
"""Shortest and longest ``user_id``, in characters. Source: bigmodel.cn OpenAPI, 2026-07-11."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of OpenAI's request.

    ``neutral`` lists the values that ask for nothing: they are left out without a word, as null is.
    ``rule`` changes the draft; without one, "dropped" and "refused" do what they say and "same" nothing.
    """

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[Draft, Any], None] | None = None
    neutral: tuple[Any, ...] = ()


def _model(draft: Draft, name: Any) -> None:
    if not isinstance(name, str):
        return
    found = catalogue.resolve(name, overrides=draft.aliases, images=messages.has_images(draft.messages))
    draft.body["model"] = found.id
    draft.model = found.model
    if found.alias is not None:
        draft.thinks = found.alias.thinks
        kind: Literal["translated", "approximated"] = "translated" if found.overridden else "approximated"
        draft.note("model", kind, f"{name} is served by {found.id}.")
    elif found.id != name:
        draft.note("model", "translated", f"{name} is sent as {found.id}.")
    if found.retired and found.model is not None:
        successor = f"; use {found.model.successor}" if found.model.successor else ""
        draft.note(
            "model", "approximated", f"{found.id} is retired and may be served by another model{successor}."
        )
    if draft.model is not None:
        draft.plan.think_tags = draft.model.think_tags
        draft.plan.box_tokens = draft.model.box_tokens


def _stream(draft: Draft, stream: Any) -> None:
    draft.plan.stream = stream is True


def _stream_options(draft: Draft, options: Any) -> None:
    del draft.body["stream_options"]
    draft.plan.include_usage = isinstance(options, dict) and options.get("include_usage") is True


def _choices(draft: Draft, count: Any) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_CHOICES:
        draft.refuse("n", f"n must be a whole number from 1 to {MOST_CHOICES}.", code="invalid_value")
    del draft.body["n"]
    draft.plan.choices = count
    draft.note("n", "translated", f"{count} requests side by side, each billed.")


def _max_completion_tokens(draft: Draft, most: Any) -> None:
    del draft.body["max_completion_tokens"]
    draft.body["max_tokens"] = most


def _max_tokens(draft: Draft, most: Any) -> None:
    limit = draft.model.max_output if draft.model is not None else None
    if isinstance(most, int) and limit is not None and most > limit:
        draft.body["max_tokens"] = limit
        draft.note("max_tokens", "approximated", f"at most {limit} for {draft.body['model']}.")


def _user(draft: Draft, user: Any, *, name: str) -> None:
    del draft.body[name]
    if "user_id" in draft.body or not isinstance(user, str):
        return
    shortest, longest = USER_ID_LENGTH
    if len(user) > longest:
        user = hashlib.sha256(user.encode(errors="surrogatepass")).hexdigest()
    draft.body["user_id"] = user if len(user) >= shortest else f"user-{user}"


def _temperature(draft: Draft, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    takes_zero = draft.model is None or draft.model.zero_temperature
    if value == 0 and not takes_zero:
        del draft.body["temperature"]
        draft.body.setdefault("do_sample", False)
        draft.note("temperature", "translated", "0 is sent as do_sample: false.")
        return
    draft.body["temperature"] = _within(draft, "temperature", value, 0.0, 1.0 if takes_zero else 0.99)


def _top_p(draft: Draft, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    draft.body["top_p"] = _within(draft, "top_p", value, 0.01, 1.0)


def _within(draft: Draft, name: str, value: float, lowest: float, highest: float) -> float:
    """Clamp to Zhipu's range and round to the two decimals that it takes."""
    fitted = round(min(max(value, lowest), highest), 2)
    if abs(fitted - value) > 0.01:  # noqa: PLR2004 - the step that Zhipu knows
        draft.note(name, "approximated", f"{value} is outside Zhipu's range; {fitted} is sent.")
    elif fitted != value:
        draft.note(name, "repaired", f"{value} is sent as {fitted}: two decimals at most.")
    return value if fitted == value else fitted


def _stop(draft: Draft, stop: Any) -> None:
    words = [stop] if isinstance(stop, str) else stop
    if not isinstance(words, list):
        return
    words = [word for word in words if isinstance(word, str) and word]
    if not words:
        del draft.body["stop"]
        return
    sent = STOPS_SENT.get(region_of(draft.base_url), 1)
    draft.body["stop"] = words[:sent]
    if len(words) > 1:
        draft.plan.stops = tuple(words)
    if len(words) > sent:
        draft.note(
            "stop", "emulated", "the answer is also cut here: not every stop word fits into a request."
        )


def _response_format(draft: Draft, value: Any) -> None:
    if not isinstance(value, dict):
        return
    kind = value.get("type")
    speaks_json = draft.model is None or draft.model.json_mode
    if kind == "text":
        del draft.body["response_format"]
    elif kind == "json_object" and not speaks_json:
        del draft.body["response_format"]
        draft.plan.json_schema = JsonSchema("json_object", None)
        draft.add_system_text("Answer with one JSON object and nothing else.")
        draft.note(
            "response_format",
            "emulated",
            f"{draft.body['model']} has no JSON mode; it is asked for JSON in words.",
        )
    elif kind == "json_schema":
        _json_schema(draft, value.get("json_schema"), speaks_json=speaks_json)


def _json_schema(draft: Draft, asked: Any, *, speaks_json: bool) -> None:
    """Zhipu accepts a json_schema and ignores it; the schema goes into the prompt and the answer is checked."""
    asked = asked if isinstance(asked, dict) else {}
    schema = asked.get("schema")
    name = str(asked.get("name") or "answer")
    has_tools = isinstance(draft.body.get("tools"), list)
    draft.plan.json_schema = JsonSchema(name, schema if isinstance(schema, dict) else None)
    draft.add_system_text(
        schema_instruction(
            name,
            schema if isinstance(schema, dict) else {"type": "object"},
            asked.get("description"),
            with_tools=has_tools,
        )
    )
    # In JSON mode a model answers where it should call a tool.
    if speaks_json and not has_tools:
        draft.body["response_format"] = {"type": "json_object"}
    else:
        del draft.body["response_format"]
    draft.note(
        "response_format",
        "emulated",
        "the schema is put into the prompt, and the answer is checked against it.",
    )


def _modalities(draft: Draft, value: Any) -> None:
    del draft.body["modalities"]
    if isinstance(value, list) and "audio" in value and (draft.model is None or draft.model.kind != "audio"):
        draft.refuse(
            "modalities", "Only glm-4-voice answers with audio; choose it, or use client.audio.speech."
        )


def _audio(draft: Draft, _: Any) -> None:
    del draft.body["audio"]
    if draft.model is None or draft.model.kind != "audio":
        draft.refuse("audio", "Only glm-4-voice answers with audio; choose it, or use client.audio.speech.")
    draft.note("audio", "dropped", "glm-4-voice takes neither voice nor format.")


def _spec(
    name: str, verdict: Verdict, what: str, rule: Callable[[Draft, Any], None] | None = None, *neutral: Any
) -> Field:
    return Field(name, verdict, what, _SPEC, _SPEC_SEEN, rule, neutral)


def _ignored(name: str, what: str, *neutral: Any) -> Field:
    return Field(name, "dropped", what, _PROBE, _PROBE_SEEN, None, neutral)


FIELDS: Final[tuple[Field, ...]] = (
    _spec("model", "translated", "OpenAI's names stand for GLM models; others pass.", _model),
    _spec(
        "messages",
        "translated",
        "Roles, contents and calls in the form Zhipu accepts.",
        messages.translate_messages,
    ),
    _spec("stream", "same", "", _stream),
    _spec("stream_options", "translated", "include_usage is honoured here.", _stream_options),
    _spec("n", "emulated", "That many requests side by side.", _choices, 1),
    _spec("max_completion_tokens", "translated", "max_tokens.", _max_completion_tokens),
    _spec("max_tokens", "same", "At most what the model writes.", _max_tokens),
    _spec("safety_identifier", "translated", "user_id.", lambda d, v: _user(d, v, name="safety_identifier")),
    _spec("user", "translated", "user_id, 6 to 128 characters.", lambda d, v: _user(d, v, name="user"), ""),
    _spec("enable_thinking", "translated", "thinking.type.", thinking.translate_enable_thinking),
    _spec(
        "reasoning_effort",
        "translated",
        "thinking and reasoning_effort as the model knows them.",
        thinking.translate_effort,
    ),
    _spec("temperature", "approximated", "0 to 1, two decimals.", _temperature),
    _spec("top_p", "approximated", "0.01 to 1, two decimals.", _top_p),
    _spec("stop", "translated", "A list; what does not fit is looked for in the answer.", _stop),
    _spec("functions", "translated", "tools, and back in the answer.", tools.translate_functions, []),
    _spec("function_call", "translated", "tool_choice.", tools.translate_function_call),
    _spec("web_search_options", "translated", "Zhipu's web_search tool.", tools.translate_web_search),
    _spec("tools", "translated", "Schemas without $ref; strict is not enforced.", tools.translate_tools),
    _spec(
        "tool_choice",
        "emulated",
        "auto passes; none, required and named are emulated.",
        tools.translate_tool_choice,
    ),
    _spec(
        "parallel_tool_calls",
        "emulated",
        "False keeps the first call alone.",
        tools.translate_parallel_tool_calls,
    ),
    _spec(
        "response_format", "emulated", "json_schema by prompt, check and one repair turn.", _response_format
    ),
    _spec("modalities", "translated", "Audio from glm-4-voice alone.", _modalities, ["text"]),
    _spec("audio", "dropped", "glm-4-voice chooses voice and format.", _audio),
    _spec("seed", "same", "Accepted; whether it has an effect is not established."),
    _ignored("logprobs", "Zhipu returns no log probabilities.", False),
    _ignored("top_logprobs", "Zhipu returns no log probabilities.", 0),
    _ignored("presence_penalty", "Zhipu has no penalties.", 0),
    _ignored("frequency_penalty", "Zhipu has no penalties.", 0),
    _ignored("logit_bias", "Zhipu has no token biases.", {}),
    _ignored("prediction", "Zhipu has no predicted outputs; the answer is the same, only slower."),
    _ignored("store", "Zhipu stores no chat completions.", False),
    _ignored("metadata", "Zhipu keeps no metadata.", {}),
    _ignored("service_tier", "Zhipu has no service tiers.", "auto", "default"),
    _ignored("verbosity", "Zhipu has no verbosity; say it in the prompt.", "medium"),
    _ignored("moderation", "Zhipu moderates every request itself."),
    Field(
        "prompt_cache_key",
        "dropped",
        "Zhipu caches prompts by itself.",
        "recorded traffic, open.bigmodel.cn",
        date(2026, 10, 9),
        lambda draft, _: draft.body.pop("prompt_cache_key"),
    ),
    Field(
        "prompt_cache_retention",
        "dropped",
        "Zhipu caches prompts by itself.",
        "recorded traffic, open.bigmodel.cn",
        date(2026, 10, 9),
        lambda draft, _: draft.body.pop("prompt_cache_retention"),
    ),
    Field(
        "prompt_cache_options",
        "dropped",
        "Zhipu caches prompts by itself.",
        "openai 3.54",
        date(2026, 11, 23),
        lambda draft, _: draft.body.pop("prompt_cache_options"),
    ),
)


def translate_request(call: Call) -> Draft:
    """Translate the body of a chat completion request.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    draft = Draft(
        body=dict(call.body),
        ledger=call.ledger,
        aliases=call.options.model_aliases,
        base_url=call.options.base_url,
    )
    for row in FIELDS:
        if row.name not in draft.body:
            continue
        value = draft.body[row.name]
        if value is None or _is_neutral(value, row.neutral):
            del draft.body[row.name]
        elif row.rule is not None:
            row.rule(draft, value)
        elif row.verdict == "dropped":
            del draft.body[row.name]
            draft.note(row.name, "dropped", row.what)
        elif row.verdict == "refused":
            draft.refuse(row.name, row.what)
    thinking.settle_thinking(draft)
    return draft


def _is_neutral(value: Any, neutral: tuple[Any, ...]) -> bool:
    # False and 0 are equal in Python, but not to a reader of JSON.
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in neutral)
