"""What checkers must refuse: every statement here is wrong, and a checker that finds nothing in it fails.

pyright does not look at what is assigned to an attribute of a module; mypy does.
"""

from __future__ import annotations

import zhipu_openai as openai
from zhipu_openai import OpenAI

client = OpenAI()
message = client.chat.completions.create(model="glm-5.2", messages=[]).choices[0].message

openai.no_such_name()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
openai.timeout = "long"  # type: ignore[assignment]
openai.azure_endpoint = "https://example.com"  # type: ignore[assignment]

OpenAI(regin="intl")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
OpenAI(region="mars")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
OpenAI(data_residency="eu")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
client.with_options(retries=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

client.chat.completions.create(model="glm-5.2")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
client.chat.completions.create(model="glm-5.2", messages=[], thinking={"type": "enabled"})  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
client.chat.completions.create(model="glm-5.2", messages=[], temperature="hot")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
client.chat.completions.parse(model="glm-5.2", messages=[], stream=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

message.reasoning()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
message.reasoning_content.upper()  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
