"""Reading OpenAI's request for a video, which is a form, into the fields that Zhipu takes as JSON."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.adaptation import Refused
from zhipu_openai.errors import refusal
from zhipu_openai.translate.media.answers import usable_link
from zhipu_openai.translate.media.pictures import kind_of

if TYPE_CHECKING:
    from zhipu_openai.exchange import Body, Call
    from zhipu_openai.multipart import Part

    from .fields import VideoDraft

REFERENCE: Final = "input_reference"

_NUMBERS: Final = frozenset({"duration", "fps"})
_SWITCHES: Final = frozenset({"off_peak", "watermark_enabled", "with_audio"})
"""Zhipu's fields that are no texts: a form holds texts alone. Source: bigmodel.cn OpenAPI, 2026-07-11; off_peak:
zai-org/z-ai-sdk-python, 2026-04."""

_BOOLEANS: Final = {"true": True, "false": False}


def body_of(call: Call) -> Body:
    """Read the fields of a request, whether it is a form or JSON.

    Raises:
        Refused: It is a form that cannot be read.
    """
    if not call.content_type.lower().startswith("multipart/"):
        return dict(call.body)
    try:
        form = call.form()
    except ValueError:
        raise Refused(
            refusal("The form of this request cannot be read.", param=None, code="invalid_request")
        ) from None
    body: Body = {}
    for part in form.parts:
        if part.filename is not None:
            body.setdefault(_reference_alone(part), part)
        elif part.name.endswith("[]"):
            body.setdefault(part.name[:-2], list(form.all(part.name)))
        elif part.name.endswith("]") and "[" in part.name:
            name, _, key = part.name[:-1].partition("[")
            inner = body.setdefault(name, {})
            if isinstance(inner, dict):
                inner[key] = part.text
        else:
            body.setdefault(part.name, _value(part.name, part.text))
    return body


def _reference_alone(part: Part) -> str:
    if part.name != REFERENCE:
        raise Refused(refusal(f"Only {REFERENCE} may be a file.", param=part.name, code="unsupported_value"))
    return part.name


def _value(name: str, text: str) -> Any:
    if name in _NUMBERS and text.isascii() and text.isdigit():
        return int(text)
    return _BOOLEANS.get(text, text) if name in _SWITCHES else text


def picture_url(draft: VideoDraft, given: Any) -> str:
    """Make what Zhipu takes as ``image_url`` of a reference: a link as it is, a file as a data URL.

    Raises:
        Refused: It is no picture, or none that the model takes.
    """
    if isinstance(given, dict):
        if given.get("file_id") is not None:
            draft.refuse(
                REFERENCE,
                "Zhipu's video models take no ids of files. Give the picture itself, or its URL as image_url.",
            )
        given = given.get("image_url")
    if isinstance(given, str):
        if usable_link(given) is None and not given.startswith("data:image/"):
            draft.refuse(
                REFERENCE, "image_url is an https URL or a data URL of a picture.", code="invalid_value"
            )
        return given
    data = getattr(given, "data", None)
    if not isinstance(data, bytes):
        draft.refuse(REFERENCE, "input_reference is a picture: a file, or its URL.", code="invalid_type")
    return _data_url(draft, given)


def _data_url(draft: VideoDraft, part: Part) -> str:
    kind = kind_of(part.data)
    rule = draft.model.pictures if draft.model is not None else None
    if kind is None:
        draft.refuse(
            REFERENCE,
            "input_reference is no picture that is known (PNG, JPEG or WebP). Zhipu makes videos from text and "
            "pictures, not from videos.",
            code="invalid_value",
        )
    if rule is not None and rule.most and kind not in rule.formats:
        draft.refuse(REFERENCE, f"{draft.body['model']} takes {' and '.join(rule.formats)}, not {kind}.")
    if rule is not None and rule.most and len(part.data) > rule.most_bytes:
        draft.refuse(
            REFERENCE,
            f"{draft.body['model']} takes pictures of at most {rule.most_bytes // 1024 // 1024} MB.",
            code="invalid_value",
        )
    return f"data:image/{kind};base64,{base64.b64encode(part.data).decode('ascii')}"
