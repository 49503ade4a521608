"""A request for a response, read once: what both paths need to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

from zhipu_openai import catalogue
from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal

from .store import Item, Store, not_kept
from .tools import ToolMap

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body, Call

    from .store import Record


@dataclass(slots=True)
class Asked:
    """What the caller asked for.

    Attributes:
        call: The request of the SDK.
        body: Its body without the fields that are null.
        items: The input items of this request.
        tools: The tools it offers.
        store: Where responses and conversations are kept.
        before: The response that this one follows, where it is kept here.
        unknown: The id of a response that this one follows and that is not kept here.
        conversation: The id of the conversation that it belongs to.
        context: What was said in that conversation before.
        model: GLM's model, None for one that is not known.
        thinks: Whether OpenAI's model of that name reasons; None for GLM's own names.
    """

    call: Call
    body: Body
    items: list[Item]
    tools: ToolMap
    store: Store
    before: Record | None = None
    unknown: str | None = None
    conversation: str | None = None
    context: tuple[Item, ...] = ()
    model: catalogue.Model | None = None
    thinks: bool | None = None
    places: list[int] = field(default_factory=list)

    @property
    def stream(self) -> bool:
        """Whether a stream is wanted."""
        return self.body.get("stream") is True

    @property
    def keeps(self) -> bool:
        """Whether the response is to be kept; OpenAI does unless told not to."""
        return self.body.get("store") is not False

    @property
    def summarises(self) -> bool:
        """Whether a summary of the reasoning is wanted."""
        reasoning = self.body.get("reasoning")
        return isinstance(reasoning, dict) and bool(
            reasoning.get("summary") or reasoning.get("generate_summary")
        )

    @property
    def effort(self) -> Any:
        """The reasoning effort asked for, None if none is."""
        reasoning = self.body.get("reasoning")
        return reasoning.get("effort") if isinstance(reasoning, dict) else None

    @property
    def beginning(self) -> str | None:
        """The id of a response that all of this follows and that is not kept here, None if there is none."""
        return self.unknown if self.before is None else self.before.beginning

    def history(self) -> list[Item]:
        """Give what was said before this request, as far as it is kept here."""
        return [*(self.before.history() if self.before is not None else ()), *self.context]


def read(call: Call) -> Asked:
    """Read a request for a response.

    Raises:
        Refused: A field has no meaning, or refers to what is not kept.
    """
    refuse_beta(call)
    body = {name: value for name, value in call.body.items() if value is not None}
    store = Store(call.memory)
    asked = Asked(
        call, body, _items(body.get("input"), store), ToolMap.read(body.get("tools"), call.ledger), store
    )
    _follow(asked, body)
    name = body.get("model")
    if isinstance(name, str):
        images = any(_shows_images(item) for item in (*asked.history(), *asked.items))
        found = catalogue.resolve(name, overrides=call.options.model_aliases, images=images)
        asked.model = found.model
        asked.thinks = found.alias.thinks if found.alias is not None else None
    if not asked.items and not asked.history() and asked.unknown is None:
        refuse(
            "input", "There is no input: give a text or a list of items.", code="missing_required_parameter"
        )
    return asked


def _follow(asked: Asked, body: Body) -> None:
    previous, conversation = body.get("previous_response_id"), body.get("conversation")
    if previous and conversation:
        refuse(
            "previous_response_id",
            "previous_response_id and conversation exclude each other; give one of them.",
            code="mutually_exclusive_parameters",
        )
    if previous:
        asked.before = asked.store.find(str(previous))
        asked.unknown = None if asked.before is not None else str(previous)
    if conversation:
        name = conversation.get("id") if isinstance(conversation, dict) else conversation
        asked.conversation = str(name)
        asked.context = asked.store.conversation(asked.conversation).items


def refuse_unknown(asked: Asked) -> None:
    """Refuse to follow a response that is not kept here, however far back.

    Raises:
        Refused: The request follows one.
    """
    if asked.beginning is not None:
        raise Refused(
            not_kept(
                "response", asked.beginning, param="previous_response_id", code="previous_response_not_found"
            )
        )


def _items(given: Any, store: Store) -> list[Item]:
    """Bring the input into the form of a list of items, references looked up."""
    if given is None:
        return []
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}]
    if not isinstance(given, list):
        refuse("input", "input must be a text or a list of items.", code="invalid_type")
    return [_item(place, item, store) for place, item in enumerate(given)]


def _item(place: int, item: Any, store: Store) -> Item:
    if not isinstance(item, dict):
        refuse(f"input[{place}]", "An input item must be an object.", code="invalid_type")
    kind = item.get("type")
    if kind is None and "role" in item:
        return {"type": "message", **{name: value for name, value in item.items() if name != "type"}}
    # Older releases wrote a reference without its type.
    if kind == "item_reference" or (kind is None and set(item) == {"id"}):
        found = store.item(str(item.get("id")))
        if found is None:
            raise Refused(not_kept("item", str(item.get("id")), param=f"input[{place}]"))
        return found
    if kind == "reasoning" and not item.get("content") and not item.get("summary"):
        # Some clients bring back no more of the thoughts than their id.
        return store.item(str(item.get("id"))) or item
    return item


def _shows_images(item: Item) -> bool:
    parts = item.get("content") if item.get("type", "message") == "message" else item.get("output")
    return isinstance(parts, list) and any(
        isinstance(part, dict) and part.get("type") in ("input_image", "image_url", "video_url", "input_file")
        for part in parts
    )


def query_of(call: Call) -> dict[str, str]:
    """Read the query of a request."""
    return dict(parse_qsl(call.query))


def refuse_beta(call: Call) -> None:
    """Refuse ``client.beta.responses``, whose requests differ from others by a word in the query alone.

    Raises:
        Refused: It is such a request.
    """
    if query_of(call).get("beta") == "true":
        refuse(
            "beta",
            "OpenAI's beta of the Responses API has no counterpart on Zhipu; use client.responses.",
            code="unsupported_operation",
        )


def refuse(name: str | None, message: str, *, code: str = "unsupported_parameter") -> NoReturn:
    """Refuse a request.

    Raises:
        Refused: Always.
    """
    raise Refused(refusal(message, param=name, code=code))
