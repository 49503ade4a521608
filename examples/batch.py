"""A batch: a file of requests, run within a day, as with OpenAI."""

import json
import time

from zhipu_openai import create_client

CITIES = ("Beijing", "Shanghai", "Chengdu")
OVER = ("completed", "failed", "expired", "cancelled")

client = create_client(standin="without_key", on_adaptation="ignore")

requests = [
    {
        "custom_id": city,
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {
            "model": "gpt-4o-mini",
            "messages": [{"role": "user", "content": f"One dish that {city} is known for."}],
            "max_completion_tokens": 200,
        },
    }
    for city in CITIES
]
content = "\n".join(json.dumps(request) for request in requests).encode()

uploaded = client.files.create(file=("cities.jsonl", content), purpose="batch")
batch = client.batches.create(
    input_file_id=uploaded.id, endpoint="/v1/chat/completions", completion_window="24h"
)
print(f"{batch.id}: {batch.request_counts.total if batch.request_counts else 0} requests")

wait = 0.1
while batch.status not in OVER:
    time.sleep(wait)
    wait = min(wait * 2, 60)
    batch = client.batches.retrieve(batch.id)
    print(batch.status)

for file_id in (batch.output_file_id, batch.error_file_id):
    if file_id is None:
        continue
    for line in client.files.content(file_id).text.splitlines():
        result = json.loads(line)
        body = result["response"]["body"]
        said = body["choices"][0]["message"]["content"] if "choices" in body else body["error"]["message"]
        print(f"{result['custom_id']}: {said}")
