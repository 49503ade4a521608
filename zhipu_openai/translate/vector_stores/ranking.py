"""How many results a search gives, and how they are ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .draft import Draft

MOST_RESULTS: Final = 20
"""Largest ``top_k``. Source: bigmodel.cn OpenAPI, 2026-07-11."""

DEFAULT_RESULTS: Final = 10
"""How many results OpenAI gives by default; Zhipu gives 8."""

DEFAULT_RECALLED: Final = 10
"""Zhipu's default for ``top_n``, the pieces among which the best are chosen. Source as above."""

RERANKERS: Final = ("rerank", "rerank-pro")
"""Zhipu's own. Source: bigmodel.cn OpenAPI, 2026-07-11."""


def translate_max_num_results(draft: Draft, count: Any) -> None:
    """Send as ``top_k``, and recall at least as many pieces."""
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        draft.refuse(
            "max_num_results", "max_num_results must be an integer, 1 or more.", code="invalid_value"
        )
    del draft.body["max_num_results"]
    if draft.body.get("top_k") is not None:
        return
    if count > MOST_RESULTS:
        draft.note("max_num_results", "approximated", f"Zhipu gives at most {MOST_RESULTS} results.")
        count = MOST_RESULTS
    draft.body["top_k"] = count
    if count > DEFAULT_RECALLED:
        draft.default("top_n", count)


def translate_ranking_options(draft: Draft, options: Any) -> None:
    """Send as Zhipu's fields of the same meaning; those that the caller gave win."""
    if not isinstance(options, dict):
        draft.refuse("ranking_options", "ranking_options must be an object.", code="invalid_type")
    del draft.body["ranking_options"]
    ranker = options.get("ranker")
    if ranker == "none":
        draft.default("rerank_status", 0)
    elif ranker is not None:
        if ranker not in ("auto", *RERANKERS):
            draft.note("ranking_options.ranker", "approximated", "Zhipu's own reranking model is used.")
        draft.default("rerank_status", 1)
        draft.default("rerank_model", ranker if ranker in RERANKERS else RERANKERS[0])
    threshold = options.get("score_threshold")
    if threshold:
        draft.default("fractional_threshold", threshold)
    _mix(draft, options.get("hybrid_search"))


def _mix(draft: Draft, weights: Any) -> None:
    """Send the weights of vectors and words as ``recall_ratio``, the percentage of vectors."""
    if weights is None:
        return
    found = (
        [weights.get(name) for name in ("embedding_weight", "text_weight")]
        if isinstance(weights, dict)
        else []
    )
    numbers = [
        one for one in found if isinstance(one, (int, float)) and not isinstance(one, bool) and one >= 0
    ]
    if len(numbers) != 2 or not sum(numbers):  # noqa: PLR2004 - the two weights
        draft.refuse(
            "ranking_options.hybrid_search",
            "hybrid_search needs embedding_weight and text_weight, 0 or more and not both 0.",
            code="invalid_value",
        )
    vectors, words = numbers
    if not words:
        draft.default("recall_method", "embedding")
    elif not vectors:
        draft.default("recall_method", "keyword")
    else:
        draft.default("recall_method", "mixed")
        draft.default("recall_ratio", round(100 * vectors / (vectors + words)))
