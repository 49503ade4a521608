"""What is known of arguments, and what is not guessed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from check_helpers import kinds, one, read, sent

START = "import os\nfrom openai import OpenAI\nc = OpenAI()\n"

MODELS = {
    "a constant of the module": ("M = 'gpt-4o'\nc.chat.completions.create(model=M, $HI)", "glm-5.2"),
    "from inside a function": ("M = 'o3'\ndef f():\n  c.chat.completions.create(model=M, $HI)", "glm-5.3"),
    "a parameter": ("def f(m='gpt-4o'):\n  c.chat.completions.create(model=m, $HI)", None),
    "from the environment": ("c.chat.completions.create(model=os.getenv('M', 'gpt-4o'), $HI)", None),
    "an f-string of unknowns": ("c.chat.completions.create(model=f'gpt-{os.name}', $HI)", None),
    "an f-string of knowns": ("V = '4o'\nc.chat.completions.create(model=f'gpt-{V}', $HI)", "glm-5.2"),
    "joined": ("c.chat.completions.create(model='gpt-' + '4o', $HI)", "glm-5.2"),
    "the later one": ("m = 'o3'\nm = 'gpt-4o'\nc.chat.completions.create(model=m, $HI)", "glm-5.2"),
    "the earlier one": ("m = 'gpt-4o'\nc.chat.completions.create(model=m, $HI)\nm = 'o3'", "glm-5.2"),
    "changed in a loop": ("m = 'gpt-4o'\nfor m in x:\n  c.chat.completions.create(model=m, $HI)", None),
    "of a dict": ("M = {'big': 'gpt-4o'}\nc.chat.completions.create(model=M['big'], $HI)", "glm-5.2"),
    "of a class": ("class M:\n  big = 'gpt-4o'\nc.chat.completions.create(model=M.big, $HI)", "glm-5.2"),
    "of an enumeration": (
        "class M(Enum):\n  big = 'gpt-4o'\nc.chat.completions.create(model=M.big.value, $HI)",
        "glm-5.2",
    ),
    "spread": ("p = {'model': 'gpt-4o'}\nc.chat.completions.create($HI, **p)", "glm-5.2"),
    "spread from a call": ("p = dict(model='gpt-4o')\nc.chat.completions.create($HI, **p)", "glm-5.2"),
    "put in": ("p = {}\np['model'] = 'gpt-4o'\nc.chat.completions.create($HI, **p)", "glm-5.2"),
    "put in under a condition": (
        "p = {'model': 'o3'}\nif x:\n  p['model'] = 'gpt-4o'\nc.chat.completions.create($HI, **p)",
        None,
    ),
    "glm's own": ("c.chat.completions.create(model='glm-4.6', $HI)", "glm-4.6"),
}


@pytest.mark.parametrize(("code", "expected"), MODELS.values(), ids=MODELS)
def test_the_model_is_known_or_it_is_said_that_it_is_not(code: str, expected: str | None) -> None:
    assert sent(START + code) == expected
    assert ("MODEL" in {f.field.upper() for f in one(START + code).findings if f.kind == "unknown"}) == (
        expected is None
    )


@pytest.mark.parametrize("choose", ["m = 'gpt-4o' if x else 'o3'\nif True:", "for m in ('gpt-4o', 'o3'):"])
def test_of_a_few_models_each_is_looked_at(choose: str) -> None:
    call = one(f"{START}{choose}\n  c.chat.completions.create(model=m, $HI, logprobs=True)")
    said = {(f.field, f.detail.partition(" ")[0], f.certain) for f in call.findings}
    assert {("model", "gpt-4o", False), ("model", "o3", False), ("logprobs", "Zhipu", True)} <= said


def test_the_row_of_the_table_is_given_for_a_value_that_is_not_known() -> None:
    call = one(f"{START}c.chat.completions.create(model='glm-5.2', $HI, temperature=t, logit_bias=b, seed=s)")
    assert kinds(call) == {"temperature": "APPROXIMATED", "logit_bias": "DROPPED"}
    details = {f.field: f.detail for f in call.findings}
    assert details["logit_bias"] == "Zhipu has no token biases."


def test_a_value_that_asks_for_nothing_is_nothing_to_say() -> None:
    code = "c.chat.completions.create(model='glm-5.2', $HI, n=1, frequency_penalty=0, logprobs=False)"
    assert kinds(one(START + code)) == {}


@pytest.mark.parametrize("absent", ["NOT_GIVEN", "omit", "openai.NOT_GIVEN"])
def test_what_is_not_given_is_not_there(absent: str) -> None:
    code = f"import openai\nfrom openai import NOT_GIVEN, omit\nc.chat.completions.create(model='glm-5.2', $HI, logit_bias={absent})"
    assert kinds(one(START + code)) == {}


@pytest.mark.parametrize(
    "messages",
    [
        "messages",
        "[*history, {'role': 'user', 'content': x}]",
        "[{'role': 'system', 'content': s}] + history",
        "[{'role': 'system', 'content': s}, {'role': role, 'content': x}, message]",
        "[{'role': 'user', 'content': [{'type': 'image_url', 'image_url': {'url': u}}, part]}]",
        "[m for m in history]",
        "history[-3:]",
        "[]  + history",
        "[{'role': 'tool', 'tool_call_id': t, 'content': str(r)}]",
    ],
)
def test_messages_that_are_known_in_part_are_never_refused(messages: str) -> None:
    call = one(f"{START}c.chat.completions.create(model='glm-5.2', messages={messages})")
    assert "refused" not in {kind.lower() for kind in kinds(call).values()}


def test_what_depends_on_tools_that_are_not_known_is_judged_as_if_there_were_some() -> None:
    choice = "{'type': 'function', 'function': {'name': 'weather'}}"
    call = one(f"{START}c.chat.completions.create(model='glm-5.2', $HI, tools=t, tool_choice={choice})")
    assert kinds(call) == {"tool_choice": "emulated"}
    flat = "{'type': 'function', 'name': 'weather'}"
    call = one(f"{START}c.responses.create(model='glm-5.2', input='x', tools=t, tool_choice={flat})")
    assert kinds(call)["tool_choice"] == "emulated"


def test_a_refusal_that_may_depend_on_what_is_not_known_is_not_certain() -> None:
    code = "c.images.generate(prompt=p, model={model}, background='transparent')"
    assert kinds(one(START + code.format(model="'gpt-image-1'")))["background"] == "refused"
    assert kinds(one(START + code.format(model="m")))["background"] == "REFUSED"


def test_all_that_is_refused_is_reported_at_once() -> None:
    call = one(
        f"{START}c.responses.create(model='glm-5.2', input='x', background=True, prompt={{'id': 'x'}})"
    )
    assert kinds(call) == {"background": "refused", "prompt": "refused"}


def test_unknown_arguments_are_said_to_be_unknown() -> None:
    call = one(f"{START}def f(**more):\n  c.chat.completions.create(model='glm-5.2', $HI, **more)")
    assert kinds(call) == {"": "UNKNOWN"}


def test_an_argument_that_openai_does_not_have_is_absent_and_the_rest_is_looked_at() -> None:
    call = one(f"{START}c.chat.completions.create(model='glm-5.2', $HI, thinking={{}}, logprobs=True)")
    assert kinds(call) == {"thinking": "absent", "logprobs": "dropped"}
    assert "extra_body" in call.findings[0].detail


def test_fields_of_zhipus_own_pass() -> None:
    call = one(f"{START}c.chat.completions.create(model='glm-5.2', $HI, extra_body={{'do_sample': False}})")
    assert kinds(call) == {}


def test_a_method_that_openai_does_not_have_is_absent() -> None:
    (call,) = read(f"{START}c.chat.completion.create(model='glm-5.2')")
    assert call.findings[0].kind == "absent"


def test_files_are_never_opened(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    code = (
        f"c.uploads.upload_file_chunked(file={str(secret)!r}, mime_type='text/plain', purpose='assistants')"
    )
    read(START + code)
    code = f"from pathlib import Path\nc.files.create(file=Path({str(secret)!r}), purpose='batch')"
    assert one(START + code).route == "POST /files"


def test_aliases_and_places_count() -> None:
    call = "c.chat.completions.create(model='gpt-4o', $HI)"
    assert sent(START + call, model_aliases={"gpt-4o": "glm-4.7"}) == "glm-4.7"
    ours = "from zhipu_openai import OpenAI\nc = OpenAI(model_aliases={'gpt-4o': 'glm-4.6'})\n"
    assert sent(ours + call) == "glm-4.6"


def test_the_region_counts() -> None:
    code = f"{START}c.realtime.connect(model='gpt-realtime')"
    assert read(code) == []
    (call,) = read(code, region="intl")
    assert kinds(call) == {"": "refused"}
    (call,) = read(code, endpoint="coding")
    assert "endpoint" in call.findings[0].detail


@pytest.mark.skipif(find_spec("openai.resources.realtime") is None, reason="openai has it in beta alone")
def test_what_is_sent_on_a_realtime_connection_is_looked_at() -> None:
    code = f"""{START}
with c.realtime.connect(model="glm-realtime") as connection:
    connection.session.update(session={{"type": "realtime", "max_output_tokens": 4096, "instructions": text}})
    connection.response.create()
"""
    (call,) = read(code)
    assert call.operation == "realtime.session.update"
    assert kinds(call)["session.max_response_output_tokens"] == "approximated"


def test_nothing_is_said_of_a_file_that_is_not_known() -> None:
    assert kinds(one(f"{START}c.vector_stores.files.upload_and_poll(vector_store_id='x', file=f)")) == {}
    assert kinds(one(f"{START}c.files.create(file=f, purpose='batch')")) == {}


@pytest.mark.parametrize("given", ["input=x", "**more", "input=x, **more", "prompt=p, conversation=c"])
def test_a_response_whose_input_is_not_known_has_one(given: str) -> None:
    call = one(f"{START}c.responses.create(model='glm-5.2', {given})")
    assert all(f.kind != "refused" or not f.certain for f in call.findings)
    assert "input" not in {
        f.field for f in call.findings if f.kind == "refused" and "conversation" not in given
    }
