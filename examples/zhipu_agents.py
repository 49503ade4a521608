"""Zhipu's ready-made agents: a translation, a picture, and slides while they are made."""

import openai

from zhipu_openai import create_client

client = create_client(standin="without_key")
agents = client.zhipu.agents

print(agents.general_translation(text="The sky is blue.", target_lang="zh-CN", strategy="reflection").text)

for part in agents.ai_drawing(text="A blue sky", size="1024*1024").parts:
    print(f"Picture: {part.image_url or part.text}")

conversation = ""
for event in agents.slides(text="Why the sky is blue, on one slide"):
    conversation = event.conversation_id or conversation
    for choice in event.choices or []:
        for message in choice.messages or []:
            for step in message.parts:
                print(f"[{message.phase}] {step.text or step.tag_en}")
for part in agents.conversation(conversation, include_pdf=True).parts:
    print(f"Slides: {part.file_url}")

# What Zhipu has retired is refused before it is sent; force=True asks all the same.
try:
    agents.subtitle_translation(text="Good night.", language="Japanese")
except openai.BadRequestError as error:
    print(error.message)
