"""The table of a response's request fields on the translated path: what becomes of each in a chat request.

The rows are applied in order; null means not given. A field in no row is Zhipu's own, or newer than this
table, and goes into the chat request as it is. What chat completions then make of a field is in the table of
their fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from . import tools
from .asked import refuse
from .items import Messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.exchange import Body

    from .asked import Asked

Verdict = Literal["same", "translated", "emulated", "approximated", "dropped", "refused"]

_OPENAI: Final = ("openai 3.54, responses", date(2026, 11, 23))
_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of OpenAI's request.

    ``rule`` writes into the chat request. Without one, "same" hands the field on under its name, "dropped"
    leaves it out, with a note unless ``silent``, "emulated" leaves it to the rest of this package, and
    "refused" refuses it. The ``neutral`` values ask for nothing.
    """

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[Asked, Body, Any], None] | None = None
    neutral: tuple[Any, ...] = ()
    silent: bool = False


def _input(asked: Asked, chat: Body, _: Any) -> None:
    messages = Messages(asked.body.get("instructions"))
    messages.take(asked.history(), counted=False)
    messages.take(asked.items, counted=True)
    messages.end()
    chat["messages"] = messages.made
    asked.places = messages.places


def _tools(asked: Asked, chat: Body, _: Any) -> None:
    if asked.tools.offered:
        chat["tools"] = asked.tools.offered
    search = asked.tools.search
    if search is not None:
        chat["web_search_options"] = {
            name: search[name] for name in ("search_context_size", "user_location") if name in search
        }
        if search.get("filters"):
            asked.call.ledger.add(
                "tools.web_search.filters", "dropped", "Zhipu's web search does not filter by domain here."
            )


def _tool_choice(asked: Asked, chat: Body, choice: Any) -> None:
    served = asked.tools.search is not None or asked.tools.offered
    if tools.is_hosted(choice) or (choice == "required" and served and not asked.tools.called):
        asked.call.ledger.add(
            "tool_choice", "approximated", "a tool that Zhipu runs is offered; the model decides about it."
        )
    elif asked.tools.offered or choice not in ("auto", "none"):
        chat["tool_choice"] = asked.tools.translate_choice(choice)
    if choice == "none":
        chat.pop("web_search_options", None)


def _most(_: Asked, chat: Body, most: Any) -> None:
    chat["max_completion_tokens"] = most


def _reasoning(asked: Asked, chat: Body, reasoning: Any) -> None:
    if not isinstance(reasoning, dict):
        refuse("reasoning", "reasoning must be an object.", code="invalid_type")
    if reasoning.get("effort") is not None:
        chat["reasoning_effort"] = reasoning["effort"]
    note_reasoning(asked, reasoning)


def note_reasoning(asked: Asked, reasoning: Body) -> None:
    """Record what becomes of the rest of ``reasoning``."""
    if asked.summarises:
        asked.call.ledger.add(
            "reasoning.summary",
            "approximated",
            "Zhipu shows the thoughts themselves; they are given as the summary.",
        )
    for name, neutral in (("mode", "standard"), ("context", "auto")):
        if reasoning.get(name) not in (None, neutral):
            asked.call.ledger.add(f"reasoning.{name}", "dropped", f"Zhipu has no {name} of reasoning.")


def _text(_: Asked, chat: Body, text: Any) -> None:
    if not isinstance(text, dict):
        refuse("text", "text must be an object.", code="invalid_type")
    if text.get("verbosity") is not None:
        chat["verbosity"] = text["verbosity"]
    form = text.get("format")
    if not isinstance(form, dict):
        return
    if form.get("type") == "json_schema":
        inner = {name: value for name, value in form.items() if name != "type" and value is not None}
        chat["response_format"] = {"type": "json_schema", "json_schema": inner}
    else:
        chat["response_format"] = form


def check_include(asked: Asked, _: Body, include: Any) -> None:
    """Record what ``include`` asks for and Zhipu does not give; the rest is given anyway, or is not there."""
    if isinstance(include, list) and "message.output_text.logprobs" in include:
        asked.call.ledger.add("include", "dropped", "Zhipu returns no log probabilities.")


def _stream(_: Asked, chat: Body, stream: Any) -> None:
    chat["stream"] = stream
    if stream is True:
        chat["stream_options"] = {"include_usage": True}


def _background(_asked: Asked, _chat: Body, _value: Any) -> None:
    refuse(
        "background",
        "Zhipu runs no responses in the background; call without background, in a thread or task of your own.",
    )


def _field(
    name: str,
    verdict: Verdict,
    what: str,
    origin: tuple[str, date] = _OPENAI,
    rule: Callable[[Asked, Body, Any], None] | None = None,
    *,
    neutral: tuple[Any, ...] = (),
    silent: bool = False,
) -> Field:
    return Field(name, verdict, what, *origin, rule, neutral, silent)


