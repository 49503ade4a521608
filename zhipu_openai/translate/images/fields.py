"""The table of image request fields: what becomes of each one of OpenAI's on its way to Zhipu.

The rows are applied in order. A field in no row is Zhipu's own, or newer than this table, and is sent as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.fields import Field, apply_fields, name_end_user
from zhipu_openai.translate.media.fields import Draft
from zhipu_openai.translate.media.names import alias_of, bare, target_of
from zhipu_openai.translate.media.sizes import read_size, write_size

from .models import GPT_IMAGE_ONLY, IMAGE_ALIASES, UNNAMED, UNNAMED_GPT, model_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.adaptation import Kind
    from zhipu_openai.exchange import Call
    from zhipu_openai.translate.fields import Verdict

    from .models import Form, ImageModel, Quality

MOST_IMAGES: Final = 10
"""OpenAI's own bound on ``n``."""

_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_ABSENT: Final = ("in no specification of bigmodel.cn or z.ai", date(2026, 11, 23))
_SDK: Final = ("openai-python 3.54, images.generate", date(2026, 11, 23))

_QUALITIES: Final[dict[str, tuple[Quality, Kind]]] = {
    "low": ("standard", "translated"),
    "medium": ("standard", "approximated"),
    "high": ("hd", "translated"),
    "xhigh": ("hd", "approximated"),
    "max": ("hd", "approximated"),
    "standard": ("standard", "translated"),
    "hd": ("hd", "translated"),
}
"""OpenAI's qualities as Zhipu's two, the nearest ends exactly."""


@dataclass(slots=True)
class ImageDraft(Draft):
    """The request for pictures, and what its answer must become."""

    model: ImageModel | None = None
    count: int = 1
    form: Form = "url"
    stream: bool = False
    as_job: bool = False
    wanted_quality: str = "auto"


def _model(draft: ImageDraft, given: Any) -> None:
    if not isinstance(given, str):
        return
    name = bare(given)
    alias = alias_of(name, IMAGE_ALIASES)
    if alias is not None:
        draft.form = alias.form
    chosen = target_of(given, draft.call.options.model_aliases)
    if chosen is not None:
        draft.note("model", "translated", f"{name} is served by {chosen}, as this client was told.")
    elif alias is not None:
        chosen = alias.model
        row = model_of(chosen)
        if alias.long_prompts is not None and row is not None and _too_long(draft, row):
            chosen = alias.long_prompts
        draft.note("model", "approximated", f"{name} is served by {chosen}.")
    chosen = chosen or name
    draft.model = model_of(chosen)
    draft.body["model"] = chosen if draft.model is None else draft.model.id


def _too_long(draft: ImageDraft, row: ImageModel) -> bool:
    prompt = draft.body.get("prompt")
    return row.longest_prompt is not None and isinstance(prompt, str) and len(prompt) > row.longest_prompt


def _prompt(draft: ImageDraft, _: Any) -> None:
    row = draft.model
    if row is not None and _too_long(draft, row):
        draft.refuse(
            "prompt",
            f"{row.id} takes prompts of at most {row.longest_prompt} characters. Shorten it, or choose "
            "model='cogview-4-250304', for which no limit is documented.",
            code="string_above_max_length",
        )


def _n(draft: ImageDraft, count: Any) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_IMAGES:
        draft.refuse("n", f"n must be a whole number from 1 to {MOST_IMAGES}.", code="invalid_value")
    del draft.body["n"]
    draft.count = count
    draft.note("n", "translated", "sent as that many requests side by side, each billed.")


def _size(draft: ImageDraft, given: Any) -> None:
    size = read_size(given)
    row = draft.model
    if size is None or row is None:
        return
    if row.sizes.allows(size):
        draft.body["size"] = write_size(size)
        return
    nearest = row.sizes.nearest(size)
    if nearest is None:
        draft.refuse("size", f"{row.id} has no size like {given}; it takes {', '.join(row.sizes.listed)}.")
    draft.body["size"] = write_size(nearest)
    draft.note("size", "approximated", f"the nearest size that {row.id} makes is sent.")


def _quality(draft: ImageDraft, given: Any) -> None:
    if not isinstance(given, str) or given not in _QUALITIES:
        return
    draft.wanted_quality = given
    quality, kind = _QUALITIES[given]
    if draft.model is not None and quality not in draft.model.qualities:
        del draft.body["quality"]
        draft.note(
            "quality", "approximated", f"{draft.model.id} has one quality, {draft.model.qualities[0]}."
        )
        return
    draft.body["quality"] = quality
    if quality != given:
        draft.note("quality", kind, f"{given} is sent as {quality}.")


def _response_format(draft: ImageDraft, given: Any) -> None:
    if given == "b64_json":
        draft.form = "b64_json"
        draft.note("response_format", "translated", "the link that Zhipu gives is read here.")
    elif given == "url":
        draft.form = "url"
    else:
        draft.refuse("response_format", 'response_format is "url" or "b64_json".', code="invalid_value")
    del draft.body["response_format"]


