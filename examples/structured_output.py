"""An answer in the shape of a pydantic model.

Zhipu knows JSON mode but no schemas: the schema is put into the prompt, the answer is checked, and asked
for once more if it does not fit. With the extra "schema" the check covers the whole schema.
"""

from pydantic import BaseModel

from zhipu_openai import OpenAI


class Step(BaseModel):
    """One step of a solution."""

    explanation: str
    result: str


class Solution(BaseModel):
    """A worked solution."""

    steps: list[Step]
    answer: str


client = OpenAI(on_adaptation="ignore")

completion = client.chat.completions.parse(
    model="glm-5.2",
    messages=[
        {"role": "system", "content": "You are a patient teacher of mathematics."},
        {"role": "user", "content": "Solve 8x + 31 = 2."},
    ],
    response_format=Solution,
)

solution = completion.choices[0].message.parsed
if solution is not None:
    for step in solution.steps:
        print(f"- {step.explanation}: {step.result}")
    print(f"Answer: {solution.answer}")
