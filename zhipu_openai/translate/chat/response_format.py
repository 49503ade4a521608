"""The form of the answer: text, JSON, or JSON after a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhipu_openai.translate.structured import schema_instruction

from .draft import JsonSchema

if TYPE_CHECKING:
    from .draft import Draft


def translate_response_format(draft: Draft, value: Any) -> None:
    """Ask for the form of the answer in a way that Zhipu follows.

    A ``json_schema`` is accepted and ignored by Zhipu: the schema goes into the prompt, and the answer is
    checked. A model without JSON mode is asked for JSON in words. Other types pass.
    """
    if not isinstance(value, dict):
        return
    kind = value.get("type")
    speaks_json = draft.model is None or draft.model.json_mode
    if kind == "text":
        del draft.body["response_format"]
    elif kind == "json_object" and not speaks_json:
        _json_in_words(draft)
    elif kind == "json_schema":
        _json_schema(draft, value.get("json_schema"), speaks_json=speaks_json)


def _json_in_words(draft: Draft) -> None:
    del draft.body["response_format"]
    draft.plan.json_schema = JsonSchema("json_object", None)
    draft.add_system_text("Answer with one JSON object and nothing else.")
    draft.note(
        "response_format",
        "emulated",
        f"{draft.body['model']} has no JSON mode; it is asked for JSON in words, and the answer is checked.",
    )


def _json_schema(draft: Draft, asked: Any, *, speaks_json: bool) -> None:
    asked = asked if isinstance(asked, dict) else {}
    name = str(asked.get("name") or "answer")
    given, purpose = asked.get("schema"), asked.get("description")
    schema = given if isinstance(given, dict) else None
    has_tools = bool(draft.tools)
    draft.plan.json_schema = JsonSchema(name, schema)
    draft.add_system_text(
        schema_instruction(
            name,
            {"type": "object"} if schema is None else schema,
            purpose if isinstance(purpose, str) else None,
            with_tools=has_tools,
        )
    )
    # In JSON mode a model answers where it should call a tool.
    if speaks_json and not has_tools:
        draft.body["response_format"] = {"type": "json_object"}
    else:
        del draft.body["response_format"]
    draft.note(
        "response_format",
        "emulated",
        "the schema is put into the prompt, and the answer is checked against it.",
    )