def _stream(draft: ImageDraft, given: Any) -> None:
    del draft.body["stream"]
    if given is True:
        draft.stream = True
        draft.form = "b64_json"
        draft.note("stream", "emulated", "each finished picture comes as one event; Zhipu does not stream.")


def _background(draft: ImageDraft, given: Any) -> None:
    if given == "transparent":
        draft.refuse(
            "background",
            "Zhipu's pictures have no transparent background. Leave background out, and cut the picture out "
            "yourself.",
        )
    del draft.body["background"]
    draft.note("background", "dropped", "Zhipu's pictures are opaque.")


def _output_format(draft: ImageDraft, given: Any) -> None:
    if given in ("gif", "svg"):
        draft.refuse(
            "output_format", f"Zhipu makes no {given} pictures. Leave output_format out, or choose png."
        )
    del draft.body["output_format"]
    draft.note(
        "output_format",
        "approximated",
        "Zhipu chooses the format, which has been PNG; output_format of the answer says what came.",
    )


def _as_job(draft: ImageDraft, given: Any) -> None:
    del draft.body["async"]
    if given is not True:
        return
    if draft.model is not None and not draft.model.jobs:
        draft.refuse("async", f"{draft.model.id} makes no pictures as jobs; glm-image does.")
    draft.as_job = True
    draft.note("async", "translated", "made as a job, which is waited for.")


def _field(
    name: str,
    verdict: Verdict,
    what: str,
    origin: tuple[str, date],
    rule: Callable[[ImageDraft, Any], None] | None = None,
    *,
    neutral: tuple[Any, ...] = (),
) -> Field[ImageDraft]:
    return Field(name, verdict, what, *origin, rule, neutral)


FIELDS: Final[tuple[Field[ImageDraft], ...]] = (
    _field("model", "translated", "OpenAI's names stand for Zhipu's models; others pass.", _SPEC, _model),
    _field("prompt", "same", "Passes; one that is too long for the model is refused.", _SPEC, _prompt),
    _field(
        "n", "emulated", "That many requests side by side, 1 to 10; all or an error.", _SPEC, _n, neutral=(1,)
    ),
    _field(
        "size",
        "approximated",
        "Passes if the model takes it, or else the nearest.",
        _SPEC,
        _size,
        neutral=("auto",),
    ),
    _field(
        "quality",
        "approximated",
        "standard or hd; glm-image has hd alone.",
        _SPEC,
        _quality,
        neutral=("auto",),
    ),
    _field(
        "response_format",
        "emulated",
        "b64_json: the link is read, without the key. So are gpt-image models answered by default.",
        _SPEC,
        _response_format,
    ),
    _field("stream", "emulated", "image_generation.completed events, one a picture.", _ABSENT, _stream),
    _field("partial_images", "dropped", "Zhipu sends no unfinished pictures.", _ABSENT, neutral=(0,)),
    _field(
        "background",
        "refused",
        "transparent is refused; opaque is what comes.",
        _ABSENT,
        _background,
        neutral=("auto", "opaque"),
    ),
    _field(
        "output_format",
        "approximated",
        "Zhipu chooses the format; gif and svg are refused.",
        _ABSENT,
        _output_format,
        neutral=("png",),
    ),
    _field("output_compression", "dropped", "Zhipu chooses the format.", _ABSENT, neutral=(100,)),
    _field("style", "dropped", "Zhipu has no styles; describe it in the prompt.", _ABSENT),
    _field(
        "moderation",
        "dropped",
        "Zhipu moderates every request itself.",
        _ABSENT,
        neutral=("auto",),
    ),
    _field("complexity", "dropped", "Zhipu has no such setting.", _SDK),
    _field("frame_count", "dropped", "Zhipu makes no moving pictures here; use client.videos.", _SDK),
    _field("frame_duration_ms", "dropped", "Zhipu makes no moving pictures here; use client.videos.", _SDK),
    _field("svg", "dropped", "Zhipu makes no SVG.", _SDK),
    _field(
        "safety_identifier",
        "translated",
        "Sent as user_id, 6 to 128 characters.",
        _SPEC,
        partial(name_end_user, name="safety_identifier"),
        neutral=("",),
    ),
    _field(
        "user",
        "translated",
        "Sent as user_id, 6 to 128 characters.",
        _SPEC,
        partial(name_end_user, name="user"),
        neutral=("",),
    ),
    _field(
        "async",
        "translated",
        "Not OpenAI's: true in extra_body makes the picture as a job and waits for it; glm-image alone.",
        _SPEC,
        _as_job,
    ),
)


def translate_request(call: Call) -> ImageDraft:
    """Translate the body of a request for pictures.

    Raises:
        Refused: The request cannot be honoured, and a guess could hurt.
    """
    draft = ImageDraft(dict(call.body), call)
    if draft.body.get("model") is None:
        gpt = any(draft.body.get(name) is not None for name in GPT_IMAGE_ONLY)
        draft.body["model"] = UNNAMED_GPT if gpt else UNNAMED
    apply_fields(FIELDS, draft)
    return draft
