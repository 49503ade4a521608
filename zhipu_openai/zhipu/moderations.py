"""``client.zhipu.moderations``: moderation in Zhipu's own form."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from openai import BaseModel
from typing_extensions import TypedDict, Unpack

from ._resource import (
    Absent,
    AsyncZhipuResource,
    Options,
    ZhipuResource,
    async_raw,
    async_streamed,
    raw,
    streamed,
    takes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


class ModeratedUrl(TypedDict):
    """Where an image, video or sound lies."""

    url: str


class ModeratedText(TypedDict):
    """A text to look at, at most 2000 characters."""

    type: Literal["text"]
    text: str


class ModeratedImage(TypedDict):
    """An image to look at: below 10 MB, from 20 by 20 to 6000 by 6000 pixels."""

    type: Literal["image_url"]
    image_url: ModeratedUrl


class ModeratedVideo(TypedDict):
    """A video to look at, of about 30 seconds."""

    type: Literal["video_url"]
    video_url: ModeratedUrl


class ModeratedAudio(TypedDict):
    """A sound to listen to, of about 60 seconds."""

    type: Literal["audio_url"]
    audio_url: ModeratedUrl


ModerationItem: TypeAlias = ModeratedText | ModeratedImage | ModeratedVideo | ModeratedAudio


class _Required(TypedDict):
    input: str | ModerationItem | Iterable[ModerationItem]


class ModerationParams(_Required, Options, total=False):
    """The keywords of ``moderations.create``; see there."""

    model: str | Absent


class ModerationResult(BaseModel):
    """The judgement of one thing.

    Attributes:
        content_type: What it is: ``text``, ``image`` and so on.
        risk_level: ``PASS``, ``REVIEW`` or ``REJECT``; the safety guide knows others (reported).
        risk_type: The kinds of risk, in Chinese words.
    """

    risk_level: str
    content_type: str | None = None
    risk_type: list[str] | None = None


class ModerationCalls(BaseModel):
    """How many calls are billed."""

    call_count: int | None = None


class ModerationUsage(BaseModel):
    """What is billed."""

    moderation_text: ModerationCalls | None = None


class ZhipuModeration(BaseModel):
    """The judgement, thing by thing."""

    result_list: list[ModerationResult]
    id: str | None = None
    created: int | None = None
    request_id: str | None = None
    usage: ModerationUsage | None = None


class Moderations(ZhipuResource):
    """Moderation in Zhipu's own form; ``client.moderations`` has OpenAI's."""

    @cached_property
    def with_raw_response(self) -> ModerationsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return ModerationsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> ModerationsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return ModerationsWithStreamingResponse(self)

    @takes(ModerationParams)
    def create(self, **given: Unpack[ModerationParams]) -> ZhipuModeration:
        """Judge a text, an image, a video or a sound.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            input: A text of at most 2000 characters; or one thing, or several, each with its ``type``.
            model: ``"moderation"``, which is also sent if none is given.

        Raises:
            openai.NotFoundError: The model is not open to the account (Zhipu code 1211, recorded for z.ai's keys).
        """
        return self._call(
            "post",
            "/moderations",
            cast_to=ZhipuModeration,
            given={**given, "model": given.get("model") or "moderation"},
        )


class AsyncModerations(AsyncZhipuResource):
    """Moderation in Zhipu's own form; ``client.moderations`` has OpenAI's."""

    @cached_property
    def with_raw_response(self) -> AsyncModerationsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncModerationsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncModerationsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncModerationsWithStreamingResponse(self)

    @takes(ModerationParams)
    async def create(self, **given: Unpack[ModerationParams]) -> ZhipuModeration:
        """Judge a text, an image, a video or a sound; see Moderations.create."""
        return await self._call(
            "post",
            "/moderations",
            cast_to=ZhipuModeration,
            given={**given, "model": given.get("model") or "moderation"},
        )


class ModerationsWithRawResponse:
    """See Moderations."""

    def __init__(self, group: Moderations) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)


class AsyncModerationsWithRawResponse:
    """See AsyncModerations."""

    def __init__(self, group: AsyncModerations) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)


class ModerationsWithStreamingResponse:
    """See Moderations."""

    def __init__(self, group: Moderations) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)


class AsyncModerationsWithStreamingResponse:
    """See AsyncModerations."""

    def __init__(self, group: AsyncModerations) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
