"""Files: upload, list, find, and delete again."""

from zhipu_openai import NotFoundError, create_client

client = create_client(standin="without_key", on_adaptation="ignore")

uploaded = client.files.create(file=("notes.txt", b"Zhipu keeps files for 30 days."), purpose="assistants")
print(f"Uploaded {uploaded.filename}: {uploaded.bytes} bytes for {uploaded.purpose}, {uploaded.status}")

for file in client.files.list(limit=20):
    print(f"- {file.id} {file.filename} ({file.purpose})")

print(f"Found {client.files.retrieve(uploaded.id).filename} by its id")
print(f"Deleted: {client.files.delete(uploaded.id).deleted}")

try:
    client.files.retrieve(uploaded.id)
except NotFoundError as error:
    print(f"Gone: {error.code}")
