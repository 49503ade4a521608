"""``client.moderations``: OpenAI's inputs reach Zhipu's content safety, and its verdicts come back as results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest
from conftest import httpx
from hypothesis import given
from hypothesis import strategies as st
from scripts import play

from zhipu_openai.translate.moderation_tables import CATEGORIES
from zhipu_openai.translate.moderations import OVERLAP

if TYPE_CHECKING:
    from collections.abc import Generator

    from conftest import SyncSide, Wire

pytestmark = pytest.mark.usefixtures("quietly")

LINK = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


def verdict(level: str = "PASS", *labels: str, kind: str = "text") -> dict[str, Any]:
    """Make one verdict."""
    return {"content_type": kind, "risk_level": level, "risk_type": list(labels)}


def answer(*verdicts: dict[str, Any], **top: Any) -> dict[str, Any]:
    """Make Zhipu's answer."""
    return {
        "created": 1756789000,
        "id": "20260901task",
        "request_id": "20260901request",
        "result_list": list(verdicts),
        "usage": {"moderation_text": {"call_count": 1}},
        **top,
    }


def moderate(side: SyncSide, given: Any, *, client: dict[str, Any] | None = None, **fields: Any) -> Any:
    """Moderate with a client of this side."""

    def script(made: Any) -> Generator[Any, Any, Any]:
        return (yield made.moderations.create(input=given, **fields))

    return play(side, script, **(client or {}))


def flagged_in(result: Any) -> set[str]:
    """Name the categories that a result flags, in OpenAI's words."""
    return {name for name, flagged in result.categories.to_dict().items() if flagged}


def test_a_text_is_sent_and_its_verdict_is_a_result(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(verdict("REJECT", "涉黄")))
    made = moderate(side, "text")
    assert wire.last.url == "https://open.bigmodel.cn/api/paas/v4/moderations"
    assert wire.last.json == {"model": "moderation", "input": "text"}
    assert (made.id, made.model) == ("20260901task", "moderation")
    (result,) = made.results
    assert result.flagged is True
    assert flagged_in(result) == {"sexual"}
    assert result.categories.sexual is True
    assert result.categories.self_harm_intent is False
    assert result.category_scores.sexual == 0.9
    assert result.category_scores.violence_graphic == 0.0
    assert result.category_applied_input_types.illicit_violent == ["text"]
    assert result.to_dict()["zhipu"] == [verdict("REJECT", "涉黄")]
    assert made._request_id == "20260529043320logloglog00"


def test_every_category_of_the_installed_openai_is_filled(side: SyncSide, wire: Wire) -> None:
    from openai.types.moderation import Categories, CategoryAppliedInputTypes, CategoryScores

    wire.reply(answer(verdict()))
    (result,) = moderate(side, "text").results
    for cls, made in (
        (Categories, result.categories),
        (CategoryScores, result.category_scores),
        (CategoryAppliedInputTypes, result.category_applied_input_types),
    ):
        assert {field.alias or name for name, field in cls.model_fields.items()} <= made.to_dict().keys()
        assert all(getattr(made, name) is not None for name in cls.model_fields)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("omni-moderation-latest", "moderation"),
        ("omni-moderation-2024-09-26", "moderation"),
        ("text-moderation-stable", "moderation"),
        ("moderation", "moderation"),
        ("moderation-2", "moderation-2"),
    ],
)
def test_openais_models_are_served_by_zhipus(side: SyncSide, wire: Wire, name: str, sent: str) -> None:
    wire.reply(answer(verdict()))
    assert moderate(side, "text", model=name).model == sent
    assert wire.last.json["model"] == sent


def test_the_clients_own_aliases_decide(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(verdict()))
    moderate(
        side,
        "text",
        model="omni-moderation-latest",
        client={"model_aliases": {"omni-moderation-latest": "house-rules"}},
    )
    assert wire.last.json["model"] == "house-rules"


