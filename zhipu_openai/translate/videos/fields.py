"""The table of video request fields: what becomes of each one of OpenAI's on its way to Zhipu.

The rows are applied in order. A field in no row is Zhipu's own, or newer than this table, and is sent as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.endpoints import region_of
from zhipu_openai.translate.fields import Field, apply_fields, name_end_user
from zhipu_openai.translate.media.fields import Draft
from zhipu_openai.translate.media.names import alias_of, bare, target_of
from zhipu_openai.translate.media.sizes import read_size, write_size

from .ids import AUTO
from .models import LISTS_PICTURES, LONGEST_PROMPT, UNNAMED, VIDEO_ALIASES, model_of
from .request import REFERENCE, body_of, picture_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.exchange import Call
    from zhipu_openai.translate.fields import Verdict
    from zhipu_openai.translate.media.sizes import Size

    from .models import VideoModel

_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_RATIO_OF_ORIENTATION: Final = {1: "16:9", -1: "9:16", 0: "1:1"}


@dataclass(slots=True)
class VideoDraft(Draft):
    """The request for a video."""

    model: VideoModel | None = None

    @property
    def seconds(self) -> str:
        """The length that was settled on."""
        duration = self.body.get("duration")
        if isinstance(duration, int):
            return str(duration)
        durations = self.model.durations if self.model is not None else ()
        # The first is what the model makes by itself.
        return str(durations[0]) if durations else AUTO

    @property
    def size(self) -> str:
        """The size that was settled on."""
        size = read_size(self.body.get("size"))
        if size is not None:
            return write_size(size)
        listed = self.model.sizes.listed if self.model is not None else ()
        return listed[0] if len(listed) == 1 and "aspect_ratio" not in self.body else AUTO


def _model(draft: VideoDraft, given: Any) -> None:
    if not isinstance(given, str):
        return
    name = bare(given)
    alias = alias_of(name, VIDEO_ALIASES)
    chosen = target_of(given, draft.call.options.model_aliases)
    if chosen is not None:
        draft.note("model", "translated", f"{name} is served by {chosen}, as this client was told.")
    elif alias is not None:
        chosen = alias.model
        for field, value in alias.sends.items():
            if draft.body.get(field) is None:
                draft.body[field] = value
        draft.note("model", "approximated", f"{name} is served by {chosen}.")
    chosen = chosen or name
    draft.model = model_of(chosen)
    draft.body["model"] = chosen if draft.model is None else draft.model.id


def _prompt(draft: VideoDraft, given: Any) -> None:
    if draft.model is not None and isinstance(given, str) and len(given) > LONGEST_PROMPT:
        draft.refuse(
            "prompt",
            f"{draft.model.id} takes prompts of at most {LONGEST_PROMPT} characters, as Zhipu's video models "
            "all do. Shorten it.",
            code="string_above_max_length",
        )


def _reference(draft: VideoDraft, given: Any) -> None:
    url = picture_url(draft, given)
    del draft.body[REFERENCE]
    if draft.body.get("image_url") is not None:
        draft.note(REFERENCE, "repaired", "left out: image_url is given too, and wins.")
        return
    rule = draft.model.pictures if draft.model is not None else None
    if rule is not None and not rule.most:
        draft.refuse(
            REFERENCE, f"{draft.body['model']} begins from text alone; viduq1-image takes a picture."
        )
    several = rule is not None and (rule.listed or (rule.most > 1 and _region(draft) in LISTS_PICTURES))
    draft.body["image_url"] = [url] if several else url
    draft.note(REFERENCE, "translated", "sent as image_url.")


def _region(draft: VideoDraft) -> str | None:
    return region_of(draft.call.options.base_url)


def _seconds(draft: VideoDraft, given: Any) -> None:
    text = str(given)
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        draft.refuse("seconds", "seconds is a whole number of seconds, as a text.", code="invalid_value")
    del draft.body["seconds"]
    if draft.body.get("duration") is not None:
        return
    asked = int(text)
    durations = draft.model.durations if draft.model is not None else (asked,)
    if not durations:
        draft.note("seconds", "dropped", f"{draft.body['model']} chooses the length itself.")
        return
    made = min(durations, key=lambda one: abs(one - asked))
    draft.body["duration"] = made
    if made == asked:
        draft.note("seconds", "translated", "sent as duration.")
    else:
        draft.note("seconds", "approximated", f"the nearest length that {draft.body['model']} makes is sent.")


def _size(draft: VideoDraft, given: Any) -> None:
    size = read_size(given)
    row = draft.model
    if size is None or row is None:
        return
    if row.ratios and "aspect_ratio" not in draft.body:
        _as_ratio(draft, row, size)
    elif row.sizes.allows(size):
        draft.body["size"] = write_size(size)
    elif (nearest := row.sizes.nearest(size)) is not None:
        draft.body["size"] = write_size(nearest)
        draft.note("size", "approximated", f"the nearest size that {row.id} makes is sent.")
    else:
        del draft.body["size"]
        draft.note(
            "size", "dropped", f"{row.id} makes no video of that shape from text; its picture decides."
        )


def _as_ratio(draft: VideoDraft, row: VideoModel, size: Size) -> None:
    """Say a size as the aspect ratio that models of one resolution take."""
    (only,) = row.sizes.listed
    ratio = _RATIO_OF_ORIENTATION[(size[0] > size[1]) - (size[0] < size[1])]
    draft.body["aspect_ratio"] = ratio
    if write_size(size) == only:
        draft.body["size"] = only
        return
    del draft.body["size"]
    draft.note(
        "size", "approximated", f"{row.id} has one resolution; its shape is sent as aspect_ratio {ratio}."
    )


def _field(
    name: str,
    verdict: Verdict,
    what: str,
    rule: Callable[[VideoDraft, Any], None] | None = None,
    *,
    neutral: tuple[Any, ...] = (),
) -> Field[VideoDraft]:
    return Field(name, verdict, what, *_SPEC, rule, neutral)


FIELDS: Final[tuple[Field[VideoDraft], ...]] = (
    _field("model", "translated", "OpenAI's names stand for cogvideox-3; Zhipu's pass.", _model),
    _field("prompt", "same", "Passes; more than 512 characters are refused.", _prompt),
    _field(
        "input_reference",
        "translated",
        "A picture, sent as image_url: a file as a data URL, a URL as it is.",
        _reference,
    ),
    _field("seconds", "approximated", "The nearest duration that the model makes.", _seconds, neutral=("",)),
    _field(
        "size",
        "approximated",
        "Passes if the model makes it, or else the nearest of the same orientation, or aspect_ratio.",
        _size,
        neutral=("", "auto"),
    ),
    _field(
        "safety_identifier",
        "translated",
        "Sent as user_id, 6 to 128 characters.",
        partial(name_end_user, name="safety_identifier"),
        neutral=("",),
    ),
    _field(
        "user",
        "translated",
        "Sent as user_id, 6 to 128 characters.",
        partial(name_end_user, name="user"),
        neutral=("",),
    ),
)


def translate_request(call: Call) -> VideoDraft:
    """Translate a request for a video.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    draft = VideoDraft(body_of(call), call)
    if draft.body.get("model") is None:
        draft.body["model"] = UNNAMED
    apply_fields(FIELDS, draft)
    return draft
