"""The table of a response's request fields on the native path: what becomes of each for Zhipu's own API.

Its documentation lists fifteen fields (docs.bigmodel.cn, Responses, 2026-11-23); what else is sent is accepted
and ignored (probes of 2026-10-09). Model, sampling and effort are worked out as for chat completions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Ledger
from zhipu_openai.exchange import Call
from zhipu_openai.translate.chat.fields import translate_request
from zhipu_openai.translate.json_schema import simplify

from .asked import refuse
from .fields import Field, apply, chat_body, check_include, note_reasoning
from .ledger import ResponseLedger

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.exchange import Body
    from zhipu_openai.translate.chat.draft import Draft

    from .asked import Asked
    from .fields import Verdict
    from .store import Item

_DOCS: Final = ("docs.bigmodel.cn/cn/guide/develop/responses", date(2026, 11, 23))
_PROBED: Final = ("RarogCmex/pi-bigmodel evidence, open.bigmodel.cn", date(2026, 10, 9))
_ABSENT: Final = ("not in docs.bigmodel.cn/cn/guide/develop/responses", date(2026, 11, 23))

_ITEMS: Final = frozenset({"message", "function_call", "function_call_output", "reasoning"})
"""The input items that are documented; the record of a search is left out."""

_TAKEN_FROM_CHAT: Final = (
    ("model", "model"),
    ("temperature", "temperature"),
    ("top_p", "top_p"),
    ("max_tokens", "max_output_tokens"),
)

_OPENAIS: Final = frozenset({"parsed", "parsed_arguments"})
"""What openai's own objects add to what came over the wire."""

_SETTINGS: Final = frozenset(
    {"model", "messages", "temperature", "top_p", "max_completion_tokens", "reasoning_effort"}
)


def _input(asked: Asked, body: Body, _: Any) -> None:
    previous, history = asked.unknown, list(asked.context)
    if asked.before is not None:
        previous, history = asked.before.since_zhipu()
    if previous is not None:
        body["previous_response_id"] = previous
    items = [made for item in (*history, *asked.items) if (made := _item(item)) is not None]
    given = asked.body.get("input")
    body["input"] = given if isinstance(given, str) and not history else items


def _item(item: Item) -> Item | None:
    if item.get("type", "message") not in _ITEMS:
        return None
    if item.get("type") == "reasoning":
        # Taken as it was given, nulls included (probe of 2026-10-09).
        return item
    item = {name: value for name, value in item.items() if value is not None and name not in _OPENAIS}
    for name in ("content", "output"):
        if not isinstance(item.get(name), list):
            continue
        if name == "output":
            texts = [str(part.get("text") or "") for part in item[name] if isinstance(part, dict)]
            return {**item, name: "\n".join(texts)}
        return {**item, name: [_part(part) for part in item[name]]}
    return item


def _part(part: Any) -> Any:
    """Bring a part into the documented form: an image's URL given as an object is silently dropped there."""
    if not isinstance(part, dict):
        return part
    part = {name: value for name, value in part.items() if value is not None and name not in _OPENAIS}
    url = part.get("image_url")
    if part.get("type") == "input_image" and isinstance(url, dict):
        return {**part, "image_url": url.get("url")}
    if part.get("type") == "refusal":
        return {"type": "output_text", "text": part.get("refusal")}
    return part


def _store(_: Asked, body: Body, store: Any) -> None:
    # False is Zhipu's default.
    if store is True:
        body["store"] = True


def _tools(asked: Asked, body: Body, tools: Any) -> None:
    body["tools"] = [_tool(asked, tool) for tool in tools]


def _tool(asked: Asked, tool: Any) -> Any:
    kind = str(tool.get("type"))
    if kind.startswith("web_search"):
        for name in ("filters", "user_location"):
            if tool.get(name):
                asked.call.ledger.add(
                    f"tools.web_search.{name}", "dropped", "Zhipu's web search takes no settings here."
                )
        return {"type": "web_search"}
    if kind == "namespace":
        return {**tool, "tools": [_tool(asked, one) for one in tool.get("tools") or ()]}
    if isinstance(tool.get("function"), dict):
        # The form of chat completions, which some frameworks hand on.
        tool = {"type": "function", **tool["function"]}
    sent = {
        name: tool[name]
        for name in ("type", "name", "description", "parameters")
        if tool.get(name) is not None
    }
    if tool.get("strict"):
        asked.call.ledger.add(
            "tools.strict", "approximated", "Zhipu does not force arguments to follow the schema."
        )
    if isinstance(tool.get("parameters"), dict):
        sent["parameters"] = simplify(tool["parameters"])[0]
    return sent


def _text(asked: Asked, body: Body, text: Any) -> None:
    if not isinstance(text, dict):
        refuse("text", "text must be an object.", code="invalid_type")
    if text.get("verbosity") not in (None, "medium"):
        asked.call.ledger.add("text.verbosity", "dropped", "Zhipu has no verbosity; say it in the prompt.")
    if isinstance(text.get("format"), dict):
        body["text"] = {"format": {"type": text["format"].get("type", "text")}}


