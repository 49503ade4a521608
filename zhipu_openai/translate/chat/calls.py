"""The tool calls of a stream: which call a fragment belongs to, and what OpenAI would send for it.

Zhipu sends a call whole, or with ``tool_stream`` in fragments. Indexes of -1 (glm-4.5-flash, recorded
2025-09-14), missing ids (anomalyco/opencode#2557, 2025-09) and double finish reasons were seen; whether
fragments repeat id and name is not established, so both are read. The calls of GLM-4-AllTools have the index null
and stand under the name of their type (developer pages of 2025).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.json_schema import parse_json

from .answer import tool_call_id
from .json_scan import ArgumentStream
from .parts import arguments_text

if TYPE_CHECKING:
    from .draft import AnswerPlan


_CALL_FIELDS: Final = frozenset({"index", "id", "type", "function"})


class _Call:
    """A call that has begun."""

    def __init__(self, place: int, given: dict[str, Any], made_id: str) -> None:
        self.place = place
        self.given_id = _text(given.get("id"))
        self.id = self.given_id or made_id
        self.index = _index(given)
        self.kind = _text(given.get("type")) or "function"
        self.name = ""
        self._arguments = ArgumentStream(None)
        self._received: list[str] = []
        self._own: dict[str, Any] = {}
        self._begun = False

    def take(self, name: str, arguments: str, plan: AnswerPlan) -> dict[str, str]:
        """Take what a fragment says of the function; give what is new in it."""
        new = {}
        if name and not self.name:
            self.name = new["name"] = name
            self._arguments = ArgumentStream(plan.parameters.get(name))
        self._received.append(arguments)
        new["arguments"] = self._pass(self._arguments.feed(arguments))
        return new

    def take_own(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take what a fragment holds beside OpenAI's fields, such as the ``code_interpreter`` of a call of that type."""
        rest = {field: value for field, value in given.items() if field not in _CALL_FIELDS}
        for field, value in rest.items():
            held = self._own.get(field)
            self._own[field] = (
                {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
            )
        return rest

    def is_continued_by(self, given: dict[str, Any]) -> bool:
        """Whether a fragment goes on with a call of Zhipu's own type: one that openai can add to what has come.

        openai adds up texts; it cannot join lists, so these begin a call of their own.
        """
        if not self.given_id or (_text(given.get("id")), _text(given.get("type"))) != (
            self.given_id,
            self.kind,
        ):
            return False
        more = given.get(self.kind)
        held = self._own.get(self.kind)
        return (
            isinstance(more, dict)
            and isinstance(held, dict)
            and all(
                isinstance(more[name], str) and isinstance(held[name], str) for name in more.keys() & held
            )
        )

    def complete(self) -> str:
        """Close the call; give what was held back. OpenAI's arguments are JSON, if only an empty object."""
        rest = self._pass(self._arguments.end())
        return rest if self._begun or self.kind != "function" else "{}"

    def has_all_arguments(self) -> bool:
        """Whether what has come is a whole JSON value, so that more would belong to another call."""
        try:
            parse_json("".join(self._received))
        except (ValueError, RecursionError):
            return False
        return True

    def _pass(self, text: str) -> str:
        self._begun = self._begun or bool(text)
        return text


class ToolCalls:
    """Numbers the calls of one answer and gives each fragment its place."""

    def __init__(self, plan: AnswerPlan) -> None:
        """Begin with no call."""
        self._plan = plan
        self._most = 1 if plan.single_tool_call or plan.legacy_functions else None
        self._calls: list[_Call] = []
        self._under_way: _Call | None = None

    def __bool__(self) -> bool:
        """Whether a call has begun."""
        return bool(self._calls)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the functions called, as far as the calls are passed on."""
        return tuple(call.name for call in self._calls[: self._most])

    def take(self, fragments: list[Any], answer_id: str) -> list[dict[str, Any]]:
        """Translate the ``tool_calls`` of a delta; ``answer_id`` is what missing ids are made of."""
        out: list[dict[str, Any]] = []
        for given in fragments:
            if not isinstance(given, dict):
                continue
            function = given.get("function")
            function = function if isinstance(function, dict) else {}
            name, arguments = str(function.get("name") or ""), arguments_text(function.get("arguments"))
            call = self._known(given, name, arguments)
            if call is None:
                out += self._begin(given, name, arguments, answer_id)
                continue
            if call.kind != "function" and not function:
                own = call.take_own(given)
                if self._passes(call):
                    out.append({"index": call.place, **own})
                continue
            more = call.take(name, arguments, self._plan)
            if any(more.values()) and self._passes(call):
                out.append({"index": call.place, "function": more})
        return out

    def end(self) -> list[dict[str, Any]]:
        """Close the call under way: what was held back of its arguments."""
        call, self._under_way = self._under_way, None
        rest = "" if call is None else call.complete()
        return [{"index": call.place, "function": {"arguments": rest}}] if call is not None and rest else []

    def _passes(self, call: _Call) -> bool:
        return self._most is None or call.place < self._most

    def _begin(
        self, given: dict[str, Any], name: str, arguments: str, answer_id: str
    ) -> list[dict[str, Any]]:
        """Begin a call; the one before it is closed first, as openai's ``.stream()`` then reads it."""
        place = len(self._calls)
        made_id = tool_call_id(answer_id, place)
        call = _Call(place, given, made_id)
        if any(call.id == other.id for other in self._calls):
            call.id = made_id
        self._calls.append(call)
        begun = {"index": place, "id": call.id, "type": call.kind, **call.take_own(given)}
        if call.kind == "function" or isinstance(given.get("function"), dict):
            begun["function"] = {"name": "", **call.take(name, arguments, self._plan)}
        if not self._passes(call):
            return []
        closed = self.end()
        self._under_way = call
        return [*closed, begun]

    def _known(self, given: dict[str, Any], name: str, arguments: str) -> _Call | None:
        """Find the call that a fragment continues; None if it begins one."""
        call_id, index = _text(given.get("id")), _index(given)
        if _text(given.get("type")) not in ("", "function"):
            return next((call for call in reversed(self._calls) if call.is_continued_by(given)), None)
        same = next((call for call in reversed(self._calls) if call_id and call.given_id == call_id), None)
        if same is not None:
            # One id for two calls: each has a name and an index of its own.
            return None if name and None not in (index, same.index) and index != same.index else same
        call = self._calls[-1] if self._calls else None
        if index is not None:
            call = next((call for call in reversed(self._calls) if call.index == index), None)
        if call is None or not name or not call.name:
            return call
        if call_id and call.given_id:
            return None
        # The name again: of the same call, as long as that lacks something or nothing comes with it.
        continues = not arguments or not call.has_all_arguments()
        return call if call.name == name and continues else None


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _index(given: dict[str, Any]) -> int | None:
    index = given.get("index")
    usable = isinstance(index, int) and not isinstance(index, bool) and index >= 0
    return index if usable else None
