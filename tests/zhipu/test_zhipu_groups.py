"""What each group does beyond sending its keywords, on the wire and end to end on the stand-in."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import sse
from openai._resource import AsyncAPIResource, SyncAPIResource
from scripts import collect, play
from standin_side import StandInSide
from zhipu_cases import ASSISTANT_EVENTS, BATCH, MESSAGES, PARSED, PNG

from zhipu_openai.multipart import Form
from zhipu_openai.standin import StandIn
from zhipu_openai.zhipu._files import data_url, extension_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sync", "async"])
def standin_side(request: pytest.FixtureRequest) -> StandInSide:
    """Each of the two clients in turn, on a stand-in of its own."""
    return StandInSide(StandIn(), request.param)


@pytest.fixture(autouse=True)
def _nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(_: Any, __: float) -> None: ...

    monkeypatch.setattr(SyncAPIResource, "_sleep", lambda _, __: None)
    monkeypatch.setattr(AsyncAPIResource, "_sleep", sleep)


def one(side: Any, call: Any) -> Any:
    """Run one call and give what comes."""

    def script(client: Any) -> Iterator[Any]:
        return (yield call(client))

    return play(side, script)


# Rerank, tokenizer, search, reader


def test_documents_are_sorted_by_the_query(standin_side: Any) -> None:
    answer = one(
        standin_side,
        lambda client: client.zhipu.rerank.create(
            query="capital of France",
            documents=["The capital of Italy is Rome.", "Paris is the capital of France."],
            return_documents=True,
        ),
    )
    assert [result.index for result in answer.results] == [1, 0]
    assert answer.results[0].document == "Paris is the capital of France."


@pytest.mark.parametrize(
    "given",
    [{"query": "x" * 4097}, {"documents": ["a"] * 129}, {"documents": ["a" * 4097]}, {"top_n": -1}],
    ids=["query", "documents", "document", "top_n"],
)
def test_what_is_too_much_to_rerank_is_refused(standin_side: Any, given: Any) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        one(
            standin_side,
            lambda client: client.zhipu.rerank.create(**{"query": "q", "documents": ["a"], **given}),
        )
    assert "1214" in str(caught.value)


def test_messages_may_be_objects_that_a_model_answered_with(side: Any, wire: Any) -> None:
    from openai.types.chat import ChatCompletionMessage

    wire.reply({"usage": {"prompt_tokens": 1}})
    said = ChatCompletionMessage(role="assistant", content="Hi")
    one(side, lambda client: client.zhipu.tokenizer.create(model="glm-4.6", messages=[*MESSAGES, said]))
    assert wire.last.json["messages"][1] == {"role": "assistant", "content": "Hi"}


def test_tokens_of_a_conversation_without_a_user_are_refused(standin_side: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        one(
            standin_side,
            lambda client: client.zhipu.tokenizer.create(
                model="glm-4.6", messages=[{"role": "system", "content": "Be brief."}]
            ),
        )


def test_an_unknown_model_has_no_tokens(standin_side: Any) -> None:
    with pytest.raises(openai.NotFoundError):
        one(standin_side, lambda client: client.zhipu.tokenizer.create(model="no-such", messages=MESSAGES))


def test_as_many_pages_are_found_as_were_asked_for(standin_side: Any) -> None:
    answer = one(
        standin_side,
        lambda client: client.zhipu.web_search.create(
            search_query="GLM", search_engine="search_pro_quark", count=3, search_domain_filter="a.example"
        ),
    )
    assert [result.refer for result in answer.search_result] == ["ref_1", "ref_2", "ref_3"]
    assert answer.search_result[0].link.startswith("https://a.example/")
    assert "[stand-in]" in answer.search_result[0].content


@pytest.mark.parametrize("engine", ["search_std", "search_pro"])
def test_zhipus_own_engines_give_no_links(standin_side: Any, engine: str) -> None:
    answer = one(
        standin_side,
        lambda client: client.zhipu.web_search.create(search_query="GLM", search_engine=engine),
    )
    assert {result.link for result in answer.search_result} == {""}


def test_the_engine_of_z_ai_is_known_there_alone() -> None:
    def search(client: Any) -> Any:
        return client.zhipu.web_search.create(search_query="GLM", search_engine="search-prime")

    assert one(StandInSide(StandIn(region="intl"), "sync"), search).search_result
    with pytest.raises(openai.BadRequestError):
        one(StandInSide(StandIn(), "sync"), search)


def test_the_search_intent_is_asked_for_only_if_wanted(side: Any, wire: Any) -> None:
    wire.reply({"id": "1"})
    one(
        side,
        lambda client: client.zhipu.web_search.create(
            search_query="q", search_engine="search_std", search_intent=True
        ),
    )
    assert wire.last.json["search_intent"] is True


def test_a_page_is_read(standin_side: Any) -> None:
    answer = one(standin_side, lambda client: client.zhipu.web_reader.create(url="https://example.com"))
    assert answer.result.url == "https://example.com"
    assert answer.result.content.startswith("# ")


def test_the_time_of_the_page_is_not_the_time_of_the_request(side: Any, wire: Any) -> None:
    wire.reply({"reader_result": {"content": ""}})
    one(side, lambda client: client.zhipu.web_reader.create(url="u", timeout=3))
    assert "timeout" not in wire.last.json


# Documents


def test_a_path_and_bytes_are_sent_to_glm_ocr_as_a_data_url(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.7")
    assert data_url(file) == data_url(b"%PDF-1.7") == "data:application/pdf;base64,JVBERi0xLjc="
    assert data_url(PNG).startswith("data:image/png;base64,")
    assert data_url("https://example.com/a.png") == "https://example.com/a.png"


def test_a_document_is_read(standin_side: Any) -> None:
    answer = one(standin_side, lambda client: client.zhipu.layout_parsing.create(file=PNG))
    assert answer.md_results.startswith("[stand-in]")
    assert answer.layout_details[0][0].label == "text"
    assert answer.data_info.num_pages == 1


@pytest.mark.parametrize("file", [b"no image", "not base64 nor an address", PNG + bytes(10 * 1024 * 1024)])
def test_what_glm_ocr_cannot_read_is_refused(standin_side: Any, file: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        one(standin_side, lambda client: client.zhipu.layout_parsing.create(file=file))


def test_handwriting_is_read(standin_side: Any) -> None:
    answer = one(standin_side, lambda client: client.zhipu.ocr.create(file=("a.png", PNG), probability=True))
    assert answer.status == "succeeded"
    assert answer.words_result[0].probability.average == 0.99


def test_a_failure_inside_a_success_is_an_error_in_zhipus_words(standin_side: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="图片格式"):
        one(standin_side, lambda client: client.zhipu.ocr.create(file=("a.txt", b"no image")))
    assert len(standin_side.service.requests) == 1


def test_a_document_is_parsed_and_waited_for(standin_side: Any) -> None:
    answer = one(
        standin_side,
        lambda client: client.zhipu.file_parser.create_and_poll(
            file=("note.md", b"# Hello"), tool_type="lite", poll_interval=0.1
        ),
    )
    assert answer.status == "succeeded"
    assert answer.content == "# Hello"
    assert [request.method for request in standin_side.service.requests] == ["POST", "GET", "GET"]


def test_the_link_to_a_parsed_document_may_be_had(standin_side: Any) -> None:
    answer = one(
        standin_side,
        lambda client: client.zhipu.file_parser.create_and_poll(
            file=("note.pdf", b"%PDF"), tool_type="expert", format_type="download_link"
        ),
    )
    assert answer.content is None
    assert answer.parsing_result_url.endswith(".zip")


def test_a_kind_that_a_tool_does_not_read_is_an_error(standin_side: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="不支持"):
        one(
            standin_side,
            lambda client: client.zhipu.file_parser.create(file=("a.gif", b"GIF"), tool_type="lite"),
        )


def test_options_of_a_waiting_call_hold_for_every_request(side: Any, wire: Any) -> None:
    wire.reply({"task_id": "t1", "success": True})
    wire.reply({**PARSED, "status": "processing"})
    wire.reply(PARSED)
    one(
        side,
        lambda client: client.zhipu.file_parser.create_and_poll(
            file=("a.pdf", b"%PDF"),
            tool_type="prime",
            extra_headers={"x-mine": "1"},
            extra_body={"novel": "2"},
        ),
    )
    assert [sent.headers["x-mine"] for sent in wire.sent] == ["1", "1", "1"]
    assert Form.parse(wire.sent[0].content, wire.sent[0].headers["content-type"]).get("novel") == "2"
    assert wire.sent[1].content == b""


def test_a_failed_task_is_given_back_by_the_call_that_waits_for_it(side: Any, wire: Any) -> None:
    wire.reply({"task_id": "t1", "success": True})
    wire.reply({**PARSED, "status": "failed", "message": "broken", "content": None})
    answer = one(
        side,
        lambda client: client.zhipu.file_parser.create_and_poll(file=("a.pdf", b"%PDF"), tool_type="prime"),
    )
    assert (answer.status, answer.message) == ("failed", "broken")


def test_a_failed_task_is_an_error_of_the_synchronous_call(side: Any, wire: Any) -> None:
    wire.reply({**PARSED, "status": "failed", "message": "broken", "content": None})
    with pytest.raises(openai.BadRequestError, match="broken"):
        one(side, lambda client: client.zhipu.file_parser.sync(file=("a.pdf", b"%PDF")))


def test_the_kind_of_a_file_is_taken_from_its_name(standin_side: Any, tmp_path: Path) -> None:
    file = tmp_path / "hello.txt"
    file.write_text("Hello")
    assert one(standin_side, lambda client: client.zhipu.file_parser.sync(file=file)).content == "Hello"


def test_a_file_without_a_name_needs_its_kind(standin_side: Any) -> None:
    with pytest.raises(ValueError, match="file_type"):
        one(standin_side, lambda client: client.zhipu.file_parser.sync(file=b"Hello"))
    answer = one(
        standin_side, lambda client: client.zhipu.file_parser.sync(file=io.BytesIO(b"Hi"), file_type="TXT")
    )
    assert answer.content == "Hi"


@pytest.mark.parametrize(
    ("file", "kind"), [(("a.b.pdf", b""), "PDF"), ((None, b""), None), (b"", None), (("readme", b""), None)]
)
def test_the_kind_of_a_file(file: Any, kind: str | None) -> None:
    assert extension_of(file) == kind


def test_zhipus_requirement_of_a_kind_is_an_error_though_it_comes_in_a_success(standin_side: Any) -> None:
    with pytest.raises(openai.APIStatusError, match="file_type"):
        one(
            standin_side,
            lambda client: client.zhipu._call(
                "post",
                "/files/parser/sync",
                cast_to=object,
                given={"tool_type": "prime-sync"},
                files={"file": ("a", b"x")},
            ),
        )


# Jobs for images and videos


@pytest.mark.parametrize(("group", "result"), [("async_images", "image_result"), ("videos", "video_result")])
def test_a_job_is_waited_for(side: Any, wire: Any, group: str, result: str) -> None:
    wire.reply({"id": "j1", "model": "m", "task_status": "PROCESSING"})
    wire.reply({"model": "m", "task_status": "PROCESSING"})
    wire.reply({"model": "m", "task_status": "SUCCESS", result: [{"url": "https://example.com/a"}]})
    job = one(
        side,
        lambda client: getattr(client.zhipu, group).create_and_poll(
            model="m", prompt="A cat", poll_interval=1, extra_body={"off_peak": True}
        ),
    )
    assert job.id == "j1"
    assert getattr(job, result)[0].url == "https://example.com/a"
    assert wire.sent[0].json == {"model": "m", "prompt": "A cat", "off_peak": True}
    assert [sent.url.rpartition("/v4/")[2] for sent in wire.sent[1:]] == ["async-result/j1"] * 2


def test_a_job_that_has_failed_is_given_back(side: Any, wire: Any) -> None:
    wire.reply({"model": "m", "task_status": "FAIL"})
    job = one(side, lambda client: client.zhipu.videos.poll("j1"))
    assert (job.id, job.task_status, job.video_result) == ("j1", "FAIL", None)


@pytest.mark.parametrize("answer", [{"id": "1"}, {"id": "1", "task_status": None}])
def test_an_answer_that_is_no_job_is_an_error(side: Any, wire: Any, answer: Any, waits: list[float]) -> None:
    wire.reply(answer)
    with pytest.raises(openai.InternalServerError):
        one(side, lambda client: client.zhipu.videos.create(model="cogvideox-3", prompt="A cat"))
    assert len(waits) == 2


# Batches


def test_the_pages_of_batches_are_gone_through(side: Any, wire: Any) -> None:
    second = {**BATCH, "id": "batch_2"}
    wire.reply({"object": "list", "data": [BATCH], "has_more": True})
    wire.reply({"object": "list", "data": [second], "has_more": False})

    def script(client: Any) -> Iterator[Any]:
        return (yield collect(client.zhipu.batches.list(limit=1)))

    assert [batch.id for batch in play(side, script)] == [BATCH["id"], "batch_2"]
    assert wire.last.url.endswith(f"/batches?limit=1&after={BATCH['id']}")


# Agent search


def test_a_search_is_streamed_to_its_end(standin_side: Any) -> None:
    def script(client: Any) -> Iterator[Any]:
        stream = yield client.zhipu.search_agent.stream(messages="What is new?")
        return (yield collect(stream))

    events = play(standin_side, script)
    assert events[0].choices[0].delta.tool_calls[0].web_browser == {"input": 'msearch("What is new?")'}
    assert "".join(event.text for event in events) == "[stand-in] Nothing was searched: What is new?"
    assert events[-1].status == "completed"
    assert events[-1].usage["total_tokens"] == 20


@pytest.mark.parametrize(
    ("events", "error"),
    [
        (ASSISTANT_EVENTS[:2], openai.APIConnectionError),
        ([*ASSISTANT_EVENTS[:1], {"id": "1", "status": "failed", "msg": "broken"}], openai.BadRequestError),
        ([*ASSISTANT_EVENTS[:1], {"id": "1", "status": "failed"}], openai.InternalServerError),
        ([{"error": {"code": "1302", "message": "busy"}}], openai.RateLimitError),
    ],
    ids=["cut", "failed with words", "failed", "error"],
)
def test_a_search_that_fails_raises(side: Any, wire: Any, events: Any, error: Any) -> None:
    wire.reply(sse(*events, done=False))

    def script(client: Any) -> Iterator[Any]:
        stream = yield client.with_options(max_retries=0).zhipu.search_agent.stream(messages=MESSAGES)
        return (yield collect(stream))

    with pytest.raises(error):
        play(side, script)


# The plan's quota


def test_the_quota_is_told(standin_side: Any) -> None:
    quota = one(standin_side, lambda client: client.zhipu.unofficial_quota.limit())
    assert quota.data.level == "stand-in"
    assert quota.data.limits[0].current_value == 250


def test_an_empty_answer_is_an_error(side: Any, wire: Any, waits: list[float]) -> None:
    from conftest import httpx

    wire.reply_with(lambda _: httpx.Response(200, content=b""))
    with pytest.raises(openai.InternalServerError):
        one(side, lambda client: client.zhipu.unofficial_quota.limit())
    assert len(waits) == 2


# Voices


def test_a_voice_is_deleted_by_its_id(side: Any, wire: Any) -> None:
    wire.reply({"voice": "v"})
    one(side, lambda client: client.zhipu.voices.delete("v", request_id="mine-0001"))
    assert json.loads(wire.last.content) == {"voice": "v", "request_id": "mine-0001"}
