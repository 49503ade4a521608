"""What Zhipu has beside models: searching, reading and sorting texts, and the text of documents.

Everything that OpenAI has no name for is in `client.zhipu`; it has openai's errors, retries and options.
"""

from zhipu_openai import create_client
from zhipu_openai.zhipu import tools

client = create_client(standin="without_key")
print(f"Asking {client.base_url}")

found = client.zhipu.web_search.create(
    search_query="open weights of GLM", search_engine="search_pro_sogou", count=10
)
for result in (found.search_result or [])[:3]:
    print(f"{result.refer}: {result.title} <{result.link}>")

page = client.zhipu.web_reader.create(url="https://docs.bigmodel.cn", page_timeout=20)
print(f"Read {page.result.title!r}: {len(page.result.content)} characters")

texts = ["Rome is the capital of Italy.", "Paris is the capital of France."]
best = client.zhipu.rerank.create(query="capital of France", documents=texts, top_n=1).results[0]
print(f"Best: {texts[best.index]} ({best.relevance_score:.2f})")

counted = client.zhipu.tokenizer.create(
    model="glm-4.6", messages=[{"role": "user", "content": " ".join(texts)}]
)
print(f"Tokens: {counted.usage.total_tokens}")

parsed = client.zhipu.file_parser.create_and_poll(
    file=("notes.md", b"# Notes\n\nBuy milk."), tool_type="lite", poll_interval=0.5
)
print(f"Parsed ({parsed.status}): {(parsed.content or '').splitlines()}")

# In a chat the model searches by itself, and cites what it found.
answer = client.chat.completions.create(
    model="glm-5.2",
    messages=[{"role": "user", "content": "What is new about GLM?"}],
    tools=[tools.web_search("search_pro_sogou")],
)
message = answer.choices[0].message
print(message.content)
print([note.url_citation.url for note in message.annotations or []])
