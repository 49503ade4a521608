"""``client.embeddings``: any number of texts, the form of vectors that was asked for, and answers that are checked."""

from __future__ import annotations

import array
import base64
from typing import TYPE_CHECKING, Any

import openai
import pytest
from embedding_helpers import VECTOR, answer, answer_each, embed, numbered, record_of
from hypothesis import given, settings
from hypothesis import strategies as st

from zhipu_openai.translate.embeddings import MODELS, _batches

if TYPE_CHECKING:
    from conftest import SyncSide, Wire


def rounded(numbers: list[float]) -> list[float]:
    """Round to 32-bit floats, as OpenAI's own vectors are."""
    return array.array("f", numbers).tolist()


# What is sent


def test_one_text_is_sent_as_it_is_and_without_a_format(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(VECTOR))
    made = embed(side)
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/embeddings"
    assert wire.last.json == {"input": "hello", "model": "embedding-3"}
    assert (made.object, made.model, made.data[0].object, made.data[0].index) == (
        "list",
        "embedding-3",
        "embedding",
        0,
    )
    assert (made.usage.prompt_tokens, made.usage.total_tokens) == (5, 5)


def test_fields_of_zhipus_own_pass_and_the_end_user_does_not(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(VECTOR))
    embed(side, ["hello"], user="somebody", extra_body={"request_id": "my-request"})
    assert wire.last.json == {"input": ["hello"], "model": "embedding-3", "request_id": "my-request"}


def test_more_than_64_texts_are_split_and_merged_in_order(side: SyncSide, wire: Wire) -> None:
    answer_each(wire)
    texts = [str(number) for number in range(300)]
    made = embed(side, texts)
    sent = [sent.json["input"] for sent in wire.sent]
    assert sorted(map(len, sent)) == [44, 64, 64, 64, 64]
    assert sorted(text for part in sent for text in part) == sorted(texts)
    assert [entry.index for entry in made.data] == list(range(300))
    assert [entry.embedding for entry in made.data] == [numbered(text) for text in texts]
    assert made.usage.prompt_tokens == made.usage.total_tokens == 25
    assert made.usage.completion_tokens == 0


def test_64_texts_are_one_request(side: SyncSide, wire: Wire) -> None:
    answer_each(wire)
    embed(side, ["1"] * 64)
    assert len(wire.sent) == 1


def test_texts_for_embedding_2_stay_below_its_8000_tokens(side: SyncSide, wire: Wire) -> None:
    answer_each(wire)
    made = embed(side, ["0" * 600] * 40, model="embedding-2")
    sent = sorted(len(sent.json["input"]) for sent in wire.sent)
    assert sent == [10, 15, 15]
    assert len(made.data) == 40


@given(st.lists(st.text(min_size=1, max_size=700), min_size=1, max_size=300), st.sampled_from(sorted(MODELS)))
@settings(max_examples=50)
def test_batches_keep_every_text_in_order_and_the_limits(texts: list[str], name: str) -> None:
    model = MODELS[name]
    batches = list(_batches(texts, model))
    assert [text for batch in batches for text in batch] == texts
    assert all(0 < len(batch) <= model.most_items for batch in batches)
    if model.most_tokens is not None:
        sizes = [sum(min(len(text.encode()), model.item_tokens) for text in batch) for batch in batches]
        assert max(sizes) <= model.most_tokens


def test_a_failure_of_one_part_fails_all(side: SyncSide, wire: Wire) -> None:
    from conftest import httpx

    def reply(request: Any) -> Any:
        if b'"200"' in request.content:
            return httpx.Response(400, json={"error": {"code": "1214", "message": "input"}})
        import json

        return httpx.Response(200, json=answer(*map(numbered, json.loads(request.content)["input"])))

    wire.reply_with(reply)
    with pytest.raises(openai.BadRequestError):
        embed(side, [str(number) for number in range(300)])


def test_a_busy_service_is_asked_again_by_openai_alone(
    side: SyncSide, wire: Wire, waits: list[float]
) -> None:
    wire.reply({"error": {"code": "1302", "message": "busy"}})
    wire.reply(answer(VECTOR))
    assert len(embed(side).data) == 1
    assert len(waits) == 1


def test_the_callers_list_is_not_changed(side: SyncSide, wire: Wire) -> None:
    answer_each(wire)
    texts = ["1", "2"]
    embed(side, texts)
    assert texts == ["1", "2"]


# Which model


