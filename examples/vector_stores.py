"""OpenAI's vector stores on Zhipu's knowledge bases: fill one, search it, and chat with it in view."""

from zhipu_openai import create_client

client = create_client(standin="without_key")

NOTES = """The kettle takes one litre and a half.

Descale the kettle once a month, with vinegar or citric acid."""

store = client.vector_stores.create(name="Manuals")
try:
    # A knowledge base takes a file's bytes; OpenAI's own way there is client.vector_stores.files.upload_and_poll.
    uploaded = client.zhipu.knowledge.documents.upload(store.id, file=("kettle.txt", NOTES.encode())).data
    for document in uploaded.succeeded or []:
        file = client.vector_stores.files.poll(document.document_id, vector_store_id=store.id)
        print(f"{file.id}: {file.status}")

    question = "How do I descale the kettle?"
    for result in client.vector_stores.search(store.id, query=question, max_num_results=1):
        print(f"{result.filename}, {result.score}: {result.content[0].text}")

    completion = client.chat.completions.create(
        model="glm-5.2",
        messages=[{"role": "user", "content": question}],
        # Zhipu's own tool: the model looks into the knowledge base by itself.
        extra_body={"tools": [{"type": "retrieval", "retrieval": {"knowledge_id": store.id}}]},
    )
    print(completion.choices[0].message.content)

    counts = client.vector_stores.retrieve(store.id).file_counts
    print(f"{counts.completed} of {counts.total} files can be searched")
finally:
    client.vector_stores.delete(store.id)
