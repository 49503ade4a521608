"""The table of chat completion fields: what becomes of each one of OpenAI's on its way to Zhipu.

The rows are applied in order. A field in no row is Zhipu's own, or newer than this table, and is sent as
it is.
"""

from __future__ import annotations

import math
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import catalogue
from zhipu_openai.translate.fields import Field, apply_field, name_end_user

from . import content, messages, response_format, sampling, thinking, tools
from .draft import Draft

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Call
    from zhipu_openai.translate.fields import Verdict

_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))
_CALIBRATED: Final = ("live calibration of glm-5.3, as reported", date(2026, 8, 28))
_PROBED: Final = ("RarogCmex/pi-bigmodel evidence", date(2026, 10, 9))


def _model(draft: Draft, name: Any) -> None:
    if not isinstance(name, str):
        return
    found = catalogue.resolve(name, overrides=draft.aliases, images=content.needs_sight(draft.messages))
    draft.body["model"] = found.id
    draft.model = found.model
    if found.alias is not None:
        draft.thinks = found.alias.thinks
        kind: Kind = "translated" if found.overridden else "approximated"
        draft.note("model", kind, f"{name} is served by {found.id}.")
    elif found.id != name:
        draft.note("model", "translated", found.note or f"{name} is sent as {found.id}.")
    if found.model is None:
        return
    if found.retired:
        successor = f"; use {found.model.successor}" if found.model.successor else ""
        draft.note(
            "model", "approximated", f"{found.id} is retired and may be served by another model{successor}."
        )
    draft.plan.think_tags = found.model.think_tags
    draft.plan.box_tokens = found.model.box_tokens


def _stream(draft: Draft, stream: Any) -> None:
    draft.plan.stream = stream is True


def _stream_options(draft: Draft, options: Any) -> None:
    del draft.body["stream_options"]
    draft.plan.include_usage = isinstance(options, dict) and options.get("include_usage") is True


def _modalities(draft: Draft, value: Any) -> None:
    if isinstance(value, list) and "audio" in value:
        _check_speaks(draft, "modalities")
    del draft.body["modalities"]


def _audio(draft: Draft, _: Any) -> None:
    _check_speaks(draft, "audio")
    del draft.body["audio"]
    draft.note("audio", "dropped", "glm-4-voice takes neither voice nor format.")


def _check_speaks(draft: Draft, name: str) -> None:
    if draft.model is not None and draft.model.kind != "audio":
        draft.refuse(name, "Only glm-4-voice answers with audio; choose it, or use client.audio.speech.")


def _field(
    name: str,
    verdict: Verdict,
    what: str,
    origin: tuple[str, date],
    rule: Callable[[Draft, Any], None] | None = None,
    *,
    neutral: tuple[Any, ...] = (),
    silent: bool = False,
) -> Field[Draft]:
    return Field(name, verdict, what, *origin, rule, neutral, silent)