def test_each_text_of_a_list_has_its_result_in_order(side: SyncSide, wire: Wire) -> None:
    def reply(request: Any) -> Any:
        text = json.loads(request.content)["input"]
        return httpx.Response(200, json=answer(verdict("REJECT" if text in ("3", "7") else "PASS")))

    wire.reply_with(reply)
    made = moderate(side, [str(number) for number in range(10)])
    assert [result.flagged for result in made.results] == [number in (3, 7) for number in range(10)]
    assert made.to_dict()["usage"] == {"moderation_text": {"call_count": 10}}
    assert sorted(sent.json["input"] for sent in wire.sent) == [str(number) for number in range(10)]


def test_the_failure_of_one_text_fails_all(side: SyncSide, wire: Wire) -> None:
    def reply(request: Any) -> Any:
        if json.loads(request.content)["input"] == "3":
            return httpx.Response(400, json={"error": {"code": "1214", "message": "input"}})
        return httpx.Response(200, json=answer(verdict()))

    wire.reply_with(reply)
    with pytest.raises(openai.BadRequestError):
        moderate(side, [str(number) for number in range(10)])


def test_parts_are_judged_together(side: SyncSide, wire: Wire) -> None:
    parts = [{"type": "text", "text": "look"}, LINK]
    wire.reply(answer(verdict("PASS"), verdict("REVIEW", "涉暴", kind="image")))
    (result,) = moderate(side, parts).results
    assert wire.last.json["input"] == parts
    assert len(wire.sent) == 1
    assert flagged_in(result) == {"violence"}
    assert result.category_scores.violence == 0.5
    applied = result.category_applied_input_types
    assert applied.violence == ["text", "image"]
    assert applied.harassment == ["text"]


@pytest.mark.parametrize(
    "part", [LINK, {"type": "video_url", "video_url": {"url": "https://x/a"}}, {"type": "text", "text": "a"}]
)
def test_zhipus_own_single_part_passes(side: SyncSide, wire: Wire, part: Any) -> None:
    wire.reply(answer(verdict()))
    moderate(side, part)
    assert wire.last.json["input"] == part


def test_sound_and_film_are_judged_and_have_no_input_type_of_openais(side: SyncSide, wire: Wire) -> None:
    part = {"type": "audio_url", "audio_url": {"url": "https://example.com/a.mp3"}}
    wire.reply(answer(verdict("REJECT", "辱骂", kind="audio")))
    (result,) = moderate(side, [part]).results
    assert flagged_in(result) == {"harassment"}
    assert result.category_applied_input_types.harassment == []


def test_a_link_that_stands_by_itself_is_put_into_an_object(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(verdict()))
    moderate(side, [{"type": "image_url", "image_url": "https://example.com/a.png"}])
    assert wire.last.json["input"] == [LINK]


@pytest.mark.parametrize(
    ("level", "flagged"),
    [("PASS", False), ("REVIEW", True), ("BLOCK", True), ("REJECT", True), ("HIGH", True), ("ODD", True)],
)
def test_a_verdict_flags_or_does_not(side: SyncSide, wire: Wire, level: str, flagged: bool) -> None:
    wire.reply(answer(verdict(level)))
    (result,) = moderate(side, "text").results
    assert result.flagged is flagged


@pytest.mark.parametrize(
    ("label", "category"),
    [
        ("涉黄", "sexual"),
        ("涉暴", "violence"),
        ("暴恐", "violence"),
        ("违法违禁", "illicit"),
        ("违法违规", "illicit"),
        ("辱骂", "harassment"),
        ("自残", "self-harm"),
    ],
)
def test_labels_have_categories(side: SyncSide, wire: Wire, label: str, category: str) -> None:
    wire.reply(answer(verdict("REJECT", label)))
    (result,) = moderate(side, "text").results
    assert flagged_in(result) == {category}


def test_a_label_without_a_category_flags_alone_and_is_spoken_of(
    side: SyncSide, wire: Wire, recwarn: pytest.WarningsRecorder
) -> None:
    wire.reply(answer(verdict("REJECT", "涉政")))
    (result,) = moderate(side, "text").results
    assert result.flagged is True
    assert flagged_in(result) == set()
    assert any("no category for" in str(warning.message) for warning in recwarn.list)


