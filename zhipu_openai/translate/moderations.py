"""Moderations: OpenAI's inputs for Zhipu's content safety, and its verdicts as OpenAI's results."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import catalogue
from zhipu_openai.exchange import Reply, Send, json_reply

from .fields import Field
from .moderation_tables import CATEGORIES, LONGEST_TEXT, RISK_LEVELS, RISK_TYPES, UNKNOWN_LEVEL
from .request_fields import Request, refuse, translate_fields
from .rounds import in_rounds
from .upstream import invalid, kept_headers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhipu_openai.exchange import Call, Operation

PATH: Final = "/moderations"

MODEL: Final = "moderation"
"""Zhipu's only one. Source: bigmodel.cn OpenAPI, 2026-07-11."""

SIDE_BY_SIDE: Final = 4
"""How many requests of one call are under way at once. Ours."""

OVERLAP: Final = 200
"""Characters that the pieces of a long text share, so that nothing is cut in two unseen. Ours."""

_SPEC: Final = "bigmodel.cn OpenAPI"
_SPEC_SEEN: Final = date(2026, 7, 11)
_OPENAIS: Final = ("omni-moderation-", "text-moderation-")
_NO_CATEGORY: Final = "a risk that OpenAI has no category for is flagged without one."
_KINDS: Final = ("text", "image_url", "video_url", "audio_url")


def _model(request: Request, name: Any) -> None:
    if not isinstance(name, str):
        return
    found = catalogue.resolve(name, overrides=request.call.options.model_aliases)
    if found.overridden:
        request.body["model"] = found.id
        request.note("model", "translated", f"{name} is served by {found.id}.")
    elif found.id.lower().startswith(_OPENAIS):
        request.body["model"] = MODEL
        request.note(
            "model", "approximated", f"{name} is served by {MODEL}, which judges by rules of its own."
        )
    elif found.alias is None:
        request.body["model"] = found.id


FIELDS: Final[tuple[Field[Request], ...]] = (
    Field(
        "model", "translated", "OpenAI's names stand for moderation, as none does.", _SPEC, _SPEC_SEEN, _model
    ),
    Field(
        "input",
        "translated",
        "One request for each text of a list; texts of more than 2000 characters in pieces.",
        _SPEC,
        _SPEC_SEEN,
    ),
)


def create(call: Call) -> Operation:
    """Serve ``POST /moderations``."""
    request = translate_fields(call, FIELDS)
    request.body.setdefault("model", MODEL)
    asked = [_requested(request, one) for one in _inputs(request.body.get("input"))]
    sends = [Send("POST", PATH, {**request.body, "input": one}) for inputs in asked for one in inputs]
    replies = yield from in_rounds(sends, side_by_side=SIDE_BY_SIDE)
    if isinstance(replies, Reply):
        return replies
    request.note(
        "category_scores", "emulated", "Zhipu gives labels and a verdict: the scores are made of the verdict."
    )
    bodies = [_body(reply) for reply in replies]
    results, left = [], iter(bodies)
    for inputs in asked:
        found = [entry for body in (next(left) for _ in inputs) for entry in body["result_list"]]
        results.append(_result(request, found))
    first = bodies[0]
    answer = {
        **{name: value for name, value in first.items() if name not in ("result_list", "usage")},
        "id": str(first.get("id") or first.get("request_id") or replies[0].headers.get("x-log-id") or ""),
        "model": str(first.get("model") or request.body["model"]),
        "results": results,
    }
    usage = _usage(bodies)
    if usage:
        answer["usage"] = usage
    return json_reply(answer, headers=kept_headers(replies[0], first.get("request_id")))


def _inputs(given: Any) -> list[Any]:
    """Tell apart what is judged by itself: each text of a list; the parts of a list together."""
    if isinstance(given, str | dict):
        return [given]
    if not isinstance(given, list):
        refuse("input", "input must be a string, a list of strings or a list of parts.", code="invalid_type")
    if not given:
        refuse("input", "input is an empty list: there is nothing to moderate.")
    if all(isinstance(one, str) for one in given):
        return given
    if not all(isinstance(one, dict) for one in given):
        refuse("input", "input must hold texts alone or parts alone.", code="invalid_type")
    return [given]


