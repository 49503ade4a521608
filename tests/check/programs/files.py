"""Files, uploads and batches."""

import json

from openai import OpenAI

client = OpenAI()
line = {
    "custom_id": "question-1",
    "method": "POST",
    "url": "/v1/chat/completions",
    "body": {"model": "glm-4-flash", "messages": [{"role": "user", "content": "Hi"}]},
}
file = client.files.create(file=("lines.jsonl", json.dumps(line).encode()), purpose="batch")
batch = client.batches.create(
    input_file_id=file.id,
    endpoint="/v1/chat/completions",
    completion_window="24h",
    metadata={"for": "test"},
)
client.batches.retrieve(batch.id)
client.files.create(
    file=("notes.txt", b"Notes."),
    purpose="user_data",
    expires_after={"anchor": "created_at", "seconds": 3600},
)
client.files.list(purpose="batch")
client.files.retrieve(file.id)
client.files.delete(file.id)
upload = client.uploads.create(bytes=6, filename="notes.txt", mime_type="text/plain", purpose="user_data")
part = client.uploads.parts.create(upload.id, data=b"Notes.")
client.uploads.complete(upload.id, part_ids=[part.id])
