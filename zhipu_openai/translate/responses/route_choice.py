"""Which path serves a request: Zhipu's own Responses API, or chat completions.

The rule of ``responses="auto"``: translate, unless Zhipu's own API gives the caller what chat completions
cannot (a row of GAINS), stands at the host and for the model (HOSTS, MODELS), and honours all that is asked
for (no row of LOSSES applies). Translation is the rule because it is what the evidence proves from end to end:
Zhipu's own API takes forced tool choices, schemas and efforts with HTTP 200 and ignores them, its stateful mode
has no live evidence, and an account that ever had a Coding Plan is told to use chat completions, which a key
does not show. ``"native"`` goes native whatever the host, and refuses what LOSSES name; ``"translate"`` never
goes native.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from zhipu_openai.endpoints import endpoint_of, region_of

from .answer import is_native_id
from .asked import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from zhipu_openai.endpoints import Region
    from zhipu_openai.exchange import Call

    from .asked import Asked

Path = Literal["native", "translated"]

_DOCS: Final = ("docs.bigmodel.cn/cn/guide/develop/responses", date(2026, 11, 23))
_PROBED: Final = ("RarogCmex/pi-bigmodel evidence, open.bigmodel.cn", date(2026, 10, 9))


@dataclass(frozen=True, slots=True)
class Host:
    """A platform, and whether "auto" may use its Responses API with any key."""

    region: Region
    auto: bool
    why: str
    source: str
    seen: date


HOSTS: Final[tuple[Host, ...]] = (
    Host("cn", True, "Documented for every account, and answered keys without any plan.", *_PROBED),
    Host(
        "intl",
        False,
        "Documented under the Coding Plan alone; no key without one was seen to work.",
        "docs.z.ai Coding Plan quick start",
        date(2026, 11, 23),
    ),
)
"""Other hosts, gateways and the like, are not known to have the path; the Coding Plan's base URL bills chat."""


@dataclass(frozen=True, slots=True)
class Served:
    """A model that Zhipu's own Responses API answers to."""

    id: str
    source: str
    seen: date


MODELS: Final[tuple[Served, ...]] = tuple(
    Served(name, *_PROBED)
    for name in (
        "glm-5.3",
        "glm-5.3-flash",
        "glm-5.3-flashx",
        "glm-5.2",
        "glm-5.1",
        "glm-5-turbo",
        "glm-5",
        "glm-5v-turbo",
        "glm-4.7",
        "glm-4.7-flashx",
        "glm-4.7-flash",
        "glm-4.6",
        "glm-4.6v",
        "glm-4.6v-flashx",
        "glm-4.6v-flash",
        "glm-4.5",
        "glm-4.5-air",
        "glm-4.5-airx",
        "glm-4.5-flash",
        "glm-4.5v",
    )
)
"""Probed by a free rejection. The models before 4.5 were there as well, and are left out: nothing was generated."""

_MODEL_IDS: Final = frozenset(row.id for row in MODELS)


@dataclass(frozen=True, slots=True)
class Rule:
    """Something in a request that one of the paths does better, or alone.

    ``applies`` looks at the request; ``param`` is the field that it is about.
    """

    param: str
    what: str
    applies: Callable[[Asked], bool]
    source: str
    seen: date


def _searches_beside_functions(asked: Asked) -> bool:
    offers = asked.tools.search is not None and bool(asked.tools.called)
    return offers and asked.body.get("tool_choice") != "none"


def _follows_zhipus(asked: Asked) -> bool:
    return asked.beginning is not None and is_native_id(asked.beginning)


GAINS: Final[tuple[Rule, ...]] = (
    Rule(
        "tools",
        "The web is searched although functions are offered; a chat does one or the other.",
        _searches_beside_functions,
        *_DOCS,
    ),
    Rule(
        "previous_response_id",
        "The response that is followed is kept by Zhipu, and not in this process.",
        _follows_zhipus,
        *_DOCS,
    ),
)
"""What makes "auto" go native."""


def _forces_a_tool(asked: Asked) -> bool:
    choice = asked.body.get("tool_choice")
    return choice == "required" or isinstance(choice, dict)


def _wants_a_schema(asked: Asked) -> bool:
    text = asked.body.get("text")
    form = text.get("format") if isinstance(text, dict) else None
    return isinstance(form, dict) and form.get("type") not in (None, "text", "json_object")


def _wants_no_thoughts(asked: Asked) -> bool:
    model = asked.model
    if model is None or model.thinking not in ("switch", "effort"):
        return False
    return asked.effort in ("none", "minimal") or (asked.effort is None and asked.thinks is False)


