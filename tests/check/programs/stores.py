"""Vector stores."""

import openai
from openai import OpenAI

client = OpenAI()
store = client.vector_stores.create(
    name="notes", expires_after={"anchor": "last_active_at", "days": 7}, metadata={"a": "b"}
)
file = client.files.create(file=("notes.txt", b"Rome is the capital of Italy."), purpose="assistants")
client.vector_stores.files.create(
    file_id=file.id, vector_store_id=store.id, attributes={"lang": "en"}, chunking_strategy={"type": "auto"}
)
client.vector_stores.search(store.id, query="capital", max_num_results=5, rewrite_query=True)
try:
    client.vector_stores.search(
        store.id, query="capital", filters={"type": "eq", "key": "lang", "value": "en"}
    )
except openai.BadRequestError as error:
    print(error.param)
client.vector_stores.list()
client.vector_stores.delete(store.id)
