"""Tools and functions: what is offered, and which one must be called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.json_schema import simplify

if TYPE_CHECKING:
    from .draft import Draft

_SEARCH_SIZES: Final[dict[str, str]] = {"low": "medium", "medium": "medium", "high": "high"}
"""OpenAI's search_context_size in Zhipu's content_size, which knows medium and high alone.
Source: bigmodel.cn OpenAPI, 2026-07-11."""


def translate_functions(draft: Draft, functions: Any) -> None:
    """Offer the functions of the older form as tools."""
    del draft.body["functions"]
    if not isinstance(functions, list):
        return
    draft.plan.legacy_functions = True
    offered = [{"type": "function", "function": function} for function in functions]
    draft.body["tools"] = [*offered, *(draft.body.get("tools") or [])]
    draft.note("functions", "translated", "sent as tools; the answer comes back as function_call.")


def translate_function_call(draft: Draft, choice: Any) -> None:
    """Say ``function_call`` as ``tool_choice``."""
    del draft.body["function_call"]
    draft.plan.legacy_functions = True
    if isinstance(choice, dict):
        choice = {"type": "function", "function": {"name": choice.get("name")}}
    draft.body.setdefault("tool_choice", choice)


def translate_tools(draft: Draft, tools: Any) -> None:
    """Simplify the schemas, and leave out what Zhipu would not enforce.

    Raises:
        Refused: A tool is of a type that neither Zhipu has nor can be emulated.
    """
    if not isinstance(tools, list):
        return
    if not tools:
        del draft.body["tools"]
        return
    draft.body["tools"] = [_tool(draft, place, tool) for place, tool in enumerate(tools)]
    knows = draft.model is not None and draft.model.tool_stream
    if draft.plan.stream and knows and _function_names(draft.body["tools"]):
        # Without it a long call arrives whole after a silence in which idle connections were closed.
        draft.body.setdefault("tool_stream", True)


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
    if isinstance(parameters, dict):
        sent["parameters"] = simplify(parameters)[0]
        draft.plan.parameters[str(function.get("name"))] = parameters
    return {**tool, "function": sent}


def translate_tool_choice(draft: Draft, choice: Any) -> None:
    """Honour ``tool_choice``; what is not "auto" is emulated, since Zhipu refuses it (1210).

    Raises:
        Refused: The tool that must be called is not offered.
    """
    del draft.body["tool_choice"]
    tools = draft.body.get("tools")
    if not isinstance(tools, list):
        if choice not in (None, "auto", "none"):
            draft.note("tool_choice", "repaired", "left out, since no tools are offered.")
        return
    choice, tools = _allowed(choice, tools)
    draft.body["tools"] = tools
    if choice == "none":
        del draft.body["tools"]
        draft.body.pop("tool_stream", None)
        draft.note("tool_choice", "translated", "none: no tools are offered.")
        return
    if choice in (None, "auto"):
        draft.body["tool_choice"] = "auto"
        return
    names = _function_names(tools)
    if isinstance(choice, dict):
        names &= {str(_named(choice))}
    elif choice != "required":
        draft.refuse(
            "tool_choice", f"tool_choice {choice!r} is not one of none, auto, required or a named function."
        )
    if not names:
        draft.refuse(
            "tool_choice",
            "The function that tool_choice names is not among the tools.",
            code="invalid_tool_choice",
        )
    draft.body["tools"] = [tool for tool in tools if _name(tool) in names]
    draft.body["tool_choice"] = "auto"
    draft.plan.forced_tools = frozenset(names)
    draft.add_system_text(force_instruction(names))
    draft.note(
        "tool_choice",
        "emulated",
        "only that tool is offered, the model is told to call it, and the answer is checked.",
    )


def force_instruction(names: frozenset[str] | set[str]) -> str:
    """Tell a model that it must call one of these functions."""
    listed = " or ".join(f"`{name}`" for name in sorted(names))
    return f"You must answer this turn by calling the function {listed}. Do not answer in text."


def translate_parallel_tool_calls(draft: Draft, parallel: Any) -> None:
    """Honour ``parallel_tool_calls: false``: a second call in one answer is not passed on."""
    del draft.body["parallel_tool_calls"]
    if parallel is False and isinstance(draft.body.get("tools"), list):
        draft.plan.single_tool_call = True
        draft.note("parallel_tool_calls", "emulated", "only the first tool call of an answer is passed on.")


def translate_web_search(draft: Draft, options: Any) -> None:
    """Offer Zhipu's web search where OpenAI's is asked for.

    Raises:
        Refused: Functions are offered too; Zhipu would silently not search.
    """
    del draft.body["web_search_options"]
    tools = draft.body.get("tools") or []
    if _function_names(tools):
        draft.refuse(
            "web_search_options",
            "Zhipu does not search when functions are offered as well; ask in two calls, "
            "or offer a function that searches.",
        )
    options = options if isinstance(options, dict) else {}
    if options.get("user_location"):
        draft.note("web_search_options.user_location", "dropped", "Zhipu's web search takes no location.")
    size = _SEARCH_SIZES.get(str(options.get("search_context_size")), "medium")
    search = {"enable": True, "search_engine": "search_std", "search_result": True, "content_size": size}
    draft.body["tools"] = [*tools, {"type": "web_search", "web_search": search}]
    draft.note("web_search_options", "translated", "Zhipu's web_search tool with the search_std engine.")


def _allowed(choice: Any, tools: list[Any]) -> tuple[Any, list[Any]]:
    """Take ``allowed_tools`` apart into a mode and the tools that remain."""
    if not isinstance(choice, dict) or choice.get("type") != "allowed_tools":
        return choice, tools
    allowed = choice.get("allowed_tools") or choice
    names = {_name(tool) for tool in allowed.get("tools") or []}
    return allowed.get("mode", "auto"), [tool for tool in tools if _name(tool) in names]


def _named(choice: dict[str, Any]) -> object:
    function = choice.get("function")
    return function.get("name") if isinstance(function, dict) else choice.get("name")


def _name(tool: Any) -> str | None:
    function = tool.get("function") if isinstance(tool, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else None


def _function_names(tools: Any) -> set[str]:
    names = (_name(tool) for tool in tools) if isinstance(tools, list) else ()
    return {name for name in names if name is not None}