def _reasoning(asked: Asked, _: Body, reasoning: Any) -> None:
    note_reasoning(asked, reasoning)


def _field(
    name: str,
    verdict: Verdict,
    what: str,
    origin: tuple[str, date] = _DOCS,
    rule: Callable[[Asked, Body, Any], None] | None = None,
    *,
    neutral: tuple[Any, ...] = (),
    silent: bool = False,
) -> Field:
    return Field(name, verdict, what, *origin, rule, neutral, silent)


NATIVE_FIELDS: Final[tuple[Field, ...]] = (
    _field("background", "refused", "Nothing runs in the background.", _ABSENT, neutral=(False,)),
    _field("background_options", "refused", "Nothing runs in the background.", _ABSENT),
    _field(
        "prompt",
        "refused",
        "Prompt templates are kept by OpenAI alone; send the text as instructions.",
        _ABSENT,
    ),
    _field(
        "n", "refused", "A response is one answer; ask as often as you want answers.", _ABSENT, neutral=(1,)
    ),
    _field("model", "same", "OpenAI's names stand for GLM models.", _PROBED),
    _field("input", "translated", "Items as they are, after those that are kept here.", _DOCS, _input),
    _field("instructions", "same", "Passes."),
    _field(
        "previous_response_id",
        "translated",
        "Passes where Zhipu keeps that response; else what is kept here stands in front.",
        silent=True,
    ),
    _field("conversation", "emulated", "What is kept in this process stands in front.", _ABSENT, silent=True),
    _field(
        "store", "emulated", "Kept in this process; true is sent where the caller says so.", _DOCS, _store
    ),
    _field("metadata", "emulated", "Kept with the response and given back.", _ABSENT, silent=True),
    _field("stream", "same", "Passes."),
    _field("stream_options", "dropped", "There is no obfuscation to switch off.", _ABSENT, silent=True),
    _field(
        "max_output_tokens",
        "approximated",
        "At most what the model writes; thoughts count.",
        _PROBED,
        silent=True,
    ),
    _field("temperature", "approximated", "0 to 1, two decimals.", silent=True),
    _field("top_p", "approximated", "0.01 to 1, two decimals.", silent=True),
    _field("reasoning", "translated", "effort as the model knows it; thoughts in full.", _PROBED, _reasoning),
    _field("text", "translated", "text and json_object.", _DOCS, _text),
    _field(
        "tools",
        "translated",
        "Functions, namespaces and web_search; strict is not enforced.",
        _PROBED,
        _tools,
    ),
    _field("tool_choice", "same", "none and auto."),
    _field("stop", "same", "Passes; Zhipu's own."),
    _field("prompt_cache_key", "same", "Passes."),
    _field("parallel_tool_calls", "dropped", "Zhipu decides itself.", _ABSENT, silent=True),
    _field("max_tool_calls", "dropped", "Zhipu does not count the calls of its own tools.", _ABSENT),
    _field(
        "include",
        "approximated",
        "Search sources and thoughts are there anyway; log probabilities are not.",
        _PROBED,
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
    _field("user", "dropped", "Zhipu's Responses API takes no end user.", _ABSENT, neutral=("",)),
    _field(
        "safety_identifier", "dropped", "Zhipu's Responses API takes no end user.", _ABSENT, neutral=("",)
    ),
    _field("prompt_cache_retention", "dropped", "Zhipu caches prompts by itself.", _ABSENT, silent=True),
    _field("prompt_cache_options", "dropped", "Zhipu caches prompts by itself.", _ABSENT, silent=True),
    _field("service_tier", "dropped", "Zhipu has no service tiers.", _ABSENT, neutral=("auto", "default")),
    _field("top_logprobs", "dropped", "Zhipu returns no log probabilities.", _ABSENT, neutral=(0,)),
    _field("moderation", "dropped", "Zhipu moderates every request itself.", _ABSENT),
    _field("access_programs", "dropped", "A programme of OpenAI's.", _ABSENT),
    _field("image", "dropped", "Zhipu does not compress images of the context.", _ABSENT, neutral=({},)),
)


def native_body(asked: Asked) -> Body:
    """Make the request to Zhipu's own Responses API.

    Raises:
        Refused: A field cannot be honoured, and a guess could hurt.
    """
    body = apply(NATIVE_FIELDS, asked)
    chat = _as_chat(asked)
    for name, own in _TAKEN_FROM_CHAT:
        if name in chat.body:
            body[own] = chat.body[name]
    if chat.body.get("reasoning_effort") is not None:
        body["reasoning"] = {"effort": chat.body["reasoning_effort"]}
    return body


def _as_chat(asked: Asked) -> Draft:
    """Work out as a chat what both APIs take in the same way; contents that the model cannot take are refused."""
    call = asked.call
    # What is not taken from it is told by the table above.
    silent = replace(call, ledger=Ledger("ignore"))
    body = {
        name: value for name, value in chat_body(replace(asked, call=silent)).items() if name in _SETTINGS
    }
    return translate_request(
        Call("POST", "/chat/completions", "", body, call.options, ResponseLedger(call.ledger), call.attempt)
    )
