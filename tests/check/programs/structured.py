"""Structured output."""

from openai import OpenAI
from pydantic import BaseModel


class Step(BaseModel):
    explanation: str


class Steps(BaseModel):
    steps: list[Step]


client = OpenAI()
try:
    client.chat.completions.parse(
        model="gpt-4o-2024-08-06",
        messages=[{"role": "user", "content": "Solve 8x + 31 = 2."}],
        response_format=Steps,
    )
finally:
    client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "As JSON."}],
        response_format={"type": "json_object"},
    )
    client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "As JSON."}],
        response_format={
            "type": "json_schema",
            "json_schema": {
                "name": "answer",
                "strict": True,
                "schema": {
                    "type": "object",
                    "properties": {"text": {"type": "string"}},
                    "required": ["text"],
                    "additionalProperties": False,
                },
            },
        },
    )