@pytest.mark.parametrize(
    "name",
    [
        "text-embedding-3-small",
        "text-embedding-3-large",
        "text-embedding-ada-002",
        "openai/text-embedding-3-small",
    ],
)
@pytest.mark.usefixtures("quietly")
def test_openais_names_are_served_by_embedding_3_with_a_warning(
    side: SyncSide, wire: Wire, name: str, recwarn: pytest.WarningsRecorder
) -> None:
    wire.reply(answer(VECTOR))
    embed(side, model=name)
    assert wire.last.json["model"] == "embedding-3"
    (warning,) = recwarn.list
    assert "2048 numbers rather than" in str(warning.message)
    assert "cannot be compared" in str(warning.message)


@pytest.mark.usefixtures("quietly")
def test_the_size_is_not_spoken_of_when_it_was_asked_for(
    side: SyncSide, wire: Wire, recwarn: pytest.WarningsRecorder
) -> None:
    wire.reply(answer(VECTOR[:2]))
    embed(side, model="text-embedding-3-small", dimensions=2)
    assert wire.last.json["dimensions"] == 2
    (warning,) = recwarn.list
    assert "rather than" not in str(warning.message)


def test_the_clients_own_aliases_decide(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(VECTOR))
    embed(
        side,
        model="text-embedding-3-small",
        client={"model_aliases": {"text-embedding-3-small": "embedding-2"}},
    )
    assert wire.last.json["model"] == "embedding-2"


@pytest.mark.parametrize(
    ("name", "sent"), [("embedding-4", "embedding-4"), ("Embedding-3", "embedding-3"), ("gpt-4o", "gpt-4o")]
)
def test_other_names_pass(side: SyncSide, wire: Wire, name: str, sent: str) -> None:
    wire.reply(answer(VECTOR))
    embed(side, model=name)
    assert wire.last.json["model"] == sent


# Which size


@pytest.mark.parametrize("size", [256, 512, 1024, 2048, 1536, 2])
def test_embedding_3_is_asked_for_any_size_up_to_its_largest(side: SyncSide, wire: Wire, size: int) -> None:
    wire.reply(answer([0.5] * size))
    made = embed(side, dimensions=size)
    assert wire.last.json["dimensions"] == size
    assert len(made.data[0].embedding) == size


def test_embedding_2_is_not_told_the_only_size_that_it_has(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer([0.5] * 1024))
    assert len(embed(side, model="embedding-2", dimensions=1024).data[0].embedding) == 1024
    assert "dimensions" not in wire.last.json


@pytest.mark.parametrize(
    ("model", "size", "says"),
    [
        ("embedding-3", 3072, "2048 numbers at most"),
        ("embedding-2", 512, "always have 1024"),
        ("embedding-3", 0, "from 1"),
        ("embedding-9", True, "from 1"),
    ],
)
def test_a_size_that_cannot_be_had_is_refused(
    side: SyncSide, wire: Wire, model: str, size: Any, says: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=says) as caught:
        embed(side, model=model, dimensions=size)
    assert caught.value.param == "dimensions"
    assert wire.sent == []


def test_a_model_that_is_not_known_may_have_any_size(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer([0.5] * 4096))
    assert len(embed(side, model="embedding-9", dimensions=4096).data[0].embedding) == 4096


# What comes back


def test_without_a_format_the_numbers_are_those_of_32_bit_floats(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(VECTOR))
    assert embed(side).data[0].embedding == rounded(VECTOR)


def test_float_gives_zhipus_own_decimals(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(VECTOR, [0, 1, -1e-9, 2.5]))
    made = embed(side, ["a", "b"], encoding_format="float")
    assert [entry.embedding for entry in made.data] == [VECTOR, [0, 1, -1e-9, 2.5]]


def test_base64_gives_what_openai_would(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(VECTOR))
    given = embed(side, encoding_format="base64").data[0].embedding
    assert isinstance(given, str)
    assert array.array("f", base64.b64decode(given)).tolist() == rounded(VECTOR)


@pytest.mark.parametrize("form", ["float", "base64"])
def test_vectors_that_are_base64_already_are_read(side: SyncSide, wire: Wire, form: Any) -> None:
    packed = base64.b64encode(array.array("f", VECTOR).tobytes()).decode()
    wire.reply(answer(packed))
    given = embed(side, encoding_format=form).data[0].embedding
    assert given == (packed if form == "base64" else rounded(VECTOR))


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=50))
@settings(max_examples=25)
def test_every_32_bit_float_survives(numbers: list[float]) -> None:
    from conftest import SyncSide, Wire

    wire = Wire()
    wire.reply(answer(numbers))
    assert embed(SyncSide(wire)).data[0].embedding == numbers


