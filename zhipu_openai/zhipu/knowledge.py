"""``client.zhipu.knowledge``: knowledge bases, searched by a question.

The documents in them are ``client.zhipu.knowledge.documents``. The older retrieval is ``search`` here, the newer
one, for pictures too, is ``client.zhipu.rag``. Under OpenAI's names the same is ``client.vector_stores``.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from typing_extensions import Unpack

from ._envelope import Done, Envelope
from ._pages import AsyncNumberPage, SyncNumberPage
from ._resource import (
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
from .documents import (
    AsyncDocuments,
    AsyncDocumentsWithRawResponse,
    AsyncDocumentsWithStreamingResponse,
    Documents,
    DocumentsWithRawResponse,
    DocumentsWithStreamingResponse,
)
from .knowledge_types import (
    DEFAULT_EMBEDDING,
    KnowledgeBase,
    KnowledgeCapacity,
    KnowledgeCreateParams,
    KnowledgeId,
    KnowledgeListParams,
    KnowledgeSearchParams,
    KnowledgeSlices,
    KnowledgeUpdateParams,
)

if TYPE_CHECKING:
    from openai._base_client import AsyncPaginator


class Knowledge(ZhipuResource):
    """Knowledge bases."""

    @cached_property
    def documents(self) -> Documents:
        """The documents of knowledge bases."""
        return Documents(self._client)

    @cached_property
    def with_raw_response(self) -> KnowledgeWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return KnowledgeWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> KnowledgeWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return KnowledgeWithStreamingResponse(self)

    @takes(KnowledgeCreateParams)
    def create(self, **given: Unpack[KnowledgeCreateParams]) -> Envelope[KnowledgeId]:
        """Make a knowledge base.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            name: Its name.
            embedding_id: The embedding model: 3 (Embedding-2), 11 (Embedding-3) or 12 (Embedding-3-pro). Zhipu
                requires one; without it that of ``embedding_model`` is sent, or else 11.
            embedding_model: The same by name.
            contextual: 1 to enrich pieces by their context, 0 (the default) not to.
            description: What it is about.
            background: The colour of its card; blue by default.
            icon: The picture on its card; question by default.

        Raises:
            openai.APIStatusError: Zhipu refused it, in an answer whose ``code`` is not 200.
        """
        return self._call(
            "post",
            "/knowledge",
            cast_to=Envelope[KnowledgeId],
            given={
                **given,
                "embedding_id": _embedding(given.get("embedding_id"), given.get("embedding_model")),
            },
            root="application",
        )

    @takes(KnowledgeListParams)
    def list(self, **given: Unpack[KnowledgeListParams]) -> SyncNumberPage[KnowledgeBase]:
        """List the knowledge bases; iterating over the page goes on to those behind it.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            page: Which page, from 1 (the default).
            size: How many on a page; 10 by default. The most is not documented.
        """
        return self._pages(
            "/knowledge",
            page=SyncNumberPage[KnowledgeBase],
            model=KnowledgeBase,
            given=given,
            root="application",
        )

    @takes(Options)
    def retrieve(self, knowledge_id: str, **given: Unpack[Options]) -> Envelope[KnowledgeBase]:
        """Give one knowledge base.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Raises:
            openai.NotFoundError: There is no such knowledge base (Zhipu code 100013).
        """
        return self._call(
            "get",
            path_of("/knowledge/{id}", id=knowledge_id),
            cast_to=Envelope[KnowledgeBase],
            given=given,
            root="application",
        )

    @takes(KnowledgeUpdateParams)
    def update(self, knowledge_id: str, **given: Unpack[KnowledgeUpdateParams]) -> Done:
        """Change what is given, and nothing else.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone. With another embedding model every document is embedded anew.

        Args:
            knowledge_id: The knowledge base.
            name: Its new name.
            embedding_id: See ``create``, as for the other keywords.
            callback_url: Where Zhipu reports, by POST, that the documents were embedded anew.
            callback_header: Headers of that report.

        Raises:
            openai.NotFoundError: There is no such knowledge base (Zhipu code 100013).
        """
        return self._call(
            "put", path_of("/knowledge/{id}", id=knowledge_id), cast_to=Done, given=given, root="application"
        )

    @takes(Options)
    def delete(self, knowledge_id: str, **given: Unpack[Options]) -> Done:
        """Delete a knowledge base and the documents in it.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Raises:
            openai.NotFoundError: There is no such knowledge base (Zhipu code 100013).
        """
        return self._call(
            "delete",
            path_of("/knowledge/{id}", id=knowledge_id),
            cast_to=Done,
            given=given,
            root="application",
        )

    @takes(Options)
    def capacity(self, **given: Unpack[Options]) -> Envelope[KnowledgeCapacity]:
        """Say how much the account's knowledge bases hold, and may hold.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.
        """
        return self._call(
            "get", "/knowledge/capacity", cast_to=Envelope[KnowledgeCapacity], given=given, root="application"
        )

    @takes(KnowledgeSearchParams)
    def search(self, **given: Unpack[KnowledgeSearchParams]) -> Envelope[KnowledgeSlices]:
        """Find the pieces of documents that answer a query, best first.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone. Documents that are not embedded yet give nothing, and no error (recorded, 2026-09).

        Args:
            query: The question, at most 1000 characters.
            knowledge_ids: Where to look.
            document_ids: The documents to look in; all by default.
            top_k: How many pieces to give, 1 to 20; 8 by default.
            top_n: Among how many the best are chosen, 1 to 100; 10 by default.
            recall_method: ``"embedding"``, ``"keyword"`` or ``"mixed"`` (the default).
            recall_ratio: The weight of embeddings in a mixed search, 0 to 100 percent; 80 by default.
            rerank_status: 1 to rerank the pieces, which is billed; 0 (the default) not to.
            rerank_model: ``"rerank"`` or ``"rerank-pro"``.
            fractional_threshold: The least score, 0 to 1.
            request_id: Your own id of the request.

        Raises:
            openai.NotFoundError: There is no such knowledge base (Zhipu code 100013).
        """
        return self._call(
            "post",
            "/knowledge/retrieve",
            cast_to=Envelope[KnowledgeSlices],
            given=given,
            root="application",
        )


class AsyncKnowledge(AsyncZhipuResource):
    """Knowledge bases."""

    @cached_property
    def documents(self) -> AsyncDocuments:
        """The documents of knowledge bases."""
        return AsyncDocuments(self._client)

    @cached_property
    def with_raw_response(self) -> AsyncKnowledgeWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncKnowledgeWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncKnowledgeWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncKnowledgeWithStreamingResponse(self)

    @takes(KnowledgeCreateParams)
    async def create(self, **given: Unpack[KnowledgeCreateParams]) -> Envelope[KnowledgeId]:
        """Make a knowledge base; see Knowledge.create."""
        return await self._call(
            "post",
            "/knowledge",
            cast_to=Envelope[KnowledgeId],
            given={
                **given,
                "embedding_id": _embedding(given.get("embedding_id"), given.get("embedding_model")),
            },
            root="application",
        )

    @takes(KnowledgeListParams)
    def list(
        self, **given: Unpack[KnowledgeListParams]
    ) -> AsyncPaginator[KnowledgeBase, AsyncNumberPage[KnowledgeBase]]:
        """List the knowledge bases; iterating over the page goes on to those behind it; see Knowledge.list."""
        return self._pages(
            "/knowledge",
            page=AsyncNumberPage[KnowledgeBase],
            model=KnowledgeBase,
            given=given,
            root="application",
        )

    @takes(Options)
    async def retrieve(self, knowledge_id: str, **given: Unpack[Options]) -> Envelope[KnowledgeBase]:
        """Give one knowledge base; see Knowledge.retrieve."""
        return await self._call(
            "get",
            path_of("/knowledge/{id}", id=knowledge_id),
            cast_to=Envelope[KnowledgeBase],
            given=given,
            root="application",
        )

    @takes(KnowledgeUpdateParams)
    async def update(self, knowledge_id: str, **given: Unpack[KnowledgeUpdateParams]) -> Done:
        """Change what is given, and nothing else; see Knowledge.update."""
        return await self._call(
            "put", path_of("/knowledge/{id}", id=knowledge_id), cast_to=Done, given=given, root="application"
        )

    @takes(Options)
    async def delete(self, knowledge_id: str, **given: Unpack[Options]) -> Done:
        """Delete a knowledge base and the documents in it; see Knowledge.delete."""
        return await self._call(
            "delete",
            path_of("/knowledge/{id}", id=knowledge_id),
            cast_to=Done,
            given=given,
            root="application",
        )

    @takes(Options)
    async def capacity(self, **given: Unpack[Options]) -> Envelope[KnowledgeCapacity]:
        """Say how much the account's knowledge bases hold, and may hold; see Knowledge.capacity."""
        return await self._call(
            "get", "/knowledge/capacity", cast_to=Envelope[KnowledgeCapacity], given=given, root="application"
        )

    @takes(KnowledgeSearchParams)
    async def search(self, **given: Unpack[KnowledgeSearchParams]) -> Envelope[KnowledgeSlices]:
        """Find the pieces of documents that answer a query, best first; see Knowledge.search."""
        return await self._call(
            "post",
            "/knowledge/retrieve",
            cast_to=Envelope[KnowledgeSlices],
            given=given,
            root="application",
        )


