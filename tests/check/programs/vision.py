"""Pictures in messages."""

from openai import OpenAI

client = OpenAI()


def describe(url: str) -> str:
    answer = client.chat.completions.create(
        model="gpt-4o",
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": url, "detail": "high"}},
                ],
            }
        ],
        max_tokens=300,
    )
    return answer.choices[0].message.content or ""


print(describe("https://example.com/cat.png"))
print(describe("data:image/png;base64,iVBORw0KGgo="))
