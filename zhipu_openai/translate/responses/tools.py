"""The tools of a response: what they are called on the wire, and what they were called by the caller.

Chat completions have functions alone. A custom tool is offered as a function with one text, a tool in a
namespace as a function whose name begins with the namespace's; calls of them come back as what they were.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import NoReturn

    from zhipu_openai.adaptation import Ledger

LONGEST_NAME: Final = 64
"""Characters of a function's name. Source: bigmodel.cn OpenAPI, 2026-07-11."""

INPUT: Final = "input"
"""The one parameter of a function that stands for a custom tool."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A kind of tool that OpenAI runs on its servers and Zhipu does not, and what to use instead."""

    type: str
    instead: str
    source: str
    seen: date


_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))

UNSERVED: Final[Mapping[str, Unserved]] = {
    row.type: row
    for row in (
        Unserved("code_interpreter", "offer a function that runs the code on your side", *_ABSENT),
        Unserved("computer", "offer functions that act on your side", *_ABSENT),
        Unserved("computer_use_preview", "offer functions that act on your side", *_ABSENT),
        Unserved("image_generation", "call client.images.generate, or offer a function that does", *_ABSENT),
        Unserved("local_shell", "offer a function that runs the command on your side", *_ABSENT),
        Unserved("shell", "offer a function that runs the command on your side", *_ABSENT),
        Unserved("apply_patch", "offer a function, or a custom tool, that applies the patch", *_ABSENT),
        Unserved(
            "mcp",
            "list the server's tools on your side and offer them as functions, as the Agents SDK does, or give "
            'Zhipu\'s own {"type": "mcp", "mcp": {...}}',
            "bigmodel.cn OpenAPI: another form",
            date(2026, 7, 11),
        ),
        Unserved("tool_search", "offer the functions themselves", *_ABSENT),
        Unserved("programmatic_tool_calling", "offer the functions themselves", *_ABSENT),
    )
}

SEARCHES: Final = (
    "web_search",
    "web_search_2025_08_26",
    "web_search_preview",
    "web_search_preview_2025_03_11",
)
"""OpenAI's names of its web search."""


@dataclass(frozen=True, slots=True)
class Called:
    """A tool as the caller named it."""

    kind: Literal["function", "custom"]
    name: str
    namespace: str | None = None


@dataclass(slots=True)
class ToolMap:
    """The tools of a request.

    Attributes:
        offered: The functions and Zhipu's own tools, in the form of chat completions.
        search: OpenAI's web search tool, None if it is not offered.
        called: The tools by the name that the model knows them by.
        given: The tools as the caller gave them.
    """

    offered: list[Any] = field(default_factory=list)
    search: dict[str, Any] | None = None
    called: dict[str, Called] = field(default_factory=dict)
    given: list[Any] = field(default_factory=list)

    @classmethod
    def read(cls, tools: Any, ledger: Ledger) -> ToolMap:
        """Read the tools of a request.

        Raises:
            Refused: There is one that Zhipu neither has nor can be emulated.
        """
        made = cls()
        if tools is None:
            return made
        if not isinstance(tools, list):
            _refuse("tools", "tools must be a list.", code="invalid_type")
        made.given = tools
        for place, tool in enumerate(tools):
            made._take(f"tools[{place}]", tool, ledger)
        return made

    def of(self, wire_name: str) -> Called:
        """Give the tool that a call of the model's means."""
        return self.called.get(wire_name) or Called("function", wire_name)

    def translate_choice(self, choice: Any) -> Any:
        """Say a tool choice as chat completions do; what is no function or custom tool passes."""
        if not isinstance(choice, dict):
            return choice
        if choice.get("type") in ("function", "custom") and "name" in choice:
            return self._named(choice)
        if choice.get("type") == "allowed_tools" and isinstance(choice.get("tools"), list):
            allowed = [self._named(tool) if isinstance(tool, dict) else tool for tool in choice["tools"]]
            return {**choice, "tools": allowed}
        return choice

    def _named(self, choice: Mapping[str, Any]) -> dict[str, Any]:
        """Name a tool as the model knows it; one in a namespace may be meant without it."""
        name = wire_name(str(choice.get("name")), choice.get("namespace"))
        if name not in self.called:
            meant = [wire for wire, called in self.called.items() if called.name == choice.get("name")]
            name = meant[0] if len(meant) == 1 else name
        return {"type": "function", "function": {"name": name}}

    def kinds(self) -> Iterator[str]:
        """Give the type of each tool as the caller gave it."""
        for tool in self.given:
            yield str(tool.get("type")) if isinstance(tool, dict) else ""

    def _take(self, place: str, tool: Any, ledger: Ledger) -> None:
        if not isinstance(tool, dict):
            _refuse(place, "A tool must be an object.", code="invalid_type")
        kind = str(tool.get("type"))
        if kind == "namespace":
            for inner, one in enumerate(tool.get("tools") or ()):
                self._callable(f"{place}.tools[{inner}]", one, ledger, namespace=str(tool.get("name")))
        elif kind in ("function", "custom"):
            self._callable(place, tool, ledger, namespace=None)
        elif kind in SEARCHES and "web_search" not in tool:
            self.search = tool
        elif kind == "file_search":
            self.offered.append(_retrieval(place, tool, ledger))
        elif kind in UNSERVED and kind not in tool:
            _refuse(
                f"{place}.type",
                f"Zhipu does not run OpenAI's {kind} tool; {UNSERVED[kind].instead}.",
                code="unsupported_tool",
            )
        else:
            self.offered.append(tool)

    def _callable(self, place: str, tool: Any, ledger: Ledger, *, namespace: str | None) -> None:
        kind = tool.get("type") if isinstance(tool, dict) else None
        if kind not in ("function", "custom") or not isinstance(tool, dict):
            _refuse(f"{place}.type", "A namespace holds functions and custom tools.", code="unsupported_tool")
        if isinstance(tool.get("function"), dict):
            # The form of chat completions, which some frameworks hand on.
            tool = {"type": kind, **tool["function"]}
        called = Called(kind, str(tool.get("name")), namespace)
        name = wire_name(called.name, namespace)
        self.called[name] = called
        self.offered.append(
            {
                "type": "function",
                "function": _function(tool, name) if kind == "function" else _custom(tool, name),
            }
        )
        if kind == "custom":
            detail = "offered as a function with one text; a grammar is told to the model, not enforced."
            ledger.add("tools.custom", "emulated" if tool.get("format") else "translated", detail)


