"""``client.zhipu.async_images``: images that are made while you do something else."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

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


class _Required(TypedDict):
    prompt: str


class ImageParams(_Required, Options, total=False):
    """The keywords of ``async_images.create``; see there."""

    model: str | Absent
    quality: str | Absent
    size: str | Absent
    watermark_enabled: bool | Absent
    request_id: str | Absent
    user_id: str | Absent


class ImagePollParams(ImageParams, PollOptions, total=False):
    """The keywords of ``create_and_poll``; see there."""


class ImageResultFile(BaseModel):
    """An image that was made."""

    url: str


class ImageJob(BaseModel):
    """How far a job is, and what it gave.

    Attributes:
        id: The job's id.
        task_status: ``PROCESSING``, ``SUCCESS`` or ``FAIL``; Zhipu names no reason for a failure.
        model: The model at work.
        image_result: What was made; links that end, so fetch them at once.
    """

    task_status: Literal["PROCESSING", "SUCCESS", "FAIL"]
    id: str | None = None
    model: str | None = None
    request_id: str | None = None
    image_result: list[ImageResultFile] | None = None


class ImageJobs(MediaJobs[ImageJob]):
    """Making images as jobs; ``client.images.generate`` waits for one."""

    _job = ImageJob

    @cached_property
    def with_raw_response(self) -> ImageJobsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return ImageJobsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> ImageJobsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return ImageJobsWithStreamingResponse(self)

    @takes(ImageParams)
    def create(self, **given: Unpack[ImageParams]) -> ImageJob:
        """Begin to make an image; ``retrieve`` gives what comes of it.

        Source: bigmodel.cn OpenAPI, 2026-07-11; z.ai OpenAPI, 2026-08-22.

        Args:
            prompt: What it shall show, at most 1000 characters.
            model: ``"glm-image"``, the only one, which is also sent if none is given.
            quality: ``"hd"``, the only one.
            size: Width by height, ``"1280x1280"`` by default; each 1024 to 2048, a multiple of 32, and at most 2^22
                pixels together.
            watermark_enabled: Whether it is marked as made by AI; False needs an agreement with Zhipu.
            request_id: Your own id of the request, 6 to 64 characters.
            user_id: The end user, 6 to 128 characters.
        """
        return self._call(
            "post",
            "/async/images/generations",
            cast_to=ImageJob,
            given={**given, "model": given.get("model") or "glm-image"},
        )

    @takes(ImagePollParams)
    def create_and_poll(self, **given: Unpack[ImagePollParams]) -> ImageJob:
        """Begin a job and wait until it has succeeded or failed; look at ``task_status``.

        Takes what ``create`` and ``poll`` take.

        Raises:
            PollTimeoutError: It is not finished by then; it goes on.
        """
        job = self.create(**part_of(given, ImageParams))
        return self.poll(str(job.id), **part_of(given, MediaWaitParams))


class AsyncImageJobs(AsyncMediaJobs[ImageJob]):
    """Making images as jobs; ``client.images.generate`` waits for one."""

    _job = ImageJob

    @cached_property
    def with_raw_response(self) -> AsyncImageJobsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncImageJobsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncImageJobsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncImageJobsWithStreamingResponse(self)

    @takes(ImageParams)
    async def create(self, **given: Unpack[ImageParams]) -> ImageJob:
        """Begin to make an image; ``retrieve`` gives what comes of it; see ImageJobs.create."""
        return await self._call(
            "post",
            "/async/images/generations",
            cast_to=ImageJob,
            given={**given, "model": given.get("model") or "glm-image"},
        )

    @takes(ImagePollParams)
    async def create_and_poll(self, **given: Unpack[ImagePollParams]) -> ImageJob:
        """Begin a job and wait until it has succeeded or failed; look at ``task_status``; see ImageJobs.create_and_poll."""
        job = await self.create(**part_of(given, ImageParams))
        return await self.poll(str(job.id), **part_of(given, MediaWaitParams))


class ImageJobsWithRawResponse:
    """See ImageJobs."""

    def __init__(self, group: ImageJobs) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)
        self.retrieve = raw(group.retrieve)


class AsyncImageJobsWithRawResponse:
    """See AsyncImageJobs."""

    def __init__(self, group: AsyncImageJobs) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)
        self.retrieve = async_raw(group.retrieve)


class ImageJobsWithStreamingResponse:
    """See ImageJobs."""

    def __init__(self, group: ImageJobs) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)
        self.retrieve = streamed(group.retrieve)


class AsyncImageJobsWithStreamingResponse:
    """See AsyncImageJobs."""

    def __init__(self, group: AsyncImageJobs) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
        self.retrieve = async_streamed(group.retrieve)
