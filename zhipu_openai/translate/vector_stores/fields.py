"""The tables of vector store fields: what becomes of each one of OpenAI's on its way to a knowledge base."""

from __future__ import annotations

from datetime import date
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.translate.fields import Field, Verdict

from . import ranking
from .chunking import translate_chunking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .draft import Draft

_SPEC: Final = ("bigmodel.cn OpenAPI", date(2026, 7, 11))
_ABSENT: Final = ("in no specification of bigmodel.cn", date(2026, 7, 11))

EMBEDDINGS: Final[Mapping[str, int]] = MappingProxyType(
    {"Embedding-2": 3, "Embedding-3": 11, "Embedding-3-pro": 12}
)
"""The embedding models of a knowledge base and their ids. Source: bigmodel.cn OpenAPI, 2026-07-11."""

DEFAULT_EMBEDDING: Final = 11
"""Zhipu requires the choice that OpenAI makes by itself."""

DEFAULT_NAME: Final = "vector store"
"""Zhipu requires a name, OpenAI does not."""

LONGEST_QUERY: Final = 1000
"""Characters of a query. Source: bigmodel.cn OpenAPI, 2026-07-11."""


def _field(
    name: str,
    verdict: Verdict,
    what: str,
    origin: tuple[str, date],
    rule: Callable[[Draft, Any], None] | None = None,
    *,
    neutral: tuple[Any, ...] = (),
) -> Field[Draft]:
    return Field(name, verdict, what, *origin, rule, neutral)


def _query(draft: Draft, query: Any) -> None:
    """Check the query; several stay a list, which is sent as so many requests."""
    queries = [query] if isinstance(query, str) else query
    if not isinstance(queries, list) or not queries or not all(isinstance(one, str) for one in queries):
        draft.refuse("query", "query must be a string or a list of strings.", code="invalid_type")
    if any(len(one) > LONGEST_QUERY for one in queries):
        draft.refuse(
            "query",
            f"Zhipu searches for at most {LONGEST_QUERY} characters; shorten the query, or split it into a "
            "list of queries.",
            code="string_above_max_length",
        )
    if len(queries) > 1:
        draft.note(
            "query", "emulated", "several queries are several requests; the best results of all count."
        )
    draft.body["query"] = queries


def _list(draft: Draft, value: Any, *, name: str, of: type) -> None:
    """Check a list; what is in it is checked where it is used."""
    if not isinstance(value, list) or not all(isinstance(one, of) for one in value):
        kind = "strings" if of is str else "objects"
        draft.refuse(name, f"{name} must be a list of {kind}.", code="invalid_type")


_FILE_IDS: Final = partial(_list, name="file_ids", of=str)

_EXPIRES: Final = _field(
    "expires_after", "dropped", "a knowledge base does not expire; delete it when it is not needed.", _ABSENT
)
_METADATA: Final = _field(
    "metadata", "dropped", "a knowledge base keeps no metadata.", _ABSENT, neutral=({},)
)
_ATTRIBUTES: Final = _field(
    "attributes",
    "dropped",
    "a document keeps no attributes, so searches cannot filter by them; use a vector store for each group.",
    _ABSENT,
    neutral=({},),
)
_CHUNKING: Final = _field(
    "chunking_strategy",
    "approximated",
    "static: pieces of that many characters (20 to 2000), without overlap; auto: Zhipu decides.",
    _SPEC,
    translate_chunking,
)

CREATE_FIELDS: Final = (
    _field("name", "same", "Passes; without one it is called 'vector store'.", _SPEC, neutral=("",)),
    _field("description", "same", "Passes.", _SPEC, neutral=("",)),
    _field(
        "file_ids",
        "emulated",
        "Each file is uploaded to the new knowledge base.",
        _SPEC,
        _FILE_IDS,
        neutral=([],),
    ),
    _CHUNKING,
    _EXPIRES,
    _METADATA,
)
"""``vector_stores.create``."""

UPDATE_FIELDS: Final = (_field("name", "same", "Passes.", _SPEC), _EXPIRES, _METADATA)
"""``vector_stores.update``."""

SEARCH_FIELDS: Final = (
    _field("query", "emulated", "One passes; several are several requests.", _SPEC, _query),
    _field(
        "max_num_results",
        "approximated",
        "Sent as top_k, at most 20; 10 where it is not given.",
        _SPEC,
        ranking.translate_max_num_results,
    ),
    _field(
        "ranking_options",
        "translated",
        "ranker as rerank_status, score_threshold as fractional_threshold, hybrid_search as recall_ratio.",
        _SPEC,
        ranking.translate_ranking_options,
        neutral=({},),
    ),
    _field(
        "filters",
        "refused",
        "Zhipu's documents have no attributes to filter by. Keep a vector store for each group, or name "
        'documents: extra_body={"document_ids": [...]}.',
        _ABSENT,
        neutral=({},),
    ),
    _field("rewrite_query", "dropped", "Zhipu searches for the query as it is.", _ABSENT, neutral=(False,)),
)
"""``vector_stores.search``."""

FILE_FIELDS: Final = (
    _field("file_id", "emulated", "The bytes uploaded by this client under that id are sent again.", _SPEC),
    _CHUNKING,
    _ATTRIBUTES,
)
"""``vector_stores.files.create``."""

BATCH_FIELDS: Final = (
    _field("file_ids", "emulated", "Uploaded one after the other.", _SPEC, _FILE_IDS, neutral=([],)),
    _field(
        "files",
        "emulated",
        "Uploaded one after the other, each with its own strategy.",
        _SPEC,
        partial(_list, name="files", of=dict),
        neutral=([],),
    ),
    _CHUNKING,
    _ATTRIBUTES,
)
"""``vector_stores.file_batches.create``."""
