"""Knowledge bases, agents, assistants and applications, as users type-check them: read by checkers, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openai import AsyncStream, Stream
from typing_extensions import assert_type

from zhipu_openai.zhipu.agents.types import AgentContent, AgentConversation, AgentResponse
from zhipu_openai.zhipu.applications_types import AppResponse
from zhipu_openai.zhipu.assistants_types import AssistantChunk
from zhipu_openai.zhipu.documents_types import Document
from zhipu_openai.zhipu.knowledge_types import KnowledgeBase, KnowledgeSlice
from zhipu_openai.zhipu.rag_types import RagContent

if TYPE_CHECKING:
    from zhipu_openai import AsyncOpenAI, OpenAI


def knowledge(client: OpenAI) -> None:
    made = client.zhipu.knowledge.create(name="n", embedding_id=11)
    assert_type(made.data.id, str)
    assert_type(client.zhipu.knowledge.retrieve(made.data.id).data, KnowledgeBase)
    for base in client.zhipu.knowledge.list(size=5):
        assert_type(base, KnowledgeBase)
    found = client.zhipu.knowledge.search(query="q", knowledge_ids=[made.data.id], recall_method="keyword")
    assert_type(found.data, list[KnowledgeSlice])
    documents = client.zhipu.knowledge.documents
    documents.upload(made.data.id, file=("a.md", b"a"), knowledge_type=5, custom_separator=["\n"])
    assert_type(documents.wait("d", poll_interval=1), Document)
    client.zhipu.knowledge.create()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.zhipu.knowledge.search(query="q", knowledge_ids=[], recall_method="bm25")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def retrieval(client: OpenAI) -> None:
    found = client.zhipu.rag.retrieve(knows=[{"id": "k"}], query="q")
    assert_type(found.data.contents, list[RagContent])
    for event in client.zhipu.rag.chat(messages=[], retrieval={"know_ids": ["k"]}):
        if event.type == "answer":
            assert_type(event.data, str | None)
        if event.type == "done" and event.usage is not None:
            assert_type(event.usage.total_calls, int | None)


def agents(client: OpenAI) -> None:
    translated = client.zhipu.agents.general_translation(text="t", strategy="cot")
    assert_type(translated, AgentResponse)
    assert_type(translated.text, str)
    assert_type(translated.parts, list[AgentContent])
    assert_type(client.zhipu.agents.slides(text="t"), Stream[AgentResponse])
    assert_type(client.zhipu.agents.conversation("c", include_pdf=True), AgentConversation)
    client.zhipu.agents.ai_drawing(size="1*1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def the_others(client: AsyncOpenAI) -> None:
    stream = await client.zhipu.assistants.conversation(assistant_id="a", messages=[])
    assert_type(stream, AsyncStream[AssistantChunk])
    answer = await client.zhipu.applications.invoke(
        app_id="a", messages=[{"role": "user", "content": [{"type": "input", "value": "v"}]}]
    )
    assert_type(answer, AppResponse)
    report = await client.zhipu.finance.due_diligence_report(company="c", force=True)
    assert_type(report.data.svg, str | None)
