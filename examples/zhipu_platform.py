"""Zhipu's older platforms: a ready-made assistant, an application of your own, and FinAgent.

Zhipu marks assistants and applications as deprecated, and FinAgent is presumably retired.
"""

import openai

from zhipu_openai import create_client

client = create_client(standin="without_key")
platform = client.zhipu

SEARCH = "659e54b1b8006379b4b2abd6"
for assistant in platform.assistants.list(assistant_id_list=[SEARCH]).data:
    print(f"Assistant: {assistant.name or assistant.assistant_id}")
conversation = None
with platform.assistants.conversation(
    assistant_id=SEARCH, messages=[{"role": "user", "content": "What do bees do?"}]
) as events:
    for event in events:
        conversation = event.conversation_id or conversation
        print(event.text, end="", flush=True)
print(f"\nGo on with conversation_id={conversation!r}")

# The id of an application, from the list of your agents on the platform.
answer = platform.applications.invoke(
    app_id="1790000000000000000",
    messages=[{"role": "user", "content": [{"type": "input", "value": "What do bees do?"}]}],
)
print(f"Application: {answer.text}")

# What Zhipu has presumably retired is refused before it is sent; force=True asks all the same.
try:
    platform.finance.due_diligence_report(company="Example Bank")
except openai.BadRequestError as error:
    print(f"FinAgent: {error.message}")
