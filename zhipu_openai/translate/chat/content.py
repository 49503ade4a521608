"""What a message says: text, or parts of text, images, audio and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .draft import Draft

PART_INPUTS: Final[dict[str, str]] = {
    "image_url": "image",
    "video_url": "video",
    "input_audio": "audio",
    "file": "file",
}
"""The kind of input that a model must take for a part of content to be sent to it.
``file_url`` is left to the API: the documents differ on which models read it.
Source: bigmodel.cn OpenAPI, 2026-07-11; for ``file`` its vision reference as of 2026-11."""

_SEEN_PARTS: Final = ("image_url", "video_url", "file", "file_url")

_ADVICE: Final[dict[str, str]] = {
    "image": "choose a model that sees, such as glm-5.3-flash or glm-4.6v",
    "video": "choose a model that sees, such as glm-5v-turbo or glm-4.6v",
    "audio": "choose glm-4-voice, or transcribe the audio first with client.audio.transcriptions",
    "file": "choose glm-5.3-flash, or pass the text of the file",
}


def needs_sight(messages: object) -> bool:
    """Whether any message shows an image, a video or a file, which GLM's vision models read."""
    if not isinstance(messages, list):
        return False
    return any(
        isinstance(part, dict) and part.get("type") in _SEEN_PARTS
        for message in messages
        if isinstance(message, dict) and isinstance(message.get("content"), list)
        for part in message["content"]
    )


def translate_content(draft: Draft, place: int, content: Any) -> Any:
    """Bring the content of a message into the form that Zhipu accepts.

    Empty parts of text are left out: they were reported as 1214. Parts of nothing but text become one
    text, the only form that the specification has for text models, and one that every model takes
    (bigmodel.cn OpenAPI, 2026-07-11).

    Args:
        draft: the request.
        place: the message's place among the messages, from 0.
        content: the content as given; anything but a list passes.

    Raises:
        Refused: The model does not take a part of this type.
    """
    if not isinstance(content, list):
        return content
    parts = [part for one in content if (part := _part(draft, place, one)) is not None]
    if all(map(_is_text, parts)):
        return "\n".join(part["text"] for part in parts)
    return parts


def joined_text(content: Any) -> str:
    """Join the texts of a list of strings or parts of text."""
    return "".join(
        piece if isinstance(piece, str) else str(piece.get("text") or "")
        for piece in content
        if isinstance(piece, str | dict)
    )


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)


def _part(draft: Draft, place: int, part: Any) -> Any:
    """Translate one part; None leaves it out."""
    if isinstance(part, str):
        return {"type": "text", "text": part} if part else None
    if not isinstance(part, dict):
        return part
    kind = part.get("type")
    if kind in ("text", "refusal"):
        text = part.get(kind)
        # Zhipu's parts of text hold the text alone: cache hints and the like stay here.
        return {"type": "text", "text": text} if text else None
    needed = PART_INPUTS.get(str(kind))
    if needed and draft.model is not None and needed not in draft.model.inputs:
        draft.refuse(
            f"messages.[{place}].content",
            f"{draft.model.id} takes no {needed} input; {_ADVICE[needed]}.",
            code="unsupported_content",
        )
    return _image(draft, part) if kind == "image_url" else part


def _image(draft: Draft, part: dict[str, Any]) -> dict[str, Any]:
    image = part.get("image_url")
    if isinstance(image, str):
        return {**part, "image_url": {"url": image}}
    if not isinstance(image, dict) or "detail" not in image:
        return part
    if image["detail"] not in (None, "auto"):
        draft.note(
            "messages.content.image_url.detail", "dropped", "Zhipu chooses the resolution of images itself."
        )
    return {**part, "image_url": {name: value for name, value in image.items() if name != "detail"}}