def test_a_label_beside_a_pass_flags_nothing(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(verdict("PASS", "涉黄")))
    (result,) = moderate(side, "text").results
    assert result.flagged is False
    assert flagged_in(result) == set()


def test_the_worst_of_several_verdicts_counts(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(verdict("REVIEW", "涉黄"), verdict("HIGH", "涉黄"), verdict("PASS")))
    (result,) = moderate(side, [{"type": "text", "text": "a"}]).results
    assert result.category_scores.sexual == 1.0


def test_a_long_text_is_judged_in_pieces_as_one(side: SyncSide, wire: Wire) -> None:
    def reply(request: Any) -> Any:
        text = json.loads(request.content)["input"]
        return httpx.Response(200, json=answer(verdict("REJECT" if "needle" in text else "PASS")))

    wire.reply_with(reply)
    made = moderate(side, ["a" * 1995 + "needle" + "b" * 3000, "short"])
    assert [result.flagged for result in made.results] == [True, False]
    assert all(len(sent.json["input"]) <= 2000 for sent in wire.sent)
    assert len(wire.sent) == 4


@given(st.integers(0, 9000))
def test_the_pieces_of_a_text_overlap_and_leave_nothing_out(length: int) -> None:
    from zhipu_openai.adaptation import Ledger
    from zhipu_openai.exchange import Call, Options
    from zhipu_openai.translate.moderations import _pieces
    from zhipu_openai.translate.request_fields import Request

    text = "".join(chr(0x4E00 + place) for place in range(length))
    call = Call("POST", "/moderations", "", {}, Options(""), Ledger("ignore"))
    pieces = _pieces(Request(call, {}), text)
    assert max(map(len, pieces)) <= 2000
    joined = pieces[0] + "".join(piece[OVERLAP:] for piece in pieces[1:])
    assert joined == text
    assert all(len(piece) > OVERLAP for piece in pieces[1:])


def test_a_long_text_among_parts_goes_out_in_requests_of_its_own(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(verdict()))
    made = moderate(side, [{"type": "text", "text": "a" * 2500}, LINK])
    assert len(made.results) == 1
    sent = sorted((sent.json["input"] for sent in wire.sent), key=str)
    assert sent == [[{"type": "text", "text": "a" * 2000}, LINK], "a" * 700]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "empty list"),
        (None, "string, a list"),
        (3, "string, a list"),
        (["a", LINK], "texts alone"),
        ([1], "texts alone"),
        ([{"type": "file"}], "one of the types"),
        ([{"type": "text"}], "have a text"),
        ([{"type": "image_url"}], "have a link"),
        ([{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}], "as a link"),
    ],
)
def test_what_cannot_be_judged_is_refused(side: SyncSide, wire: Wire, given: Any, says: str) -> None:
    with pytest.raises(openai.BadRequestError, match=says) as caught:
        moderate(side, given)
    assert caught.value.param == "input"
    assert wire.sent == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"result_list": []},
        {"result_list": None},
        {"result_list": ["PASS"]},
        {"result_list": [{"risk_type": []}]},
    ],
)
def test_an_answer_without_a_verdict_is_an_error_and_not_a_pass(
    side: SyncSide, wire: Wire, waits: list[float], body: Any
) -> None:
    wire.reply(body)
    with pytest.raises(openai.InternalServerError) as caught:
        moderate(side, "text")
    assert caught.value.code == "invalid_upstream_answer"
    assert len(waits) == 2


def test_without_an_id_the_request_id_stands_for_it(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(verdict(), id=None))
    assert moderate(side, "text").id == "20260901request"


def test_the_callers_parts_are_not_changed(side: SyncSide, wire: Wire) -> None:
    wire.reply(answer(verdict()))
    parts = [{"type": "text", "text": "a" * 2500}, {"type": "image_url", "image_url": "https://x/a"}]
    before = json.dumps(parts)
    moderate(side, parts)
    assert json.dumps(parts) == before


def test_the_table_has_every_category_of_openais() -> None:
    from openai.types.moderation import CategoryScores

    assert {field.alias or name for name, field in CategoryScores.model_fields.items()} == {
        category.name for category in CATEGORIES
    }
