"""``client.zhipu.rerank``: documents sorted by how well they answer a query."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

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


class _Required(TypedDict):
    query: str
    documents: Iterable[str]


class RerankParams(_Required, Options, total=False):
    """The keywords of ``rerank.create``; see there."""

    model: str | Absent
    top_n: int | Absent
    return_documents: bool | Absent
    return_raw_scores: bool | Absent
    request_id: str | Absent
    user_id: str | Absent


class RerankResult(BaseModel):
    """One document and its score.

    Attributes:
        index: The document's place in what was given, from 0.
        relevance_score: Its score, 0 to 1; with ``return_raw_scores`` the model's own, without bounds.
        document: Its text, where ``return_documents`` asked for it.
    """

    index: int
    relevance_score: float
    document: str | None = None


class RerankUsage(BaseModel):
    """Tokens that are billed."""

    prompt_tokens: int | None = None
    total_tokens: int | None = None


class RerankResponse(BaseModel):
    """The documents, best first."""

    results: list[RerankResult]
    id: str | None = None
    created: int | None = None
    request_id: str | None = None
    usage: RerankUsage | None = None


class Rerank(ZhipuResource):
    """Sorting documents by how well they answer a query."""

    @cached_property
    def with_raw_response(self) -> RerankWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return RerankWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> RerankWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return RerankWithStreamingResponse(self)

    @takes(RerankParams)
    def create(self, **given: Unpack[RerankParams]) -> RerankResponse:
        """Sort documents by how well they answer a query.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone; z.ai has no such path.

        Args:
            query: What is looked for, 1 to 4096 characters.
            documents: The texts to sort, at most 128 of at most 4096 characters each.
            model: ``"rerank"``, which is also sent if none is given.
            top_n: How many results to give, best first; 0 (the default) for all.
            return_documents: Whether each result repeats its text; False by default.
            return_raw_scores: Whether to give the model's own scores; False by default.
            request_id: Your own id of the request, 6 to 64 characters.
            user_id: The end user, 6 to 128 characters.

        Raises:
            openai.BadRequestError: A document is too long, or there are too many of them (Zhipu code 1214).
            openai.NotFoundError: The model is not open to the account (1211).
        """
        return self._call(
            "post",
            "/rerank",
            cast_to=RerankResponse,
            given={**given, "model": given.get("model") or "rerank"},
        )


class AsyncRerank(AsyncZhipuResource):
    """Sorting documents by how well they answer a query."""

    @cached_property
    def with_raw_response(self) -> AsyncRerankWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncRerankWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncRerankWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncRerankWithStreamingResponse(self)

    @takes(RerankParams)
    async def create(self, **given: Unpack[RerankParams]) -> RerankResponse:
        """Sort documents by how well they answer a query; see Rerank.create."""
        return await self._call(
            "post",
            "/rerank",
            cast_to=RerankResponse,
            given={**given, "model": given.get("model") or "rerank"},
        )


class RerankWithRawResponse:
    """See Rerank."""

    def __init__(self, group: Rerank) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)


class AsyncRerankWithRawResponse:
    """See AsyncRerank."""

    def __init__(self, group: AsyncRerank) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)


class RerankWithStreamingResponse:
    """See Rerank."""

    def __init__(self, group: Rerank) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)


class AsyncRerankWithStreamingResponse:
    """See AsyncRerank."""

    def __init__(self, group: AsyncRerank) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
