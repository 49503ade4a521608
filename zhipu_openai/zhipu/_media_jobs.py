"""What jobs that make images and jobs that make videos have in common: they are looked at and waited for by their id."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar, cast

from typing_extensions import Unpack

from ._resource import (
    AsyncZhipuResource,
    Options,
    PollOptions,
    ZhipuResource,
    path_of,
    request_options,
    takes,
    with_id,
)


class MediaJob(Protocol):
    """A job that makes an image or a video."""

    task_status: Literal["PROCESSING", "SUCCESS", "FAIL"]


JobT = TypeVar("JobT", bound=MediaJob)

_PATH = "/async-result/{job_id}"


class MediaWaitParams(PollOptions, total=False):
    """The keywords of ``poll``; see there."""


class MediaJobs(ZhipuResource, Generic[JobT]):
    """Looking at jobs of one kind, and waiting for them."""

    _job: ClassVar[type[Any]]

    @takes(Options)
    def retrieve(self, job_id: str, **given: Unpack[Options]) -> JobT:
        """Look at a job.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            job_id: The id that ``create`` gave. Zhipu does not repeat it; the answer here does.
        """
        job = self._call("get", path_of(_PATH, job_id=job_id), cast_to=self._job, given=given)
        return cast("JobT", with_id(job, job_id))

    @takes(MediaWaitParams)
    def poll(self, job_id: str, **given: Unpack[MediaWaitParams]) -> JobT:
        """Wait until a job has succeeded or failed.

        Args:
            job_id: The id that ``create`` gave.
            poll_interval: Seconds between two looks; 2 by default.
            max_wait_seconds: Seconds to wait at most; 1800 by default.

        Raises:
            PollTimeoutError: It is not finished by then; it goes on.
        """
        options = request_options(given)
        return self._wait(
            lambda: self.retrieve(job_id, **options),
            lambda job: job.task_status != "PROCESSING",
            given,
            f"The job {job_id}",
        )


class AsyncMediaJobs(AsyncZhipuResource, Generic[JobT]):
    """Looking at jobs of one kind, and waiting for them."""

    _job: ClassVar[type[Any]]

    @takes(Options)
    async def retrieve(self, job_id: str, **given: Unpack[Options]) -> JobT:
        """Look at a job; see MediaJobs.retrieve."""
        job = await self._call("get", path_of(_PATH, job_id=job_id), cast_to=self._job, given=given)
        return cast("JobT", with_id(job, job_id))

    @takes(MediaWaitParams)
    async def poll(self, job_id: str, **given: Unpack[MediaWaitParams]) -> JobT:
        """Wait until a job has succeeded or failed; see MediaJobs.poll."""
        options = request_options(given)
        return await self._wait(
            lambda: self.retrieve(job_id, **options),
            lambda job: job.task_status != "PROCESSING",
            given,
            f"The job {job_id}",
        )
