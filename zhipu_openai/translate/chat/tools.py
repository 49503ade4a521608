"""Tools and functions: what is offered, and which one must be called."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.endpoints import region_of
from zhipu_openai.translate.json_schema import simplify

if TYPE_CHECKING:
    from .draft import Draft

_NO_PARAMETERS: Final[dict[str, Any]] = {"type": "object", "properties": {}}
"""Parameters of a function without any. Zhipu's specification both requires ``parameters`` and says to
omit them in this case (bigmodel.cn OpenAPI, 2026-07-11); an object without properties meets both."""

_LONGEST_REMEMBERED: Final = 65536
"""Characters of a schema whose simplified form is remembered."""

_SEARCH_SIZES: Final[dict[str, str]] = {"low": "medium", "medium": "medium", "high": "high"}
"""OpenAI's search_context_size in Zhipu's content_size, which knows medium and high alone.
Source: bigmodel.cn OpenAPI, 2026-07-11."""

_SEARCH_ENGINES: Final[dict[str, str]] = {"cn": "search_std", "intl": "search_pro_jina"}
"""The default engine of each region: bigmodel.cn OpenAPI, 2026-07-11; docs.z.ai OpenAPI, 2026-08-22."""


def translate_functions(draft: Draft, functions: Any) -> None:
    """Offer the functions of the older form as tools.

    Raises:
        Refused: It is no list.
    """
    if not isinstance(functions, list):
        draft.refuse("functions", "functions must be a list of functions.", code="invalid_type")
    del draft.body["functions"]
    draft.plan.legacy_functions = True
    offered = [{"type": "function", "function": function} for function in functions]
    draft.body["tools"] = [*offered, *draft.tools]
    draft.note("functions", "translated", "sent as tools; the answer comes back as function_call.")


def translate_function_call(draft: Draft, choice: Any) -> None:
    """Say ``function_call`` as ``tool_choice``."""
    del draft.body["function_call"]
    draft.plan.legacy_functions = True
    if isinstance(choice, dict):
        choice = {"type": "function", "function": {"name": choice.get("name")}}
    if draft.body.get("tool_choice") is None:
        draft.body["tool_choice"] = choice


def translate_tools(draft: Draft, tools: Any) -> None:
    """Simplify the schemas, and leave out what Zhipu would not enforce.

    Raises:
        Refused: A tool is of a type that neither Zhipu has nor can be emulated.
    """
    if isinstance(tools, list):
        draft.body["tools"] = [_tool(draft, place, tool) for place, tool in enumerate(tools)]


def _tool(draft: Draft, place: int, tool: Any) -> Any:
    if not isinstance(tool, dict):
        return tool
    if tool.get("type") == "custom":
        draft.refuse(
            f"tools.[{place}].type",
            "Zhipu has no custom tools with free or grammar-bound input; "
            "offer a function with one string parameter instead.",
        )
    function = tool.get("function")
    if tool.get("type") != "function" or not isinstance(function, dict):
        return tool
    sent = {name: value for name, value in function.items() if name != "strict" and value is not None}
    if function.get("strict"):
        draft.note(
            "tools.function.strict", "approximated", "Zhipu does not force arguments to follow the schema."
        )
    parameters = function.get("parameters")
    if isinstance(parameters, dict) and parameters:
        sent["parameters"] = _simplified(parameters)
        draft.plan.parameters[str(function.get("name"))] = parameters
    elif not parameters:
        sent["parameters"] = _NO_PARAMETERS
    return {**tool, "function": sent}


def _simplified(parameters: dict[str, Any]) -> dict[str, Any]:
    """Simplify a schema, or give what it came to before: an agent offers the same tools with every turn."""
    text = json.dumps(parameters)
    return _remembered(text) if len(text) < _LONGEST_REMEMBERED else simplify(parameters)[0]


@lru_cache(maxsize=512)
def _remembered(text: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(text)
    return simplify(schema)[0]


def settle_tool_stream(draft: Draft) -> None:
    """Have the arguments of a call streamed in pieces, unless the caller has decided.

    Without it a long call arrives whole, after a silence in which idle connections were closed.
    Source: NousResearch/hermes-agent#12758.
    """
    knows = draft.model is not None and draft.model.tool_stream
    if draft.plan.stream and knows and _function_names(draft.tools):
        draft.body.setdefault("tool_stream", True)


def translate_tool_choice(draft: Draft, choice: Any) -> None:
    """Honour ``tool_choice``; what is not "auto" is emulated, since Zhipu refuses it (1210).

    Raises:
        Refused: The tool that must be called is not offered.
    """
    del draft.body["tool_choice"]
    given_as = "function_call" if draft.plan.legacy_functions else "tool_choice"
    tools = draft.tools
    if not tools:
        if choice not in ("auto", "none"):
            draft.note(given_as, "dropped", "left out, since no tools are offered.")
        return
    if _is_allowed_tools(choice):
        choice, tools = _allowed(draft, choice, tools)
    if choice == "none":
        del draft.body["tools"]
        draft.body.pop("tool_stream", None)
        draft.note(given_as, "translated", "none: no tools are offered.")
        return
    draft.body["tools"] = tools
    draft.body["tool_choice"] = "auto"
    if choice != "auto":
        _force(draft, _forced_names(draft, choice, tools, given_as), given_as)


def _is_allowed_tools(choice: Any) -> bool:
    return isinstance(choice, dict) and choice.get("type") == "allowed_tools"


def _allowed(draft: Draft, choice: dict[str, Any], tools: list[Any]) -> tuple[Any, list[Any]]:
    """Take ``allowed_tools`` apart into a mode and the tools that remain.

    Raises:
        Refused: A tool that is allowed is not offered.
    """
    nested = choice.get("allowed_tools")
    allowed = nested if isinstance(nested, dict) else choice
    listed = allowed.get("tools")
    names = [_named(tool) for tool in listed] if isinstance(listed, list) else []
    if not names or not _function_names(tools).issuperset(map(str, names)):
        draft.refuse(
            "tool_choice.allowed_tools.tools",
            "Each of the allowed tools must be among the tools.",
            code="invalid_tool_choice",
        )
    draft.note("tool_choice", "translated", "only the allowed tools are offered.")
    return allowed.get("mode", "auto"), [tool for tool in tools if _name(tool) in names]


def _forced_names(draft: Draft, choice: Any, tools: list[Any], given_as: str) -> set[str]:
    """Give the names of the functions of which one must be called.

    Raises:
        Refused: There is none, or the choice is none of OpenAI's.
    """
    names = _function_names(tools)
    if isinstance(choice, dict):
        names &= {str(_named(choice))}
    elif choice != "required":
        draft.refuse(
            given_as, f"{given_as} must be none, auto, required or a named function.", code="invalid_value"
        )
    if not names:
        draft.refuse(
            given_as,
            f"{given_as} demands a function that is not among the tools.",
            code="invalid_tool_choice",
        )
    return names


def _force(draft: Draft, names: set[str], given_as: str) -> None:
    draft.body["tools"] = [tool for tool in draft.tools if _name(tool) in names]
    draft.plan.forced_tools = frozenset(names)
    draft.add_system_text(force_instruction(names))
    draft.note(
        given_as,
        "emulated",
        "only what may be called is offered, the model is told to call it, and the answer is checked.",
    )


def force_instruction(names: frozenset[str] | set[str]) -> str:
    """Tell a model that it must call one of these functions."""
    listed = " or ".join(f"`{name}`" for name in sorted(names))
    return f"You must answer this turn by calling the function {listed}. Do not answer in text."


def translate_parallel_tool_calls(draft: Draft, parallel: Any) -> None:
    """Honour ``parallel_tool_calls: false``: a second call in one answer is not passed on."""
    del draft.body["parallel_tool_calls"]
    if parallel is False and draft.tools:
        draft.plan.single_tool_call = True
        draft.note("parallel_tool_calls", "emulated", "only the first tool call of an answer is passed on.")


def translate_web_search(draft: Draft, options: Any) -> None:
    """Offer Zhipu's web search where OpenAI's is asked for; a web_search tool of the caller's own wins.

    Raises:
        Refused: The model has no web search, or functions are offered too and Zhipu would silently not
            search.
    """
    if not isinstance(options, dict):
        draft.refuse("web_search_options", "web_search_options must be an object.", code="invalid_type")
    del draft.body["web_search_options"]
    if draft.model is not None and draft.model.kind != "text":
        draft.refuse(
            "web_search_options",
            f"{draft.model.id} does not search the web; choose a text model such as glm-5.2.",
        )
    tools = draft.tools
    if _function_names(tools):
        draft.refuse(
            "web_search_options",
            "Zhipu does not search when functions are offered as well; ask in two calls, "
            "or offer a function that searches.",
        )
    if any(isinstance(tool, dict) and tool.get("type") == "web_search" for tool in tools):
        return
    if options.get("user_location"):
        draft.note("web_search_options.user_location", "dropped", "Zhipu's web search takes no location.")
    engine = _SEARCH_ENGINES[region_of(draft.base_url) or "cn"]
    size = _SEARCH_SIZES.get(str(options.get("search_context_size")), "medium")
    search = {"enable": True, "search_engine": engine, "search_result": True, "content_size": size}
    draft.body["tools"] = [*tools, {"type": "web_search", "web_search": search}]
    draft.note("web_search_options", "translated", "Zhipu's web_search tool with its default engine.")


def _named(choice: Any) -> object:
    """Give the name that a choice holds, in the form of chat completions or of responses."""
    if not isinstance(choice, dict):
        return None
    function = choice.get("function")
    return function.get("name") if isinstance(function, dict) else choice.get("name")


def _name(tool: Any) -> str | None:
    function = tool.get("function") if isinstance(tool, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else None


def _function_names(tools: list[Any]) -> set[str]:
    return {name for name in map(_name, tools) if name is not None}