def wire_name(name: str, namespace: str | None) -> str:
    """Give the name under which a tool is offered: its own, or the namespace's before it, 64 characters at most."""
    if not namespace:
        return name
    whole = f"{namespace}__{name}"
    if len(whole) <= LONGEST_NAME:
        return whole
    mark = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return f"{whole[: LONGEST_NAME - 9]}_{mark}"


def custom_arguments(text: str) -> str:
    """Write the input of a custom tool as the arguments of the function that stands for it."""
    return json.dumps({INPUT: text}, ensure_ascii=False)


def custom_input(arguments: str) -> str:
    """Read the input of a custom tool from the arguments of the function that stands for it."""
    try:
        value = json.loads(arguments)
    except ValueError:
        return arguments
    text = value.get(INPUT) if isinstance(value, dict) else value
    if isinstance(text, str):
        return text
    return arguments if text is None else json.dumps(text, ensure_ascii=False)


def is_hosted(choice: Any) -> bool:
    """Whether a choice names a tool that runs on the server, such as the web search."""
    return isinstance(choice, dict) and choice.get("type") not in ("function", "custom", "allowed_tools")


def _function(tool: Mapping[str, Any], name: str) -> dict[str, Any]:
    kept = {key: tool[key] for key in ("description", "parameters", "strict") if tool.get(key) is not None}
    return {"name": name, **kept}


def _custom(tool: Mapping[str, Any], name: str) -> dict[str, Any]:
    form = tool.get("format")
    described = [str(tool.get("description") or "")]
    if isinstance(form, dict) and form.get("type") == "grammar":
        described.append(
            f"The input must follow this {form.get('syntax')} grammar:\n{form.get('definition')}"
        )
    return {
        "name": name,
        "description": "\n\n".join(filter(None, described)) or f"Takes one text as {INPUT}.",
        "parameters": {
            "type": "object",
            "properties": {INPUT: {"type": "string", "description": "The whole input of the tool, as text."}},
            "required": [INPUT],
        },
    }


def _retrieval(place: str, tool: Mapping[str, Any], ledger: Ledger) -> dict[str, Any]:
    """Say ``file_search`` as Zhipu's ``retrieval``, which searches one knowledge base."""
    stores = tool.get("vector_store_ids")
    if not isinstance(stores, list) or len(stores) != 1:
        _refuse(
            f"{place}.vector_store_ids",
            "Zhipu's retrieval searches one knowledge base: give its id alone.",
            code="unsupported_value",
        )
    rest = [name for name in ("filters", "max_num_results", "ranking_options") if tool.get(name) is not None]
    for name in rest:
        ledger.add(f"tools.file_search.{name}", "dropped", "Zhipu's retrieval has no such setting.")
    ledger.add("tools.file_search", "translated", "sent as retrieval; its results come without citations.")
    return {"type": "retrieval", "retrieval": {"knowledge_id": stores[0]}}


def _refuse(name: str, message: str, *, code: str) -> NoReturn:
    raise Refused(refusal(message, param=name, code=code))