def test_another_format_is_refused(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.BadRequestError, match="encoding_format must be"):
        embed(side, encoding_format="int8")
    assert wire.sent == []


def test_vectors_are_put_in_the_order_of_the_texts(side: SyncSide, wire: Wire) -> None:
    answer_each(wire, lambda made: {**made, "data": made["data"][::-1]})
    made = embed(side, [str(number) for number in range(70)])
    assert [entry.embedding[0] for entry in made.data] == list(map(float, range(70)))
    assert [entry.index for entry in made.data] == list(range(70))


def test_what_may_be_missing_is_filled_in(side: SyncSide, wire: Wire) -> None:
    wire.reply({"data": [{"embedding": VECTOR}, {"embedding": VECTOR}]})
    made = embed(side, ["a", "b"])
    assert (made.object, made.model) == ("list", "embedding-3")
    assert [(entry.object, entry.index) for entry in made.data] == [("embedding", 0), ("embedding", 1)]
    assert (made.usage.prompt_tokens, made.usage.total_tokens) == (0, 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"data": None},
        {"data": []},
        answer(VECTOR, VECTOR),
        answer(None),
        answer([]),
        answer(["x"]),
        answer([True]),
        answer([None, 1.0]),
        answer([1e40]),
        answer("no base64!"),
        answer("AAA="),
        {"data": ["x"]},
        {"data": [{"embedding": VECTOR, "index": 1}]},
        {"data": [{"embedding": VECTOR, "index": []}]},
    ],
)
def test_an_answer_that_is_not_one_vector_for_each_text_is_an_error(
    side: SyncSide, wire: Wire, waits: list[float], body: Any
) -> None:
    wire.reply(body)
    with pytest.raises(openai.InternalServerError) as caught:
        embed(side)
    assert caught.value.code == "invalid_upstream_answer"
    assert len(waits) == 2


def test_two_vectors_for_one_text_are_an_error(side: SyncSide, wire: Wire, waits: list[float]) -> None:
    body = answer(VECTOR, VECTOR)
    body["data"][1]["index"] = 0
    wire.reply(body)
    with pytest.raises(openai.InternalServerError, match="matched"):
        embed(side, ["a", "b"])
    assert waits


@pytest.mark.parametrize(
    ("body", "given", "size"),
    [(answer(VECTOR), "hello", 2), (answer(VECTOR, VECTOR[:2]), ["a", "b"], openai.NOT_GIVEN)],
)
def test_a_vector_of_another_size_is_an_error_that_is_not_tried_again(
    side: SyncSide, wire: Wire, waits: list[float], body: Any, given: Any, size: Any
) -> None:
    wire.reply(body)
    with pytest.raises(openai.InternalServerError, match="numbers where"):
        embed(side, given, dimensions=size)
    assert waits == []


def test_the_request_id_comes_from_zhipu(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(VECTOR))
    assert embed(side)._request_id == "20260529043320logloglog00"


def test_without_a_header_the_bodys_request_id_is_used(side: SyncSide, wire: Wire) -> None:
    answer_each(wire, lambda made: {**made, "request_id": "id-of-the-body"})
    assert embed(side, "1")._request_id == "id-of-the-body"


def test_the_record_says_what_was_done(side: SyncSide, wire: Wire) -> None:
    answer_each(wire)
    assert record_of(side, ["1"] * 65) == "input=translated"
    assert record_of(side, "1") == ""


# What is no text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "empty string"),
        (["a", ""], "empty string"),
        ([], "empty list"),
        ([1.5], "list of strings"),
        ([["a"]], "list of strings"),
        ([True], "list of strings"),
        (["a", 1], "list of strings"),
        ([[]], "list of strings"),
    ],
)
def test_what_openai_refuses_is_refused(side: SyncSide, wire: Wire, given: Any, says: str) -> None:
    with pytest.raises(openai.BadRequestError, match=says) as caught:
        embed(side, given)
    assert caught.value.param == "input"
    assert wire.sent == []


def test_no_input_is_refused(side: SyncSide, wire: Wire) -> None:
    with pytest.raises(openai.BadRequestError, match="input is missing"):
        embed(side, None)
    assert wire.sent == []


def test_objects_pass_for_models_to_come(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(VECTOR))
    embed(side, [{"image": "https://example.com/a.png"}], model="embedding-9")
    assert wire.last.json["input"] == [{"image": "https://example.com/a.png"}]
