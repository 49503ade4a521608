"""``client.zhipu.knowledge.documents``: the documents of knowledge bases."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from typing_extensions import Unpack

from ._envelope import Done, Envelope
from ._pages import AsyncNumberPage, SyncNumberPage
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
)
from .documents_types import (
    Document,
    DocumentEmbedParams,
    DocumentImages,
    DocumentListParams,
    DocumentUploadParams,
    DocumentUploadUrlParams,
    UploadResult,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai._base_client import AsyncPaginator

_EMBEDDING = 0
"""``embedding_stat`` while the work goes on."""


class Documents(ZhipuResource):
    """The documents of knowledge bases."""

    @cached_property
    def with_raw_response(self) -> DocumentsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return DocumentsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> DocumentsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return DocumentsWithStreamingResponse(self)

    @takes(DocumentUploadParams)
    def upload(self, knowledge_id: str, **given: Unpack[DocumentUploadParams]) -> Envelope[UploadResult]:
        """Put a file into a knowledge base. It can be found once it is embedded; see ``wait``.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            knowledge_id: The knowledge base.
            file: The file: txt, doc, docx, pdf, ppt, pptx, md, xls, xlsx or csv.
            knowledge_type: How it is cut; see KnowledgeType. Zhipu decides by default.
            custom_separator: Where it is cut, with type 5; at line ends by default.
            sentence_size: Characters of a piece, with type 5: 20 to 2000, 300 by default.
            parse_image: Whether to read its pictures; False by default.
            word_num_limit: The most characters that the document may have.
            callback_url: Where Zhipu reports, by POST, that it was embedded.
            callback_header: Headers of that report.
            req_id: Your own id of the request.

        Raises:
            openai.NotFoundError: There is no such knowledge base (Zhipu code 100013).
        """
        return self._call(
            "post",
            path_of("/document/upload_document/{id}", id=knowledge_id),
            cast_to=Envelope[UploadResult],
            given=_form(given),
            root="application",
            files={"files": given["file"]},
        )

    @takes(DocumentUploadUrlParams)
    def upload_url(
        self, knowledge_id: str, **given: Unpack[DocumentUploadUrlParams]
    ) -> Envelope[UploadResult]:
        """Put pages or files into a knowledge base that Zhipu fetches by their links.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            knowledge_id: The knowledge base.
            upload_detail: The links, each with how it is cut: ``{"url": ..., "knowledge_type": 1}``.

        Raises:
            openai.NotFoundError: There is no such knowledge base (Zhipu code 100013).
        """
        return self._call(
            "post",
            "/document/upload_url",
            cast_to=Envelope[UploadResult],
            given=_with_knowledge(given, knowledge_id),
            root="application",
        )

    @takes(DocumentListParams)
    def list(self, **given: Unpack[DocumentListParams]) -> SyncNumberPage[Document]:
        """List the documents of a knowledge base; iterating over the page goes on to those behind it.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Args:
            knowledge_id: The knowledge base.
            page: Which page, from 1 (the default).
            size: How many on a page; 10 by default. The most is not documented.
            word: What their names must contain.

        Raises:
            openai.NotFoundError: There is no such knowledge base (Zhipu code 100013).
        """
        return self._pages(
            "/document", page=SyncNumberPage[Document], model=Document, given=given, root="application"
        )

    @takes(Options)
    def retrieve(self, document_id: str, **given: Unpack[Options]) -> Envelope[Document]:
        """Give one document, with how far its embedding is.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Raises:
            openai.APIStatusError: There is no such document; with which code Zhipu says so is not known.
        """
        return self._call(
            "get",
            path_of("/document/{id}", id=document_id),
            cast_to=Envelope[Document],
            given=given,
            root="application",
        )

    @takes(Options)
    def delete(self, document_id: str, **given: Unpack[Options]) -> Done:
        """Delete a document.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.

        Raises:
            openai.APIStatusError: There is no such document; with which code Zhipu says so is not known.
        """
        return self._call(
            "delete", path_of("/document/{id}", id=document_id), cast_to=Done, given=given, root="application"
        )

    @takes(DocumentEmbedParams)
    def embed(self, document_id: str, **given: Unpack[DocumentEmbedParams]) -> Done:
        """Embed a document again, after a failure say; for links above all.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone. The answer says that the work has begun; see ``wait`` for its end.

        Args:
            document_id: The document.
            callback_url: Where Zhipu reports, by POST, that it was embedded.
            callback_header: Headers of that report.
        """
        return self._call(
            "post",
            path_of("/document/embedding/{id}", id=document_id),
            cast_to=Done,
            given=given,
            root="application",
        )

    @takes(Options)
    def images(self, document_id: str, **given: Unpack[Options]) -> Envelope[DocumentImages]:
        """Give the pictures that were found in a document, by the names under which its pieces refer to them.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone.
        """
        return self._call(
            "post",
            path_of("/document/slice/image_list/{id}", id=document_id),
            cast_to=Envelope[DocumentImages],
            given=given,
            root="application",
        )

    @takes(PollOptions)
    def wait(self, document_id: str, **given: Unpack[PollOptions]) -> Document:
        """Look at a document until it is embedded, or has failed: see its ``embedding_stat`` and ``fail_info``.

        Args:
            document_id: The document.
            poll_interval: Seconds between two looks, above 0; 2 by default.
            max_wait_seconds: Seconds after which waiting is given up; half an hour by default.

        Raises:
            PollTimeoutError: It was not embedded in time; the work goes on.
        """
        options = request_options(given)
        return self._wait(
            lambda: self.retrieve(document_id, **options).data,
            lambda found: found.embedding_stat != _EMBEDDING,
            given,
            f"The embedding of document {document_id}",
        )


class AsyncDocuments(AsyncZhipuResource):
    """The documents of knowledge bases."""

    @cached_property
    def with_raw_response(self) -> AsyncDocumentsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncDocumentsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncDocumentsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncDocumentsWithStreamingResponse(self)

    @takes(DocumentUploadParams)
    async def upload(
        self, knowledge_id: str, **given: Unpack[DocumentUploadParams]
    ) -> Envelope[UploadResult]:
        """Put a file into a knowledge base. It can be found once it is embedded; see ``wait``; see Documents.upload."""
        return await self._call(
            "post",
            path_of("/document/upload_document/{id}", id=knowledge_id),
            cast_to=Envelope[UploadResult],
            given=_form(given),
            root="application",
            files={"files": given["file"]},
        )

    @takes(DocumentUploadUrlParams)
    async def upload_url(
        self, knowledge_id: str, **given: Unpack[DocumentUploadUrlParams]
    ) -> Envelope[UploadResult]:
        """Put pages or files into a knowledge base that Zhipu fetches by their links; see Documents.upload_url."""
        return await self._call(
            "post",
            "/document/upload_url",
            cast_to=Envelope[UploadResult],
            given=_with_knowledge(given, knowledge_id),
            root="application",
        )

    @takes(DocumentListParams)
    def list(
        self, **given: Unpack[DocumentListParams]
    ) -> AsyncPaginator[Document, AsyncNumberPage[Document]]:
        """List the documents of a knowledge base; iterating over the page goes on to those behind it; see Documents.list."""
        return self._pages(
            "/document", page=AsyncNumberPage[Document], model=Document, given=given, root="application"
        )

    @takes(Options)
    async def retrieve(self, document_id: str, **given: Unpack[Options]) -> Envelope[Document]:
        """Give one document, with how far its embedding is; see Documents.retrieve."""
        return await self._call(
            "get",
            path_of("/document/{id}", id=document_id),
            cast_to=Envelope[Document],
            given=given,
            root="application",
        )

    @takes(Options)
    async def delete(self, document_id: str, **given: Unpack[Options]) -> Done:
        """Delete a document; see Documents.delete."""
        return await self._call(
            "delete", path_of("/document/{id}", id=document_id), cast_to=Done, given=given, root="application"
        )

    @takes(DocumentEmbedParams)
    async def embed(self, document_id: str, **given: Unpack[DocumentEmbedParams]) -> Done:
        """Embed a document again, after a failure say; for links above all; see Documents.embed."""
        return await self._call(
            "post",
            path_of("/document/embedding/{id}", id=document_id),
            cast_to=Done,
            given=given,
            root="application",
        )

    @takes(Options)
    async def images(self, document_id: str, **given: Unpack[Options]) -> Envelope[DocumentImages]:
        """Give the pictures that were found in a document, by the names under which its pieces refer to them; see Documents.images."""
        return await self._call(
            "post",
            path_of("/document/slice/image_list/{id}", id=document_id),
            cast_to=Envelope[DocumentImages],
            given=given,
            root="application",
        )

    @takes(PollOptions)
    async def wait(self, document_id: str, **given: Unpack[PollOptions]) -> Document:
        """Look at a document until it is embedded, or has failed: see its ``embedding_stat`` and ``fail_info``; see Documents.wait."""
        options = request_options(given)

        async def look() -> Document:
            return (await self.retrieve(document_id, **options)).data

        return await self._wait(
            look,
            lambda found: found.embedding_stat != _EMBEDDING,
            given,
            f"The embedding of document {document_id}",
        )


class DocumentsWithRawResponse:
    """See Documents."""

    def __init__(self, group: Documents) -> None:
        """Wrap the calls of a group."""
        self.upload = raw(group.upload)
        self.upload_url = raw(group.upload_url)
        self.list = raw(group.list)
        self.retrieve = raw(group.retrieve)
        self.delete = raw(group.delete)
        self.embed = raw(group.embed)
        self.images = raw(group.images)


class DocumentsWithStreamingResponse:
    """See Documents."""

    def __init__(self, group: Documents) -> None:
        """Wrap the calls of a group."""
        self.upload = streamed(group.upload)
        self.upload_url = streamed(group.upload_url)
        self.list = streamed(group.list)
        self.retrieve = streamed(group.retrieve)
        self.delete = streamed(group.delete)
        self.embed = streamed(group.embed)
        self.images = streamed(group.images)


class AsyncDocumentsWithRawResponse:
    """See AsyncDocuments."""

    def __init__(self, group: AsyncDocuments) -> None:
        """Wrap the calls of a group."""
        self.upload = async_raw(group.upload)
        self.upload_url = async_raw(group.upload_url)
        self.list = async_raw(group.list)
        self.retrieve = async_raw(group.retrieve)
        self.delete = async_raw(group.delete)
        self.embed = async_raw(group.embed)
        self.images = async_raw(group.images)


class AsyncDocumentsWithStreamingResponse:
    """See AsyncDocuments."""

    def __init__(self, group: AsyncDocuments) -> None:
        """Wrap the calls of a group."""
        self.upload = async_streamed(group.upload)
        self.upload_url = async_streamed(group.upload_url)
        self.list = async_streamed(group.list)
        self.retrieve = async_streamed(group.retrieve)
        self.delete = async_streamed(group.delete)
        self.embed = async_streamed(group.embed)
        self.images = async_streamed(group.images)


def _form(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of an upload; headers of the report are JSON within a form."""
    fields = {name: value for name, value in given.items() if name != "file"}
    header = fields.get("callback_header")
    if header is not None and hasattr(header, "items"):
        fields["callback_header"] = json.dumps(dict(header), ensure_ascii=False)
    return fields


def _with_knowledge(given: Mapping[str, Any], knowledge_id: str) -> dict[str, Any]:
    return {**given, "knowledge_id": knowledge_id}