class KnowledgeWithRawResponse:
    """See Knowledge."""

    def __init__(self, group: Knowledge) -> None:
        """Wrap the calls of a group."""
        self.create = raw(group.create)
        self.list = raw(group.list)
        self.retrieve = raw(group.retrieve)
        self.update = raw(group.update)
        self.delete = raw(group.delete)
        self.capacity = raw(group.capacity)
        self.search = raw(group.search)
        self._group = group

    @cached_property
    def documents(self) -> DocumentsWithRawResponse:
        """See Documents."""
        return DocumentsWithRawResponse(self._group.documents)


class KnowledgeWithStreamingResponse:
    """See Knowledge."""

    def __init__(self, group: Knowledge) -> None:
        """Wrap the calls of a group."""
        self.create = streamed(group.create)
        self.list = streamed(group.list)
        self.retrieve = streamed(group.retrieve)
        self.update = streamed(group.update)
        self.delete = streamed(group.delete)
        self.capacity = streamed(group.capacity)
        self.search = streamed(group.search)
        self._group = group

    @cached_property
    def documents(self) -> DocumentsWithStreamingResponse:
        """See Documents."""
        return DocumentsWithStreamingResponse(self._group.documents)


class AsyncKnowledgeWithRawResponse:
    """See AsyncKnowledge."""

    def __init__(self, group: AsyncKnowledge) -> None:
        """Wrap the calls of a group."""
        self.create = async_raw(group.create)
        self.list = async_raw(group.list)
        self.retrieve = async_raw(group.retrieve)
        self.update = async_raw(group.update)
        self.delete = async_raw(group.delete)
        self.capacity = async_raw(group.capacity)
        self.search = async_raw(group.search)
        self._group = group

    @cached_property
    def documents(self) -> AsyncDocumentsWithRawResponse:
        """See AsyncDocuments."""
        return AsyncDocumentsWithRawResponse(self._group.documents)


class AsyncKnowledgeWithStreamingResponse:
    """See AsyncKnowledge."""

    def __init__(self, group: AsyncKnowledge) -> None:
        """Wrap the calls of a group."""
        self.create = async_streamed(group.create)
        self.list = async_streamed(group.list)
        self.retrieve = async_streamed(group.retrieve)
        self.update = async_streamed(group.update)
        self.delete = async_streamed(group.delete)
        self.capacity = async_streamed(group.capacity)
        self.search = async_streamed(group.search)
        self._group = group

    @cached_property
    def documents(self) -> AsyncDocumentsWithStreamingResponse:
        """See AsyncDocuments."""
        return AsyncDocumentsWithStreamingResponse(self._group.documents)


def _embedding(given: object, model: object) -> object:
    """Give the embedding model's id, which Zhipu requires."""
    if isinstance(given, int):
        return given
    return {"Embedding-2": 3, "Embedding-3-pro": 12}.get(str(model), DEFAULT_EMBEDDING)
