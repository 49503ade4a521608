"""The messages of a chat request: roles, contents, and answers put back into the history."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pydantic
import pytest
from conftest import completion
from openai.types.chat import ChatCompletionMessage
from request_helpers import HI, PIXEL, WEATHER, Asked, ask, function_tool, image, refused, user

from zhipu_openai.translate.chat import messages as rules

if TYPE_CHECKING:
    from conftest import SyncSide, Wire

CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"X"}'}}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "Sunny"}


def say(side: SyncSide, *messages: Any, **arguments: Any) -> Asked:
    """Ask with these messages."""
    return ask(side, messages=list(messages), **arguments)


# Roles


def test_the_developer_is_the_system(side: SyncSide) -> None:
    asked = say(side, {"role": "developer", "content": "Be brief."}, *HI)
    assert asked.json["messages"] == [{"role": "system", "content": "Be brief."}, *HI]
    assert (asked.record, asked.warned) == ("messages.role=translated", [])


def test_a_conversation_in_zhipus_own_words_is_not_touched(side: SyncSide) -> None:
    conversation = [
        {"role": "system", "content": "Be brief."},
        *HI,
        {"role": "assistant", "content": "Looking.", "reasoning_content": "Hm.", "tool_calls": [CALL]},
        RESULT,
        *HI,
        *HI,
    ]
    asked = say(side, *conversation, model="glm-4-flash-250414")
    assert asked.json["messages"] == conversation
    assert (asked.record, asked.warned) == ("", [])


@pytest.mark.parametrize("message", [{"role": "model", "content": "x"}, {"content": "x"}, {"role": 5}])
def test_a_role_that_openai_does_not_have_is_refused_by_its_place(
    side: SyncSide, message: dict[str, Any]
) -> None:
    error = refused(side, messages=[*HI, message])
    assert (error.param, error.code) == ("messages.[1].role", "invalid_value")
    assert error.body["message"] == (
        "The role of a message must be one of system, user, assistant, tool, developer, function."
    )


def test_a_message_that_is_no_object_is_refused_by_its_place(side: SyncSide) -> None:
    error = refused(side, extra_body={"messages": [*HI, "And?"]})
    assert (error.param, error.code) == ("messages.[1]", "invalid_type")


# Someone to answer


def test_the_last_of_only_system_messages_is_asked_as_the_user(side: SyncSide) -> None:
    asked = say(side, {"role": "developer", "content": "Be brief."}, {"role": "system", "content": "Say hi."})
    assert asked.json["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Say hi."},
    ]
    assert asked.warned == [
        "`messages` approximated for Zhipu: the last system message is sent as the user's, since Zhipu needs one."
    ]


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "assistant", "content": "Once upon a time"}],
        [{"role": "system", "content": "Tell a story."}, {"role": "assistant", "content": "Once"}],
    ],
)
def test_a_conversation_without_a_question_is_refused(side: SyncSide, messages: list[dict[str, Any]]) -> None:
    error = refused(side, messages=messages)
    assert (error.param, error.code) == ("messages", "invalid_messages")


def test_roleplay_may_begin_with_the_assistant(side: SyncSide) -> None:
    opening = {"role": "assistant", "content": "Who goes there?"}
    assert say(side, opening, model="charglm-4").json["messages"] == [opening]


def test_the_results_of_tools_are_something_to_answer(side: SyncSide) -> None:
    history = [{"role": "assistant", "tool_calls": [CALL]}, RESULT]
    assert say(side, *history).json["messages"] == history


# Text


@pytest.mark.parametrize("role", ["system", "user", "assistant", "developer"])
def test_parts_of_text_become_one_text(side: SyncSide, role: str) -> None:
    parts = [{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]
    asked = say(side, {"role": role, "content": parts}, *HI)
    assert asked.json["messages"][0]["content"] == "One.\nTwo."


def test_the_result_of_a_tool_may_come_in_parts(side: SyncSide) -> None:
    result = {**RESULT, "content": [{"type": "text", "text": "Sunny,"}, "warm"]}
    assert say(side, *HI, {"role": "assistant", "tool_calls": [CALL]}, result).json["messages"][2] == {
        **RESULT,
        "content": "Sunny,\nwarm",
    }


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        ([{"type": "text", "text": ""}, {"type": "text", "text": "Hi"}], "Hi"),
        ([{"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}], "Hi"),
        (["Hi", ""], "Hi"),
        ([{"type": "text", "text": ""}], ""),
        ([], ""),
        (None, ""),
        ("", ""),
    ],
)
def test_empty_parts_of_text_are_left_out(side: SyncSide, content: Any, sent: str) -> None:
    asked = say(side, {"role": "user", "content": content})
    assert asked.json["messages"] == [{"role": "user", "content": sent}]


def test_empty_text_beside_an_image_is_left_out(side: SyncSide) -> None:
    asked = say(side, *user({"type": "text", "text": ""}, image()), model="glm-4.6v")
    assert asked.json["messages"] == user(image())


@pytest.mark.parametrize("role", ["user", "assistant", "system"])
def test_participants_lose_their_names_with_a_warning(side: SyncSide, role: str) -> None:
    asked = say(
        side, {"role": role, "name": "Al", "content": "Hi"}, {"role": "user", "name": "Bo", "content": "Ho"}
    )
    assert asked.json["messages"] == [{"role": role, "content": "Hi"}, {"role": "user", "content": "Ho"}]
    assert asked.warned == ["`messages.name` dropped for Zhipu: Zhipu's messages have no participant names."]


def test_the_name_beside_a_tools_result_says_nothing_new(side: SyncSide) -> None:
    asked = say(side, *HI, {"role": "assistant", "tool_calls": [CALL]}, {**RESULT, "name": "get_weather"})
    assert asked.json["messages"][2] == RESULT
    assert asked.warned == []


# Calls in the history


@pytest.mark.parametrize("given", [{}, {"content": None}, {"content": ""}, {"content": []}])
def test_beside_calls_no_content_is_no_key(side: SyncSide, given: dict[str, Any]) -> None:
    asked = say(side, *HI, {"role": "assistant", **given, "tool_calls": [CALL]}, RESULT)
    assert asked.json["messages"][1] == {"role": "assistant", "tool_calls": [CALL]}


def test_beside_calls_a_text_stays(side: SyncSide) -> None:
    asked = say(side, *HI, {"role": "assistant", "content": "Looking.", "tool_calls": [CALL]}, RESULT)
    assert asked.json["messages"][1]["content"] == "Looking."


@pytest.mark.parametrize("given", [{"tool_calls": None}, {"tool_calls": []}])
def test_no_calls_are_no_key(side: SyncSide, given: dict[str, Any]) -> None:
    asked = say(side, {"role": "assistant", "content": None, **given}, *HI)
    assert asked.json["messages"][0] == {"role": "assistant", "content": ""}


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [("", "{}"), (" ", "{}"), (None, "{}"), ({"city": "上海"}, '{"city": "上海"}'), ('{"a":1}', '{"a":1}')],
)
def test_the_arguments_of_a_call_are_json_text(side: SyncSide, arguments: Any, sent: str) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    asked = say(side, *HI, {"role": "assistant", "tool_calls": [call]}, RESULT)
    assert asked.json["messages"][1]["tool_calls"][0]["function"] == {"name": "f", "arguments": sent}


def test_a_call_without_arguments_or_type_gets_both(side: SyncSide) -> None:
    call = {"id": "call_1", "type": None, "function": {"name": "f"}}
    asked = say(side, *HI, {"role": "assistant", "tool_calls": [call]}, RESULT)
    assert asked.json["messages"][1]["tool_calls"] == [
        {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    ]


def test_the_result_of_a_tool_may_be_null(side: SyncSide) -> None:
    asked = say(side, *HI, {"role": "assistant", "tool_calls": [CALL]}, {**RESULT, "content": None})
    assert asked.json["messages"][2] == {**RESULT, "content": ""}


def test_the_call_of_a_custom_tool_is_refused(side: SyncSide) -> None:
    call = {"id": "c", "type": "custom", "custom": {"name": "sql", "input": "select 1"}}
    error = refused(side, messages=[*HI, {"role": "assistant", "tool_calls": [call]}])
    assert (error.param, error.code) == ("messages.[1].tool_calls", "unsupported_content")


def test_functions_of_the_older_form_are_held_together_by_ids(side: SyncSide) -> None:
    asked = say(
        side,
        *HI,
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "1"},
        {"role": "assistant", "content": None, "function_call": {"name": "g", "arguments": ""}},
        {"role": "function", "name": "g", "content": "2"},
        {"role": "function", "name": "h", "content": "3"},
    )
    assert asked.json["messages"][1:] == [
        {
            "role": "assistant",
            "tool_calls": [
                {"id": "call_function_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "content": "1", "tool_call_id": "call_function_1"},
        {
            "role": "assistant",
            "tool_calls": [
                {"id": "call_function_3", "type": "function", "function": {"name": "g", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "content": "2", "tool_call_id": "call_function_3"},
        {"role": "tool", "content": "3", "tool_call_id": "call_function_5"},
    ]
    assert asked.warned == []


def test_two_calls_of_one_function_keep_an_id_each(side: SyncSide) -> None:
    asked = say(
        side,
        *HI,
        {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "1"},
        {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "2"},
    )
    results = [message["tool_call_id"] for message in asked.json["messages"] if message["role"] == "tool"]
    assert results == ["call_function_1", "call_function_3"]


def test_calls_of_the_newer_form_win_over_one_of_the_older(side: SyncSide) -> None:
    message = {"role": "assistant", "tool_calls": [CALL], "function_call": {"name": "f", "arguments": "{}"}}
    assert say(side, *HI, message, RESULT).json["messages"][1]["tool_calls"] == [CALL]


# What an answer leaves in the history


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        ({"content": None, "refusal": "No."}, {"content": "No."}),
        ({"content": "", "refusal": "No."}, {"content": "No."}),
        ({"content": [{"type": "refusal", "refusal": "No."}]}, {"content": "No."}),
        ({"content": "Yes.", "refusal": None}, {"content": "Yes."}),
        ({"content": "Yes.", "annotations": [], "audio": None, "parsed": {"a": 1}}, {"content": "Yes."}),
        ({"content": "Yes.", "function_call": None}, {"content": "Yes."}),
        ({"content": "Yes.", "reasoning_content": None}, {"content": "Yes."}),
    ],
)
def test_what_only_answers_have_does_not_go_back(
    side: SyncSide, message: dict[str, Any], sent: dict[str, Any]
) -> None:
    asked = say(side, {"role": "assistant", **message}, *HI)
    assert asked.json["messages"][0] == {"role": "assistant", **sent}
    assert asked.warned == []


@pytest.mark.parametrize(
    ("thoughts", "sent"),
    [
        ("Hm.", "Hm."),
        (["H", "m."], "Hm."),
        ([{"type": "text", "text": "Hm"}, {"text": "."}, {"type": "x"}], "Hm."),
    ],
)
def test_thoughts_go_back_as_text(side: SyncSide, thoughts: Any, sent: str) -> None:
    message = {"role": "assistant", "content": "Hello.", "reasoning_content": thoughts}
    asked = say(side, message, *HI, model="glm-4-flash-250414")
    assert asked.json["messages"][0]["reasoning_content"] == sent


DUMPS = [
    lambda message: message,
    lambda message: message.model_dump(),
    lambda message: message.model_dump(exclude_none=True),
    lambda message: message.to_dict(),
    lambda message: json.loads(message.model_dump_json()),
]


@pytest.mark.parametrize("put_back", DUMPS)
def test_an_answer_can_be_put_back_in_every_way(side: SyncSide, wire: Wire, put_back: Any) -> None:
    wire.reply(completion(content="Hello.", reasoning_content="Hm."))
    message = side.create().choices[0].message
    asked = say(side, *HI, put_back(message), *HI)
    assert asked.json["messages"][1] == {
        "role": "assistant",
        "content": "Hello.",
        "reasoning_content": "Hm.",
    }
    assert asked.warned == []


@pytest.mark.parametrize("put_back", DUMPS)
def test_an_answer_with_calls_can_be_put_back_in_every_way(side: SyncSide, wire: Wire, put_back: Any) -> None:
    wire.reply(completion(content="", tool_calls=[{**CALL, "index": 0}]))
    message = side.create(tools=[function_tool()]).choices[0].message
    asked = say(side, *HI, put_back(message), RESULT)
    assert asked.json["messages"][1] == {"role": "assistant", "tool_calls": [CALL]}


@pytest.mark.parametrize("put_back", DUMPS)
def test_openais_own_message_can_be_put_back(side: SyncSide, put_back: Any) -> None:
    message = ChatCompletionMessage.model_validate(
        {
            "role": "assistant",
            "content": "Hello.",
            "refusal": None,
            "annotations": [
                {
                    "type": "url_citation",
                    "url_citation": {"start_index": 0, "end_index": 1, "title": "t", "url": "u"},
                }
            ],
            "audio": {"id": "a", "data": "AA==", "expires_at": 1, "transcript": "Hello."},
            "function_call": None,
            "tool_calls": None,
        }
    )
    asked = say(side, *HI, put_back(message), *HI)
    assert asked.json["messages"][1] == {"role": "assistant", "content": "Hello."}


# openai's own dump of a parsed message warns about the type of `parsed`.
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize("put_back", DUMPS[:2])
def test_a_parsed_answer_can_be_put_back(wire: Wire, side: SyncSide, put_back: Any) -> None:
    class Place(pydantic.BaseModel):
        city: str

    wire.reply(completion(content='{"city":"X"}'))
    with pytest.warns(UserWarning, match="response_format"):
        parsed = side.run(
            lambda made: made.chat.completions.parse(model="glm-5.2", messages=HI, response_format=Place)
        )
    message = parsed.choices[0].message
    assert message.parsed == Place(city="X")
    asked = say(side, *HI, put_back(message), *HI)
    assert asked.json["messages"][1] == {"role": "assistant", "content": '{"city":"X"}'}


@pytest.mark.parametrize("put_back", DUMPS[:2])
def test_a_parsed_call_can_be_put_back(wire: Wire, side: SyncSide, put_back: Any) -> None:
    tool = {"type": "function", "function": {"name": "get_weather", "strict": True, "parameters": WEATHER}}
    wire.reply(completion(tool_calls=[CALL]))
    with pytest.warns(UserWarning, match="strict"):
        parsed = side.run(
            lambda made: made.chat.completions.parse(model="glm-5.2", messages=HI, tools=[tool])
        )
    message = parsed.choices[0].message
    assert message.tool_calls[0].function.parsed_arguments == {"city": "X"}
    asked = say(side, *HI, put_back(message), RESULT)
    assert asked.json["messages"][1] == {"role": "assistant", "tool_calls": [CALL]}


# Images, sound and files


@pytest.mark.parametrize("url", ["https://example.com/a.png", PIXEL, "iVBORw0KGgo="])
def test_images_pass_as_they_are(side: SyncSide, url: str) -> None:
    messages = user({"type": "text", "text": "What is it?"}, image(url))
    asked = ask(side, model="glm-4.6v", messages=messages)
    assert asked.json["messages"] == messages
    assert asked.warned == []


@pytest.mark.parametrize(("detail", "warns"), [("low", True), ("high", True), ("auto", False), (None, False)])
def test_the_detail_of_an_image_is_zhipus_choice(side: SyncSide, detail: Any, warns: bool) -> None:
    asked = ask(side, model="glm-4.6v", messages=user(image(detail=detail)))
    assert asked.json["messages"] == user(image())
    dropped = (
        "`messages.content.image_url.detail` dropped for Zhipu: "
        "Zhipu chooses the resolution of images itself."
    )
    assert asked.warned == [dropped] * warns


def test_the_address_of_an_image_may_stand_alone(side: SyncSide) -> None:
    asked = ask(side, model="glm-4.6v", messages=user({"type": "image_url", "image_url": PIXEL}))
    assert asked.json["messages"] == user(image())


PARTS = {
    "image": image(),
    "video": {"type": "video_url", "video_url": {"url": "https://example.com/a.mp4"}},
    "audio": {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}},
    "file": {"type": "file", "file": {"file_id": "file-1"}},
}


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("image", "choose a model that sees, such as glm-5.3-flash or glm-4.6v"),
        ("video", "choose a model that sees, such as glm-5v-turbo or glm-4.6v"),
        ("audio", "choose glm-4-voice, or transcribe the audio first with client.audio.transcriptions"),
        ("file", "choose glm-5.3-flash, or pass the text of the file"),
    ],
)
def test_what_a_text_model_does_not_read_is_refused_with_advice(
    side: SyncSide, kind: str, advice: str
) -> None:
    error = refused(side, messages=[*HI, *user({"type": "text", "text": "See:"}, PARTS[kind])])
    assert (error.param, error.code) == ("messages.[1].content", "unsupported_content")
    assert error.body["message"] == f"glm-5.2 takes no {kind} input; {advice}."


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("glm-5.3-flash", "file"),
        ("glm-5.3-flash", "image"),
        ("glm-5v-turbo", "video"),
        ("glm-4-voice", "audio"),
        ("glm-9.9", "image"),
        ("glm-9.9", "audio"),
    ],
)
def test_what_a_model_reads_or_may_read_passes(side: SyncSide, model: str, kind: str) -> None:
    assert ask(side, model=model, messages=user(PARTS[kind])).json["messages"] == user(PARTS[kind])


def test_parts_of_other_types_are_left_to_zhipu(side: SyncSide) -> None:
    part = {"type": "file_url", "file_url": {"url": "https://example.com/a.pdf"}}
    assert ask(side, messages=user(part)).json["messages"] == user(part)


SPOKEN = {"id": "audio_1", "data": "AA==", "expires_at": 1, "transcript": "Hello."}


@pytest.mark.parametrize("audio", [SPOKEN, {"id": "audio_1"}])
def test_a_spoken_answer_goes_back_by_its_id(side: SyncSide, audio: dict[str, Any]) -> None:
    asked = say(side, *HI, {"role": "assistant", "content": None, "audio": audio}, *HI, model="glm-4-voice")
    assert asked.json["messages"][1] == {"role": "assistant", "audio": {"id": "audio_1"}}


def test_a_spoken_answer_goes_to_a_model_of_text_as_its_transcript(side: SyncSide) -> None:
    asked = say(side, *HI, {"role": "assistant", "content": None, "audio": SPOKEN}, *HI)
    assert asked.json["messages"][1] == {"role": "assistant", "content": "Hello."}


# The caller's objects


def test_what_the_caller_gave_is_not_changed(side: SyncSide) -> None:
    messages = [
        {"role": "developer", "name": "x", "content": [{"type": "text", "text": "Be brief."}]},
        *user({"type": "text", "text": ""}, image(detail="low")),
        {"role": "assistant", "content": "", "function_call": {"name": "f", "arguments": ""}},
        {"role": "function", "name": "f", "content": None},
    ]
    before = copy.deepcopy(messages)
    ask(side, model="gpt-4o", messages=messages)
    assert messages == before


def test_the_table_renders_one_line_a_field() -> None:
    lines = rules.as_markdown().splitlines()
    assert lines[2] == (
        "| `name` | dropped | Zhipu's messages have no participant names. | bigmodel.cn OpenAPI (2026-07-11) |"
    )
    assert len(lines) == 2 + len(rules.MESSAGE_FIELDS)
