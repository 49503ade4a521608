"""``client.zhipu.async_chat``: chat completions that are made while you do something else."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from openai import BaseModel
from openai.resources.chat.completions import Completions
from typing_extensions import Unpack

from ._resource import (
    AsyncZhipuResource,
    Options,
    PollOptions,
    ZhipuResource,
    async_raw,
    async_streamed,
    path_of,
    raw,
    request_options,
    streamed,
    takes,
    takes_as,
)

if TYPE_CHECKING:
    from zhipu_openai.resources.chat.completions import CompletionCreateParams
    from zhipu_openai.types.chat import ChatCompletion
else:
    from openai.types.chat import ChatCompletion  # noqa: TC002 - pydantic reads it at run time

_STREAMED = ("stream", "stream_options")


class ChatJob(BaseModel):
    """How far a job is, and what it gave.

    Attributes:
        id: The job's id.
        task_status: ``PROCESSING``, ``SUCCESS`` or ``FAIL``; Zhipu names no reason for a failure.
        model: The model at work, which need not be the one that was asked for (reported, 2026-09).
        request_id: Your own id of the request, or Zhipu's.
        completion: The answer of a job that has succeeded, as ``client.chat.completions`` would give it.
    """

    id: str
    task_status: Literal["PROCESSING", "SUCCESS", "FAIL"]
    model: str | None = None
    request_id: str | None = None
    completion: ChatCompletion | None = None


def _unfinished(job: ChatJob) -> bool:
    return job.task_status == "PROCESSING"


class ChatJobs(ZhipuResource):
    """Chat completions as jobs. Request and answer are OpenAI's, as with ``client.chat.completions``."""

    @cached_property
    def with_raw_response(self) -> ChatJobsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return ChatJobsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> ChatJobsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return ChatJobsWithStreamingResponse(self)

    @takes_as(Completions.create, without=_STREAMED)
    def create(self, **given: Unpack[CompletionCreateParams]) -> ChatJob:
        """Begin a chat completion; ``retrieve`` gives what comes of it.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone; Coding Plan keys may not use it.

        Takes what ``client.chat.completions.create`` takes, but for streams; models and parameters are
        translated in the same way. A job gives one answer, so ``n`` is 1, and an answer that does not hold what
        was asked for (``response_format``, ``tool_choice``) cannot be asked for once more.

        Raises:
            openai.BadRequestError: ``n`` is above 1, or a parameter cannot be honoured.
        """
        return self._call("post", "/async/chat/completions", cast_to=ChatJob, given=given)

    @takes(Options)
    def retrieve(self, job_id: str, **given: Unpack[Options]) -> ChatJob:
        """Look at a job.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            job_id: The id that ``create`` gave.

        Raises:
            openai.UnprocessableEntityError: The answer does not fit the JSON schema, or lacks the call, that
                this client asked for.
        """
        return self._call("get", path_of("/async/chat/{job_id}", job_id=job_id), cast_to=ChatJob, given=given)

    @takes(PollOptions)
    def poll(self, job_id: str, **given: Unpack[PollOptions]) -> ChatJob:
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
            lambda job: not _unfinished(job),
            given,
            f"The job {job_id}",
        )

    @takes_as(Completions.create, without=_STREAMED, more=PollOptions)
    def create_and_poll(
        self,
        *,
        poll_interval: float = 2.0,
        max_wait_seconds: float = 1800.0,
        **given: Unpack[CompletionCreateParams],
    ) -> ChatJob:
        """Begin a chat completion and wait until it has succeeded or failed; look at ``task_status``.

        Takes what ``create`` and ``poll`` take.

        Raises:
            PollTimeoutError: It is not finished by then; it goes on.
        """
        job = self.create(**given)
        options = request_options(given)
        return self.poll(job.id, poll_interval=poll_interval, max_wait_seconds=max_wait_seconds, **options)


class AsyncChatJobs(AsyncZhipuResource):
    """Chat completions as jobs. Request and answer are OpenAI's, as with ``client.chat.completions``."""

    @cached_property
    def with_raw_response(self) -> AsyncChatJobsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncChatJobsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncChatJobsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncChatJobsWithStreamingResponse(self)

    @takes_as(Completions.create, without=_STREAMED)
    async def create(self, **given: Unpack[CompletionCreateParams]) -> ChatJob:
        """Begin a chat completion; see ChatJobs.create."""
        return await self._call("post", "/async/chat/completions", cast_to=ChatJob, given=given)

    @takes(Options)
    async def retrieve(self, job_id: str, **given: Unpack[Options]) -> ChatJob:
        """Look at a job; see ChatJobs.retrieve."""
        path = path_of("/async/chat/{job_id}", job_id=job_id)
        return await self._call("get", path, cast_to=ChatJob, given=given)

    @takes(PollOptions)
    async def poll(self, job_id: str, **given: Unpack[PollOptions]) -> ChatJob:
        """Wait until a job has succeeded or failed; see ChatJobs.poll."""
        options = request_options(given)
        return await self._wait(
            lambda: self.retrieve(job_id, **options),
            lambda job: not _unfinished(job),
            given,
            f"The job {job_id}",
        )

    @takes_as(Completions.create, without=_STREAMED, more=PollOptions)
    async def create_and_poll(
        self,
        *,
        poll_interval: float = 2.0,
        max_wait_seconds: float = 1800.0,
        **given: Unpack[CompletionCreateParams],
    ) -> ChatJob:
        """Begin a chat completion and wait until it has ended; see ChatJobs.create_and_poll."""
        job = await self.create(**given)
        options = request_options(given)
        return await self.poll(
            job.id, poll_interval=poll_interval, max_wait_seconds=max_wait_seconds, **options
        )


class ChatJobsWithRawResponse:
    """See ChatJobs."""

    def __init__(self, group: ChatJobs) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)
        self.retrieve = raw(group.retrieve)


class AsyncChatJobsWithRawResponse:
    """See AsyncChatJobs."""

    def __init__(self, group: AsyncChatJobs) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)
        self.retrieve = async_raw(group.retrieve)


class ChatJobsWithStreamingResponse:
    """See ChatJobs."""

    def __init__(self, group: ChatJobs) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)
        self.retrieve = streamed(group.retrieve)


class AsyncChatJobsWithStreamingResponse:
    """See AsyncChatJobs."""

    def __init__(self, group: AsyncChatJobs) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
        self.retrieve = async_streamed(group.retrieve)
