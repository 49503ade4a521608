"""``client.zhipu.videos``: videos of CogVideoX and Vidu, with the parameters that OpenAI has no name for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from openai import BaseModel
from typing_extensions import TypedDict, Unpack

from ._media_jobs import AsyncMediaJobs, MediaJobs, MediaWaitParams
from ._resource import (
    Absent,
    Options,
    PollOptions,
    async_raw,
    async_streamed,
    part_of,
    raw,
    streamed,
    takes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

VideoModel: TypeAlias = Literal[
    "cogvideox-3",
    "cogvideox-2",
    "cogvideox-flash",
    "viduq1-text",
    "viduq1-image",
    "vidu2-image",
    "viduq1-start-end",
    "vidu2-start-end",
    "vidu2-reference",
]
"""Source: bigmodel.cn OpenAPI, 2026-07-11. z.ai lacks cogvideox-2 and cogvideox-flash."""


class _Required(TypedDict):
    model: VideoModel | str


class VideoParams(_Required, Options, total=False):
    """The keywords of ``videos.create``; see there."""

    prompt: str | Absent
    image_url: str | Iterable[str] | Absent
    size: str | Absent
    duration: int | Absent
    fps: Literal[30, 60] | Absent
    quality: Literal["speed", "quality"] | Absent
    with_audio: bool | Absent
    style: Literal["general", "anime"] | Absent
    aspect_ratio: Literal["16:9", "9:16", "1:1"] | Absent
    movement_amplitude: Literal["auto", "small", "medium", "large"] | Absent
    watermark_enabled: bool | Absent
    request_id: str | Absent
    user_id: str | Absent


class VideoPollParams(VideoParams, PollOptions, total=False):
    """The keywords of ``create_and_poll``; see there."""


class VideoResultFile(BaseModel):
    """A video that was made, and its cover."""

    url: str
    cover_image_url: str | None = None


class VideoJob(BaseModel):
    """How far a job is, and what it gave.

    Attributes:
        id: The job's id.
        task_status: ``PROCESSING``, ``SUCCESS`` or ``FAIL``; Zhipu names no reason for a failure.
        model: The model at work.
        video_result: What was made; links that end, so fetch them at once.
    """

    task_status: Literal["PROCESSING", "SUCCESS", "FAIL"]
    id: str | None = None
    model: str | None = None
    request_id: str | None = None
    video_result: list[VideoResultFile] | None = None


class Videos(MediaJobs[VideoJob]):
    """Making videos; ``client.videos`` has OpenAI's calls."""

    _job = VideoJob

    @cached_property
    def with_raw_response(self) -> VideosWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return VideosWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> VideosWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return VideosWithStreamingResponse(self)

    @takes(VideoParams)
    def create(self, **given: Unpack[VideoParams]) -> VideoJob:
        """Begin to make a video; ``retrieve`` gives what comes of it.

        Source: bigmodel.cn OpenAPI, 2026-07-11; z.ai OpenAPI, 2026-08-22. A prompt or an image is needed.

        Args:
            model: ``"cogvideox-3"``, ``"cogvideox-2"``, ``"cogvideox-flash"``; ``"viduq1-text"`` of words alone;
                ``"viduq1-image"``, ``"vidu2-image"`` of one image; ``"viduq1-start-end"``, ``"vidu2-start-end"`` of
                the first and the last; ``"vidu2-reference"`` of what is to be seen in 1 to 3 images.
            prompt: What it shall show, at most 512 characters.
            image_url: An address or data URL, or several, as the model takes them. CogVideoX: png or jpg up to 5 MB,
                cogvideox-3 also the first and the last; Vidu: up to 50 MB.
            size: Width by height; CogVideoX up to ``"3840x2160"``, viduq1 ``"1920x1080"``, vidu2 ``"1280x720"``.
            duration: Seconds; cogvideox-3 5 or 10, viduq1 5, vidu2 4.
            fps: Frames per second, CogVideoX alone; 30 by default.
            quality: ``"speed"`` (the default) or ``"quality"``, CogVideoX alone.
            with_audio: Whether there is sound; False by default. CogVideoX and vidu2.
            style: ``"general"`` (the default) or ``"anime"``, viduq1-text alone.
            aspect_ratio: ``"16:9"`` (the default), ``"9:16"`` or ``"1:1"``; viduq1-text and vidu2-reference.
            movement_amplitude: How much moves, ``"auto"`` by default; Vidu alone.
            watermark_enabled: Whether it is marked as made by AI; False needs an agreement with Zhipu.
            request_id: Your own id of the request, which must not repeat.
            user_id: The end user, 6 to 128 characters.
        """
        return self._call("post", "/videos/generations", cast_to=VideoJob, given=given)

    @takes(VideoPollParams)
    def create_and_poll(self, **given: Unpack[VideoPollParams]) -> VideoJob:
        """Begin a job and wait until it has succeeded or failed; look at ``task_status``.

        Takes what ``create`` and ``poll`` take.

        Raises:
            PollTimeoutError: It is not finished by then; it goes on.
        """
        job = self.create(**part_of(given, VideoParams))
        return self.poll(str(job.id), **part_of(given, MediaWaitParams))


class AsyncVideos(AsyncMediaJobs[VideoJob]):
    """Making videos; ``client.videos`` has OpenAI's calls."""

    _job = VideoJob

    @cached_property
    def with_raw_response(self) -> AsyncVideosWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncVideosWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncVideosWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncVideosWithStreamingResponse(self)

    @takes(VideoParams)
    async def create(self, **given: Unpack[VideoParams]) -> VideoJob:
        """Begin to make a video; ``retrieve`` gives what comes of it; see Videos.create."""
        return await self._call("post", "/videos/generations", cast_to=VideoJob, given=given)

    @takes(VideoPollParams)
    async def create_and_poll(self, **given: Unpack[VideoPollParams]) -> VideoJob:
        """Begin a job and wait until it has succeeded or failed; look at ``task_status``; see Videos.create_and_poll."""
        job = await self.create(**part_of(given, VideoParams))
        return await self.poll(str(job.id), **part_of(given, MediaWaitParams))


class VideosWithRawResponse:
    """See Videos."""

    def __init__(self, group: Videos) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)
        self.retrieve = raw(group.retrieve)


class AsyncVideosWithRawResponse:
    """See AsyncVideos."""

    def __init__(self, group: AsyncVideos) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)
        self.retrieve = async_raw(group.retrieve)


class VideosWithStreamingResponse:
    """See Videos."""

    def __init__(self, group: Videos) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)
        self.retrieve = streamed(group.retrieve)


class AsyncVideosWithStreamingResponse:
    """See AsyncVideos."""

    def __init__(self, group: AsyncVideos) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
        self.retrieve = async_streamed(group.retrieve)
