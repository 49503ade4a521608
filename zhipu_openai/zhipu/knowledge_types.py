"""Keywords and answers of ``client.zhipu.knowledge``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from openai import BaseModel
from pydantic import Field
from typing_extensions import TypedDict

from ._resource import Absent, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


EmbeddingId: TypeAlias = Literal[3, 11, 12]
"""3 is Embedding-2, 11 Embedding-3, 12 Embedding-3-pro."""

EmbeddingModel: TypeAlias = Literal["Embedding-2", "Embedding-3", "Embedding-3-pro"]
Background: TypeAlias = Literal["blue", "red", "orange", "purple", "sky", "green", "yellow"]
Icon: TypeAlias = Literal["question", "book", "seal", "wrench", "tag", "horn", "house"]
RecallMethod: TypeAlias = Literal["embedding", "keyword", "mixed"]
RerankModel: TypeAlias = Literal["rerank", "rerank-pro"]

DEFAULT_EMBEDDING: EmbeddingId = 11


class _RequiredName(TypedDict):
    name: str


class _Looks(TypedDict, total=False):
    embedding_id: EmbeddingId | int | Absent
    embedding_model: EmbeddingModel | str | Absent
    contextual: Literal[0, 1] | Absent
    description: str | Absent
    background: Background | str | Absent
    icon: Icon | str | Absent


class KnowledgeCreateParams(_RequiredName, _Looks, Options, total=False):
    """The keywords of ``knowledge.create``; see there."""


class KnowledgeUpdateParams(_Looks, Options, total=False):
    """The keywords of ``knowledge.update``; see there."""

    name: str | Absent
    callback_url: str | Absent
    callback_header: Mapping[str, str] | Absent


class KnowledgeListParams(Options, total=False):
    """The keywords of ``knowledge.list``; see there."""

    page: int | Absent
    size: int | Absent


class _RequiredSearch(TypedDict):
    query: str
    knowledge_ids: Iterable[str]


class KnowledgeSearchParams(_RequiredSearch, Options, total=False):
    """The keywords of ``knowledge.search``; see there."""

    document_ids: Iterable[str] | Absent
    top_k: int | Absent
    top_n: int | Absent
    recall_method: RecallMethod | Absent
    recall_ratio: int | Absent
    rerank_status: Literal[0, 1] | Absent
    rerank_model: RerankModel | str | Absent
    fractional_threshold: float | Absent
    request_id: str | Absent


class KnowledgeId(BaseModel):
    """The id of a new knowledge base."""

    id: str


class KnowledgeBase(BaseModel):
    """A knowledge base.

    Attributes:
        id: Its id.
        name: Its name.
        description: What it is about.
        embedding_id: The embedding model: 3, 11 or 12; 1 in old ones.
        contextual: 1 where pieces are enriched by their context.
        background: The colour of its card.
        icon: The picture on its card.
        document_size: How many documents it holds.
        length: The length of their text after it was cut.
        word_num: The characters of their text.
    """

    id: str
    name: str | None = None
    description: str | None = None
    embedding_id: int | None = None
    contextual: int | None = None
    background: str | None = None
    icon: str | None = None
    document_size: int | None = None
    length: int | None = None
    word_num: int | None = None


class CapacityPart(BaseModel):
    """An amount of text.

    Attributes:
        word_num: Characters.
        length: Bytes.
    """

    word_num: int | None = None
    length: int | None = None


class KnowledgeCapacity(BaseModel):
    """How much the account's knowledge bases hold, and may hold."""

    used: CapacityPart
    total: CapacityPart


class SliceMetadata(BaseModel):
    """Where a piece is from.

    Attributes:
        id: The piece's own id.
        knowledge_id: The knowledge base.
        doc_id: The document.
        doc_name: The document's name.
        doc_url: A link to the document.
        contextual_text: The context it was enriched by, if it was.
    """

    id: str | None = Field(alias="_id", default=None)
    knowledge_id: str | None = None
    doc_id: str | None = None
    doc_name: str | None = None
    doc_url: str | None = None
    contextual_text: str | None = None


class KnowledgeSlice(BaseModel):
    """A piece of a document that answers the query.

    Attributes:
        text: The piece.
        score: How well it answers, 0 to 1.
        metadata: Where it is from.
    """

    text: str
    score: float | None = None
    metadata: SliceMetadata | None = None


KnowledgeSlices: TypeAlias = list[KnowledgeSlice]