def _requested(request: Request, given: Any) -> list[Any]:
    """Give what is sent for one input: one request, or more where a text is longer than Zhipu takes."""
    if isinstance(given, str):
        return _pieces(request, given)
    if isinstance(given, dict):
        part, rest = _part(request, given)
        return [part, *rest]
    translated = [_part(request, part) for part in given]
    return [[part for part, _ in translated], *(piece for _, rest in translated for piece in rest)]


def _part(request: Request, part: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Translate one part; give what of its text does not fit into it, too."""
    kind = part.get("type")
    if kind not in _KINDS:
        refuse("input", f"A part of input must be of one of the types {', '.join(_KINDS)}.")
    if kind == "text":
        if not isinstance(part.get("text"), str):
            refuse("input", "A part of the type text must have a text.", code="invalid_type")
        first, *rest = _pieces(request, part["text"])
        return {**part, "text": first}, rest
    place = part.get(kind)
    if isinstance(place, str):
        place = {"url": place}
        request.note("input", "repaired", "a link that stood by itself was put into an object.")
    url = place.get("url") if isinstance(place, dict) else None
    if not isinstance(url, str) or not url:
        refuse("input", f"A part of the type {kind} must have a link, {kind}.url.", code="invalid_type")
    if url.lower().startswith("data:"):
        # Whether Zhipu decodes them here is not established; content that is let through unseen would hurt.
        refuse(
            "input",
            f"Zhipu's moderation takes {kind} as a link, and whether it takes data: URLs is not known. "
            "Give the address of the file.",
            code="unsupported_parameter",
        )
    return {**part, kind: place}, []


def _pieces(request: Request, text: str) -> list[str]:
    if len(text) <= LONGEST_TEXT:
        return [text]
    request.note(
        "input",
        "emulated",
        f"a text of more than {LONGEST_TEXT} characters is judged in pieces that overlap.",
    )
    step = LONGEST_TEXT - OVERLAP
    return [text[start : start + LONGEST_TEXT] for start in range(0, len(text) - OVERLAP, step)]


def _body(reply: Reply) -> dict[str, Any]:
    try:
        body = reply.json()
    except ValueError:
        raise invalid("is not JSON") from None
    found = body.get("result_list") if isinstance(body, dict) else None
    if not isinstance(found, list) or not found:
        raise invalid("holds no verdict")
    if not all(isinstance(entry, dict) and isinstance(entry.get("risk_level"), str) for entry in found):
        raise invalid("holds a verdict without a level of risk")
    return {**body, "result_list": found}


def _result(request: Request, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Make one of OpenAI's results of the verdicts on one input."""
    scores = dict.fromkeys((category.name for category in CATEGORIES), 0.0)
    flagged = False
    for entry in found:
        level = RISK_LEVELS.get(entry["risk_level"].upper(), UNKNOWN_LEVEL)
        if level is UNKNOWN_LEVEL:
            request.note("flagged", "approximated", "a verdict that is not known is taken for the worst.")
        flagged = flagged or level.flagged
        labels = entry.get("risk_type")
        for label in labels if isinstance(labels, list) else [labels] if labels else []:
            category = _category(str(label))
            if category is not None:
                scores[category] = max(scores[category], level.score)
            elif level.flagged:
                request.note("categories", "approximated", _NO_CATEGORY)
    if flagged and not any(scores.values()):
        request.note("categories", "approximated", _NO_CATEGORY)
    kinds = {str(entry.get("content_type")).removesuffix("_url") for entry in found}
    return {
        "flagged": flagged,
        "categories": {name: score > 0 for name, score in scores.items()},
        "category_scores": scores,
        "category_applied_input_types": {
            category.name: _applied(kinds, images=category.images) for category in CATEGORIES
        },
        "zhipu": found,
    }


def _category(label: str) -> str | None:
    return next((row.category for row in RISK_TYPES if row.zhipu in label), None)


def _applied(kinds: set[str], *, images: bool) -> list[str]:
    """Say which kinds of input a category applied to; OpenAI has no word for sound and film."""
    return [kind for kind in ("text", "image") if kind in kinds and (images or kind == "text")]


def _usage(bodies: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Add up how often was called: each request of one call counts."""
    total: dict[str, Any] = {}
    for body in bodies:
        usage = body.get("usage")
        for kind, counts in usage.items() if isinstance(usage, dict) else ():
            for name, count in counts.items() if isinstance(counts, dict) else ():
                if isinstance(count, int | float):
                    place = total.setdefault(kind, {})
                    place[name] = place.get(name, 0) + count
    return total