FIELDS: Final[tuple[Field[Draft], ...]] = (
    _field("model", "translated", "OpenAI's names stand for GLM models; others pass.", _SPEC, _model),
    _field(
        "messages",
        "translated",
        "Roles, contents and calls in the form Zhipu accepts.",
        _SPEC,
        messages.translate_messages,
    ),
    _field("stream", "same", "Passes.", _SPEC, _stream),
    _field("stream_options", "translated", "include_usage is honoured here.", _PROBED, _stream_options),
    _field(
        "n", "emulated", "That many requests side by side.", _CALIBRATED, sampling.translate_n, neutral=(1,)
    ),
    _field(
        "max_completion_tokens",
        "translated",
        "Sent as max_tokens; Zhipu would ignore it.",
        ("earendil-works/pi#7143", date(2026, 11, 23)),
        sampling.translate_max_completion_tokens,
    ),
    _field(
        "max_tokens",
        "approximated",
        "At most what the model writes.",
        _PROBED,
        sampling.translate_max_tokens,
    ),
    _field(
        "safety_identifier",
        "translated",
        "Sent as user_id, 6 to 128 characters.",
        _SPEC,
        partial(name_end_user, name="safety_identifier"),
        neutral=("",),
    ),
    _field(
        "user",
        "translated",
        "Sent as user_id, 6 to 128 characters.",
        _SPEC,
        partial(name_end_user, name="user"),
        neutral=("",),
    ),
    _field(
        "enable_thinking",
        "translated",
        "Another vendor's word, sent as thinking.type.",
        ("earendil-works/pi#2025", date(2026, 11, 23)),
        thinking.translate_enable_thinking,
    ),
    _field(
        "reasoning_effort",
        "translated",
        "thinking and reasoning_effort as the model knows them.",
        _PROBED,
        thinking.translate_effort,
    ),
    _field("temperature", "approximated", "0 to 1, two decimals.", _SPEC, sampling.translate_temperature),
    _field("top_p", "approximated", "0.01 to 1, two decimals.", _SPEC, sampling.translate_top_p),
    _field(
        "stop",
        "emulated",
        "A list; what does not fit is looked for in the answer.",
        _SPEC,
        sampling.translate_stop,
    ),
    _field(
        "functions",
        "translated",
        "Sent as tools, and back in the answer.",
        _ABSENT,
        tools.translate_functions,
        neutral=([],),
    ),
    _field("function_call", "translated", "As tool_choice.", _ABSENT, tools.translate_function_call),
    _field("web_search_options", "translated", "Zhipu's web_search tool.", _SPEC, tools.translate_web_search),
    _field(
        "tools",
        "translated",
        "Schemas without $ref; strict is not enforced.",
        _PROBED,
        tools.translate_tools,
        neutral=([],),
    ),
    _field(
        "tool_choice",
        "emulated",
        "auto passes; none, required and named are emulated.",
        ("vectorize-io/hindsight#4246", date(2026, 9, 9)),
        tools.translate_tool_choice,
    ),
    _field(
        "parallel_tool_calls",
        "emulated",
        "False keeps the first call alone.",
        _ABSENT,
        tools.translate_parallel_tool_calls,
    ),
    _field(
        "response_format",
        "emulated",
        "json_schema by prompt, check and one repair turn.",
        ("hugalafutro/model-hotel#896", date(2026, 9, 3)),
        response_format.translate_response_format,
    ),
    _field(
        "modalities",
        "translated",
        "Audio from glm-4-voice alone.",
        _ABSENT,
        _modalities,
        neutral=(["text"], []),
    ),
    _field("audio", "dropped", "glm-4-voice chooses voice and format.", _ABSENT, _audio),
    _field(
        "seed",
        "same",
        "Passes; whether it has an effect is not established.",
        ("zai-org/z-ai-sdk-python", date(2026, 11, 23)),
    ),
    _field("logprobs", "dropped", "Zhipu returns no log probabilities.", _CALIBRATED, neutral=(False,)),
    _field("top_logprobs", "dropped", "Zhipu returns no log probabilities.", _CALIBRATED, neutral=(0,)),
    _field("presence_penalty", "dropped", "Zhipu has no penalties.", _CALIBRATED, neutral=(0,)),
    _field("frequency_penalty", "dropped", "Zhipu has no penalties.", _CALIBRATED, neutral=(0,)),
    _field("logit_bias", "dropped", "Zhipu has no token biases.", _ABSENT, neutral=({},)),
    _field(
        "prediction",
        "dropped",
        "Zhipu has no predicted outputs; the answer is the same, only slower.",
        _ABSENT,
    ),
    _field("store", "dropped", "Zhipu stores no chat completions.", _PROBED, neutral=(False,)),
    _field("metadata", "dropped", "Zhipu keeps no metadata.", _ABSENT, neutral=({},)),
    _field("service_tier", "dropped", "Zhipu has no service tiers.", _ABSENT, neutral=("auto", "default")),
    _field(
        "verbosity",
        "dropped",
        "Zhipu has no verbosity; say it in the prompt.",
        _ABSENT,
        neutral=("medium",),
    ),
    _field("moderation", "dropped", "Zhipu moderates every request itself.", _ABSENT),
    _field("prompt_cache_key", "dropped", "Zhipu caches prompts by itself.", _PROBED, silent=True),
    _field("prompt_cache_retention", "dropped", "Zhipu caches prompts by itself.", _PROBED, silent=True),
    _field("prompt_cache_options", "dropped", "Zhipu caches prompts by itself.", _ABSENT, silent=True),
)


def as_markdown() -> str:
    """Render the fields as a table in GitHub's Markdown."""
    lines = ["| Field | Verdict | What becomes of it | Source |", "| --- | --- | --- | --- |"]
    lines += [f"| `{row.name}` | {row.verdict} | {row.what} | {row.source} ({row.seen}) |" for row in FIELDS]
    return "\n".join(lines) + "\n"


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
    _check_numbers(draft)
    body = draft.body
    for row in FIELDS:
        if row.name not in body:
            continue
        try:
            apply_field(row, draft)
        except RecursionError:
            draft.refuse(row.name, f"{row.name} is nested too deeply.", code="invalid_value")
    thinking.settle_thinking(draft)
    tools.settle_tool_stream(draft)
    return draft


def _check_numbers(draft: Draft) -> None:
    """Refuse numbers that JSON cannot carry; Python's own reader and writer let them through."""
    for name, value in draft.body.items():
        if _holds_non_finite(value):
            draft.refuse(
                name, f"{name} holds NaN or an infinity, which JSON does not have.", code="invalid_value"
            )


def _holds_non_finite(value: Any) -> bool:
    rest = [value]
    while rest:
        one = rest.pop()
        if isinstance(one, float):
            if not math.isfinite(one):
                return True
        elif isinstance(one, dict):
            rest.extend(one.values())
        elif isinstance(one, list):
            rest.extend(one)
    return False