def _sets_thinking(asked: Asked) -> bool:
    return any(asked.body.get(name) is not None for name in ("thinking", "enable_thinking", "do_sample"))


def _wants_one_call(asked: Asked) -> bool:
    return asked.body.get("parallel_tool_calls") is False and bool(asked.tools.called)


def _has_other_tools(asked: Asked) -> bool:
    known = {"function", "namespace", "web_search", "web_search_2025_08_26"}
    return any(
        kind not in known and not kind.startswith("web_search_preview") for kind in asked.tools.kinds()
    ) or any(called.kind == "custom" for called in asked.tools.called.values())


_PARTS: Final = frozenset({"input_text", "output_text", "text", "refusal", "input_image", "input_file"})


def _holds_other_content(asked: Asked) -> bool:
    return any(
        part.get("type") not in _PARTS or part.get("file_id") is not None
        for item in _items(asked)
        if item.get("type", "message") == "message"
        for part in _parts(item.get("content"))
    )


def _shows_results(asked: Asked) -> bool:
    return any(
        part.get("type") not in ("input_text", "output_text", "text")
        for item in _items(asked)
        if item.get("type") == "function_call_output"
        for part in _parts(item.get("output"))
    )


def _holds_other_items(asked: Asked) -> bool:
    return any(str(item.get("type")).startswith("custom_tool_call") for item in _items(asked))


LOSSES: Final[tuple[Rule, ...]] = (
    Rule("tool_choice", "A forced tool choice is accepted there and not followed.", _forces_a_tool, *_PROBED),
    Rule(
        "text.format", "A JSON schema is not in its documentation, and not enforced.", _wants_a_schema, *_DOCS
    ),
    Rule("reasoning.effort", "Nothing turns thinking off there.", _wants_no_thoughts, *_PROBED),
    Rule(
        "thinking", "Zhipu's own switches of chat are accepted there and ignored.", _sets_thinking, *_PROBED
    ),
    Rule("parallel_tool_calls", "One call at a time is not in its documentation.", _wants_one_call, *_DOCS),
    Rule(
        "tools",
        "How calls of custom tools come back is not established; it has no retrieval.",
        _has_other_tools,
        *_DOCS,
    ),
    Rule("input", "It documents no audio, no video and no file by its id.", _holds_other_content, *_DOCS),
    Rule(
        "input",
        "Images in the results of tools were counted as text there.",
        _shows_results,
        "new-api fork notes",
        date(2026, 11, 23),
    ),
    Rule("input", "It documents no calls of custom tools as input.", _holds_other_items, *_DOCS),
)
"""What chat completions do, and Zhipu's own Responses API does not."""


def choose(asked: Asked) -> Path:
    """Choose the path for a request.

    Raises:
        Refused: The caller wants Zhipu's own API, which cannot do what is asked for.
    """
    mode = asked.call.options.responses
    if mode == "translate":
        return "translated"
    lost = next((rule for rule in LOSSES if rule.applies(asked)), None)
    if mode == "native":
        if lost is not None:
            refuse(
                lost.param,
                f"Zhipu's own Responses API cannot serve this. {lost.what} The client was made with "
                'responses="native"; with responses="auto" it is served by chat completions.',
            )
        return "native"
    stands = is_native_host(asked.call, automatically=True) and asked.body.get("model") is not None
    gains = any(rule.applies(asked) for rule in GAINS)
    known = asked.model is not None and asked.model.id in _MODEL_IDS
    return "native" if stands and known and gains and lost is None else "translated"


def is_native_host(call: Call, *, automatically: bool) -> bool:
    """Whether Zhipu's own Responses API stands at the client's host.

    Args:
        call: The request.
        automatically: Whether any key works there, as far as is known.
    """
    base_url = call.options.base_url
    region = region_of(base_url)
    if endpoint_of(base_url) != "general":
        return False
    return any(row.region == region and (row.auto or not automatically) for row in HOSTS)


def may_be_at_zhipu(call: Call, response_id: str) -> bool:
    """Whether a response that is not kept here may be one that Zhipu keeps."""
    mode = call.options.responses
    if mode == "translate" or not is_native_id(response_id):
        return False
    return mode == "native" or is_native_host(call, automatically=False)


def _items(asked: Asked) -> Iterator[dict[str, Any]]:
    yield from asked.history()
    yield from asked.items


def _parts(content: Any) -> list[dict[str, Any]]:
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
