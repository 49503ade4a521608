"""Keywords and answers of ``client.zhipu.knowledge.documents``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from openai import BaseModel
from pydantic import Field
from typing_extensions import Required, TypedDict

from ._resource import Absent, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openai._types import FileTypes


KnowledgeType: TypeAlias = Literal[1, 2, 3, 5, 6, 7]
"""How a document is cut: 1 at headings and paragraphs, 2 into questions and answers, 3 by rows, 5 by a size and
separators of one's own, 6 by pages, 7 not at all. 3 and 7 take xls, xlsx and csv; 6 takes pdf, ppt and pptx; the
others take txt, doc, pdf, docx, ppt, pptx, md and links."""


class _Cut(TypedDict, total=False):
    knowledge_type: KnowledgeType | int | Absent
    custom_separator: Iterable[str] | Absent
    sentence_size: int | Absent
    callback_url: str | Absent
    callback_header: Mapping[str, str] | Absent


class _RequiredFile(TypedDict):
    file: FileTypes


class DocumentUploadParams(_RequiredFile, _Cut, Options, total=False):
    """The keywords of ``documents.upload``; see there."""

    parse_image: bool | Absent
    word_num_limit: int | str | Absent
    req_id: str | Absent


class UrlDocument(_Cut, total=False):
    """A page or file to be fetched by Zhipu; ``knowledge_type`` is required, see ``documents.upload`` for the rest."""

    url: Required[str]


class _RequiredUrls(TypedDict):
    upload_detail: Iterable[UrlDocument]


class DocumentUploadUrlParams(_RequiredUrls, Options, total=False):
    """The keywords of ``documents.upload_url``; see there."""


class _RequiredKnowledge(TypedDict):
    knowledge_id: str


class DocumentListParams(_RequiredKnowledge, Options, total=False):
    """The keywords of ``documents.list``; see there."""

    page: int | Absent
    size: int | Absent
    word: str | Absent


class DocumentEmbedParams(Options, total=False):
    """The keywords of ``documents.embed``; see there."""

    callback_url: str | Absent
    callback_header: Mapping[str, str] | Absent


class UploadSuccess(BaseModel):
    """A document that was taken."""

    document_id: str = Field(alias="documentId")
    file_name: str | None = Field(alias="fileName", default=None)
    url: str | None = None


class UploadFailure(BaseModel):
    """A document that was not taken, and why."""

    file_name: str | None = Field(alias="fileName", default=None)
    url: str | None = None
    fail_reason: str | None = Field(alias="failReason", default=None)


class UploadResult(BaseModel):
    """What became of an upload. Look at ``failed`` too: a document that is not taken is no error of the request."""

    succeeded: list[UploadSuccess] | None = Field(alias="successInfos", default=None)
    failed: list[UploadFailure] | None = Field(alias="failedInfos", default=None)


class EmbeddingFailure(BaseModel):
    """Why a document could not be embedded."""

    embedding_code: int | None = None
    embedding_msg: str | None = None


class Document(BaseModel):
    """A document.

    Attributes:
        id: Its id.
        name: The file's name.
        url: A link to it.
        knowledge_type: How it is cut; see KnowledgeType.
        custom_separator: Where it is cut, with type 5.
        sentence_size: Characters of a piece, with type 5.
        length: Its length.
        word_num: Its characters.
        embedding_stat: 0 while it is being embedded, 1 when it can be found, 2 when it failed.
        fail_info: Why it failed.
    """

    id: str
    name: str | None = None
    url: str | None = None
    knowledge_type: int | None = None
    custom_separator: list[str] | None = None
    sentence_size: int | None = None
    length: int | None = None
    word_num: int | None = None
    embedding_stat: int | None = None
    fail_info: EmbeddingFailure | None = Field(alias="failInfo", default=None)


class DocumentImage(BaseModel):
    """A picture that was found in a document.

    Attributes:
        text: How the pieces' text refers to it.
        cos_url: A link to it.
    """

    text: str | None = None
    cos_url: str | None = None


class DocumentImages(BaseModel):
    """The pictures that were found in a document."""

    images: list[DocumentImage] | None = None
