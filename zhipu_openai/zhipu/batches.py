"""``client.zhipu.batches``: batches in Zhipu's own form."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from openai import BaseModel
from openai.pagination import AsyncCursorPage, SyncCursorPage
from typing_extensions import TypedDict, Unpack

from ._resource import (
    Absent,
    AsyncZhipuResource,
    Options,
    ZhipuResource,
    async_raw,
    async_streamed,
    path_of,
    raw,
    streamed,
    takes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai._base_client import AsyncPaginator


class _Required(TypedDict):
    input_file_id: str


class BatchParams(_Required, Options, total=False):
    """The keywords of ``batches.create``; see there."""

    endpoint: str | Absent
    auto_delete_input_file: bool | Absent
    metadata: Mapping[str, str] | Absent


class BatchListParams(Options, total=False):
    """The keywords of ``batches.list``; see there."""

    after: str | Absent
    limit: int | Absent


class BatchCounts(BaseModel):
    """How many requests a batch has, and how many of them are done."""

    total: int | None = None
    completed: int | None = None
    failed: int | None = None


class ZhipuBatch(BaseModel):
    """A batch as Zhipu describes it.

    Times are in milliseconds (recorded, 2024 and 2026), whatever the specification says.

    Attributes:
        id: The batch's id.
        status: ``validating``, ``in_progress``, ``finalizing``, ``completed``, ``failed``, ``expired``,
            ``cancelling`` or ``cancelled``.
        output_file_id: The file with the answers; empty or None before there is one.
        error_file_id: The file with the failures; empty or None where there is none.
    """

    id: str
    status: str
    object: str | None = None
    endpoint: str | None = None
    input_file_id: str | None = None
    completion_window: str | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    created_at: int | None = None
    in_progress_at: int | None = None
    expires_at: int | None = None
    finalizing_at: int | None = None
    completed_at: int | None = None
    failed_at: int | None = None
    expired_at: int | None = None
    cancelling_at: int | None = None
    cancelled_at: int | None = None
    request_counts: BatchCounts | None = None
    metadata: dict[str, str] | None = None


class Batches(ZhipuResource):
    """Batches in Zhipu's own form; ``client.batches`` has OpenAI's."""

    @cached_property
    def with_raw_response(self) -> BatchesWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return BatchesWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> BatchesWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return BatchesWithStreamingResponse(self)

    @takes(BatchParams)
    def create(self, **given: Unpack[BatchParams]) -> ZhipuBatch:
        """Begin a batch of an uploaded file in Zhipu's own form, whose lines name ``/v4/chat/completions``.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            input_file_id: The file, uploaded with purpose ``"batch"``.
            endpoint: ``"/v4/chat/completions"``, which is also sent if none is given.
            auto_delete_input_file: Whether the file is deleted afterwards; True by default.
            metadata: At most 16 pairs of words, of 64 and 512 characters.
        """
        return self._call(
            "post",
            "/batches",
            cast_to=ZhipuBatch,
            given={**given, "endpoint": given.get("endpoint") or "/v4/chat/completions"},
        )

    @takes(Options)
    def retrieve(self, batch_id: str, **given: Unpack[Options]) -> ZhipuBatch:
        """Look at a batch.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            batch_id: Its id.
        """
        return self._call(
            "get", path_of("/batches/{batch_id}", batch_id=batch_id), cast_to=ZhipuBatch, given=given
        )

    @takes(BatchListParams)
    def list(self, **given: Unpack[BatchListParams]) -> SyncCursorPage[ZhipuBatch]:
        """List batches; iterating over the list goes on to the pages behind.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            after: The batch behind which to begin.
            limit: How many to a page, 1 to 100; 20 by default.
        """
        return self._pages("/batches", page=SyncCursorPage[ZhipuBatch], model=ZhipuBatch, given=given)

    @takes(Options)
    def cancel(self, batch_id: str, **given: Unpack[Options]) -> ZhipuBatch:
        """Cancel a batch that is under way.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            batch_id: Its id.
        """
        return self._call(
            "post", path_of("/batches/{batch_id}/cancel", batch_id=batch_id), cast_to=ZhipuBatch, given=given
        )


class AsyncBatches(AsyncZhipuResource):
    """Batches in Zhipu's own form; ``client.batches`` has OpenAI's."""

    @cached_property
    def with_raw_response(self) -> AsyncBatchesWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncBatchesWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncBatchesWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncBatchesWithStreamingResponse(self)

    @takes(BatchParams)
    async def create(self, **given: Unpack[BatchParams]) -> ZhipuBatch:
        """Begin a batch of an uploaded file in Zhipu's own form, whose lines name ``/v4/chat/completions``; see Batches.create."""
        return await self._call(
            "post",
            "/batches",
            cast_to=ZhipuBatch,
            given={**given, "endpoint": given.get("endpoint") or "/v4/chat/completions"},
        )

    @takes(Options)
    async def retrieve(self, batch_id: str, **given: Unpack[Options]) -> ZhipuBatch:
        """Look at a batch; see Batches.retrieve."""
        return await self._call(
            "get", path_of("/batches/{batch_id}", batch_id=batch_id), cast_to=ZhipuBatch, given=given
        )

    @takes(BatchListParams)
    def list(
        self, **given: Unpack[BatchListParams]
    ) -> AsyncPaginator[ZhipuBatch, AsyncCursorPage[ZhipuBatch]]:
        """List batches; iterating over the list goes on to the pages behind; see Batches.list."""
        return self._pages("/batches", page=AsyncCursorPage[ZhipuBatch], model=ZhipuBatch, given=given)

    @takes(Options)
    async def cancel(self, batch_id: str, **given: Unpack[Options]) -> ZhipuBatch:
        """Cancel a batch that is under way; see Batches.cancel."""
        return await self._call(
            "post", path_of("/batches/{batch_id}/cancel", batch_id=batch_id), cast_to=ZhipuBatch, given=given
        )


class BatchesWithRawResponse:
    """See Batches."""

    def __init__(self, group: Batches) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)
        self.retrieve = raw(group.retrieve)
        self.list = raw(group.list)
        self.cancel = raw(group.cancel)


class AsyncBatchesWithRawResponse:
    """See AsyncBatches."""

    def __init__(self, group: AsyncBatches) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)
        self.retrieve = async_raw(group.retrieve)
        self.list = async_raw(group.list)
        self.cancel = async_raw(group.cancel)


class BatchesWithStreamingResponse:
    """See Batches."""

    def __init__(self, group: Batches) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)
        self.retrieve = streamed(group.retrieve)
        self.list = streamed(group.list)
        self.cancel = streamed(group.cancel)


class AsyncBatchesWithStreamingResponse:
    """See AsyncBatches."""

    def __init__(self, group: AsyncBatches) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
        self.retrieve = async_streamed(group.retrieve)
        self.list = async_streamed(group.list)
        self.cancel = async_streamed(group.cancel)
