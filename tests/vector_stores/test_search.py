"""``client.vector_stores.search``: Zhipu's retrieval under OpenAI's words."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from knowledge_helpers import ROOT, envelope, piece
from scripts import play


def search(side: Any, **given: Any) -> Any:
    def script(client: Any) -> Any:
        found = client.vector_stores.search("kb1", **{"query": "cats", **given})
        return found if side.name == "sync" else (yield found)

    return play(side, script)


def test_a_search_gives_pieces_with_their_file_and_score(side: Any, wire: Any) -> None:
    wire.reply(envelope([piece("Cats sleep.", 0.9)]))
    found = search(side)
    assert wire.last.url == f"{ROOT}/knowledge/retrieve"
    assert wire.last.json == {"query": "cats", "top_k": 10, "knowledge_ids": ["kb1"]}
    assert found.object == "vector_store.search_results.page"
    (one,) = found.data
    assert (one.file_id, one.filename, one.score, one.attributes) == ("d1", "notes.txt", 0.9, {})
    assert [part.model_dump() for part in one.content] == [{"text": "Cats sleep.", "type": "text"}]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"max_num_results": 3}, {"top_k": 3}),
        ({"max_num_results": 15}, {"top_k": 15, "top_n": 15}),
        ({"ranking_options": {"ranker": "none"}}, {"rerank_status": 0}),
        ({"ranking_options": {"ranker": "auto"}}, {"rerank_status": 1, "rerank_model": "rerank"}),
        ({"ranking_options": {"ranker": "rerank-pro"}}, {"rerank_status": 1, "rerank_model": "rerank-pro"}),
        ({"ranking_options": {"score_threshold": 0.4}}, {"fractional_threshold": 0.4}),
        ({"ranking_options": {"score_threshold": 0}}, {}),
        (
            {"ranking_options": {"hybrid_search": {"embedding_weight": 3, "text_weight": 1}}},
            {"recall_method": "mixed", "recall_ratio": 75},
        ),
        (
            {"ranking_options": {"hybrid_search": {"embedding_weight": 0, "text_weight": 1}}},
            {"recall_method": "keyword"},
        ),
        (
            {"ranking_options": {"hybrid_search": {"embedding_weight": 1, "text_weight": 0}}},
            {"recall_method": "embedding"},
        ),
        ({"rewrite_query": False, "filters": {}}, {}),
        ({"query": ["cats"]}, {}),
        ({"extra_body": {"top_k": 7, "document_ids": ["d1"]}}, {"top_k": 7, "document_ids": ["d1"]}),
        ({"max_num_results": 3, "extra_body": {"top_k": 7}}, {"top_k": 7}),
        ({"extra_body": {"knowledge_ids": ["kb1", "kb2"]}}, {"knowledge_ids": ["kb1", "kb2"]}),
    ],
)
def test_an_option_is_sent_in_zhipus_words(side: Any, wire: Any, given: Any, sent: Any) -> None:
    wire.reply(envelope([]))
    search(side, **given)
    assert wire.last.json == {"query": "cats", "top_k": 10, "knowledge_ids": ["kb1"], **sent}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"max_num_results": 50}, {"top_k": 20, "top_n": 20}),
        (
            {"ranking_options": {"ranker": "default-2024-11-15"}},
            {"rerank_status": 1, "rerank_model": "rerank"},
        ),
        ({"rewrite_query": True}, {}),
    ],
)
def test_what_is_lost_is_said(side: Any, wire: Any, given: Any, sent: Any) -> None:
    wire.reply(envelope([]))
    with pytest.warns(match=next(iter(given))):
        search(side, **given)
    assert wire.last.json == {"query": "cats", "top_k": 10, "knowledge_ids": ["kb1"], **sent}


@pytest.mark.parametrize(
    "given",
    [
        {"filters": {"type": "eq", "key": "year", "value": 2024}},
        {"query": "x" * 1001},
        {"query": []},
        {"query": 3},
        {"max_num_results": 0},
        {"ranking_options": {"hybrid_search": {"embedding_weight": 0, "text_weight": 0}}},
        {"ranking_options": "auto"},
    ],
)
def test_what_cannot_be_searched_for_is_refused(side: Any, wire: Any, given: Any) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        search(side, query="cats", extra_body=given)
    assert caught.value.param.startswith(next(iter(given)))
    assert wire.sent == []


def test_several_queries_give_the_best_results_of_all(side: Any, wire: Any) -> None:
    def answer(request: Any) -> Any:
        import json

        from conftest import httpx

        cats = json.loads(request.content)["query"] == "cats"
        found = [piece("both", 0.5 if cats else 0.7, "p0"), piece("one", 0.6 if cats else 0.4, f"p{cats}")]
        return httpx.Response(200, json=envelope(found))

    wire.reply_with(answer)
    with pytest.warns(match="several queries"):
        found = search(side, query=["cats", "dogs"], max_num_results=3)
    assert len(wire.sent) == 2
    assert [(one.content[0].text, one.score) for one in found.data] == [
        ("both", 0.7), ("one", 0.6), ("one", 0.4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        [{"text": "no score", "metadata": {"doc_id": "d"}}],
        [{"text": "no document", "score": 0.1, "metadata": {}}],
        [{"text": "no metadata", "score": 0.1}],
        {"list": []} | {"x": 1},
    ],
)
def test_a_result_without_score_or_document_is_an_error(side: Any, wire: Any, data: Any) -> None:
    wire.reply(envelope(data))
    with pytest.raises(openai.InternalServerError):
        play_without_retries(side)


def play_without_retries(side: Any) -> Any:
    def script(client: Any) -> Any:
        found = client.with_options(max_retries=0).vector_stores.search("kb1", query="cats")
        return found if side.name == "sync" else (yield found)

    return play(side, script)