FIELDS: Final[tuple[Field, ...]] = (
    _field(
        "background", "refused", "Nothing runs in the background.", _ABSENT, _background, neutral=(False,)
    ),
    _field("background_options", "refused", "Nothing runs in the background.", _ABSENT),
    _field(
        "prompt",
        "refused",
        "Prompt templates are kept by OpenAI alone; send the text as instructions.",
        _ABSENT,
    ),
    _field(
        "n", "refused", "A response is one answer; ask as often as you want answers.", _OPENAI, neutral=(1,)
    ),
    _field("model", "same", "OpenAI's names stand for GLM models.", _SPEC),
    _field("input", "translated", "Items become messages; reasoning goes back to the model.", _SPEC, _input),
    _field("instructions", "translated", "The leading system message.", _SPEC, silent=True),
    _field("previous_response_id", "emulated", "What is kept in this process stands in front.", silent=True),
    _field("conversation", "emulated", "What is kept in this process stands in front.", silent=True),
    _field("store", "emulated", "Kept in this process, bounded; true by default.", silent=True),
    _field("metadata", "emulated", "Kept with the response and given back.", silent=True),
    _field("stream", "same", "Events are made of the chat's chunks.", _SPEC, _stream),
    _field("stream_options", "dropped", "There is no obfuscation to switch off.", silent=True),
    _field("max_output_tokens", "translated", "max_tokens; thoughts count.", _SPEC, _most),
    _field("temperature", "same", "As in chat completions.", _SPEC),
    _field("top_p", "same", "As in chat completions.", _SPEC),
    _field("reasoning", "translated", "effort as in chat completions; thoughts in full.", _SPEC, _reasoning),
    _field(
        "text", "translated", "format as response_format, verbosity as in chat completions.", _SPEC, _text
    ),
    _field(
        "tools",
        "translated",
        "Functions; custom tools and namespaces as functions; web_search; file_search as retrieval.",
        _SPEC,
        _tools,
    ),
    _field("tool_choice", "translated", "As in chat completions.", _SPEC, _tool_choice),
    _field("parallel_tool_calls", "same", "As in chat completions.", _SPEC),
    _field("max_tool_calls", "dropped", "Zhipu does not count the calls of its own tools.", _ABSENT),
    _field(
        "include",
        "approximated",
        "Search sources and thoughts are there anyway; log probabilities are not.",
        _OPENAI,
        check_include,
    ),
    _field(
        "truncation",
        "dropped",
        "Zhipu leaves nothing out: an input that is too long is an error.",
        _ABSENT,
        neutral=("disabled",),
    ),
    _field("context_management", "dropped", "Zhipu does not compact what was said.", _ABSENT, neutral=([],)),
    _field("user", "same", "As in chat completions.", _SPEC),
    _field("safety_identifier", "same", "As in chat completions.", _SPEC),
    _field("prompt_cache_key", "same", "As in chat completions.", _SPEC),
    _field("prompt_cache_retention", "same", "As in chat completions.", _SPEC),
    _field("prompt_cache_options", "same", "As in chat completions.", _SPEC),
    _field("service_tier", "same", "As in chat completions.", _SPEC),
    _field("top_logprobs", "same", "As in chat completions.", _SPEC),
    _field("moderation", "same", "As in chat completions.", _SPEC),
    _field("access_programs", "dropped", "A programme of OpenAI's.", _ABSENT),
    _field("image", "dropped", "Zhipu does not compress images of the context.", _ABSENT, neutral=({},)),
)


def apply(rows: tuple[Field, ...], asked: Asked) -> Body:
    """Make the body of the request that the rows describe.

    Raises:
        Refused: A field cannot be honoured, and a guess could hurt.
    """
    made: Body = {}
    # Input that stands only in what is followed has no field of its own.
    given = {"input": None, **asked.body}
    for row in rows:
        if row.name in given:
            _apply(row, asked, made, given.pop(row.name))
    made.update(given)
    return made


def _apply(row: Field, asked: Asked, made: Body, value: Any) -> None:
    if any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in row.neutral):
        return
    if row.rule is not None:
        row.rule(asked, made, value)
    elif row.verdict == "same":
        made[row.name] = value
    elif row.verdict == "refused":
        refuse(row.name, f"Zhipu has no {row.name}. {row.what}")
    elif not row.silent:
        asked.call.ledger.add(row.name, "dropped", row.what)


def chat_body(asked: Asked) -> Body:
    """Make the chat request, in OpenAI's words.

    Raises:
        Refused: A field cannot be honoured, and a guess could hurt.
    """
    return apply(FIELDS, asked)


def as_markdown() -> str:
    """Render the fields as a table in GitHub's Markdown."""
    lines = ["| Field | Verdict | What becomes of it | Source |", "| --- | --- | --- | --- |"]
    lines += [f"| `{row.name}` | {row.verdict} | {row.what} | {row.source} ({row.seen}) |" for row in FIELDS]
    return "\n".join(lines) + "\n"
