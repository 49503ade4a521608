"""A chat request on its way from OpenAI's words to Zhipu's, and what its answer must become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from zhipu_openai.adaptation import Kind, Ledger
    from zhipu_openai.catalogue import Model
    from zhipu_openai.exchange import Body


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """A ``json_schema`` that the answer must hold; ``schema`` is None where any JSON will do."""

    name: str
    schema: dict[str, Any] | None


@dataclass(slots=True)
class AnswerPlan:
    """What the translation of the request demands of the translation of the answer."""

    stream: bool = False
    include_usage: bool = False
    choices: int = 1
    legacy_functions: bool = False
    single_tool_call: bool = False
    forced_tools: frozenset[str] = frozenset()
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    json_schema: JsonSchema | None = None
    stops: tuple[str, ...] = ()
    think_tags: bool = False
    box_tokens: bool = False


@dataclass(slots=True)
class Draft:
    """The request while the field rules work on it.

    ``body`` is what will be sent. Rules replace its values and never change an object inside: what the
    caller gave stays as it is. ``thinks`` says whether the model that OpenAI's name stood for reasons; it
    is None when the name was Zhipu's own, or when the caller has decided about thinking.
    """

    body: Body
    ledger: Ledger
    aliases: Mapping[str, str]
    base_url: str = ""
    plan: AnswerPlan = field(default_factory=AnswerPlan)
    model: Model | None = None
    thinks: bool | None = None

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation.

        The detail must not quote values that vary from call to call: each detail warns once.
        """
        self.ledger.add(name, kind, detail)

    def refuse(self, name: str, message: str, *, code: str = "unsupported_parameter") -> NoReturn:
        """Refuse the request.

        Raises:
            Refused: Always.
        """
        raise Refused(refusal(message, param=name, code=code))

    @property
    def messages(self) -> list[Any]:
        """The messages, an empty list if they are not one."""
        return self._list("messages")

    @property
    def tools(self) -> list[Any]:
        """The tools, an empty list if they are not one."""
        return self._list("tools")

    def _list(self, name: str) -> list[Any]:
        value = self.body.get(name)
        return value if isinstance(value, list) else []

    def add_system_text(self, text: str) -> None:
        """Add an instruction to the leading system turn, or make one.

        Without messages nothing is added: Zhipu is to say that they are missing.
        """
        messages = self.messages
        if not messages:
            return
        first = messages[0]
        if (
            isinstance(first, dict)
            and first.get("role") == "system"
            and isinstance(first.get("content"), str)
        ):
            content = f"{first['content']}\n\n{text}" if first["content"] else text
            self.body["messages"] = [{**first, "content": content}, *messages[1:]]
        else:
            self.body["messages"] = [{"role": "system", "content": text}, *messages]
