"""A knowledge base: put a document in, search it, and let an agent answer from it."""

from zhipu_openai import create_client

client = create_client(standin="without_key")
knowledge = client.zhipu.knowledge

NOTES = """Opening hours: the library opens at nine and closes at six.

Lending: a book may be kept for four weeks, a film for one."""

base = knowledge.create(name="Library").data
try:
    uploaded = knowledge.documents.upload(base.id, file=("library.md", NOTES.encode())).data
    for failure in uploaded.failed or []:
        print(f"Not taken: {failure.fail_reason}")
    for taken in uploaded.succeeded or []:
        # An upload can be found once it is embedded.
        document = knowledge.documents.wait(taken.document_id, poll_interval=0.5)
        print(f"{document.name}: {document.word_num} characters")

    question = "How long may a book be kept?"
    for piece in knowledge.search(query=question, knowledge_ids=[base.id], top_k=1).data:
        print(f"{piece.score}: {piece.text}")

    print("The agent: ", end="")
    events = client.zhipu.rag.chat(
        messages=[{"role": "user", "content": question}], retrieval={"know_ids": [base.id]}
    )
    for event in events:
        if event.type == "answer":
            print(event.data, end="", flush=True)
    print()
finally:
    knowledge.delete(base.id)
