# /// script
# requires-python = ">=3.10"
# dependencies = ["mem0ai>=2.2.1"]
# ///
"""mem0 on Zhipu: its OpenAI LLM and embedder make openai's clients, which ours take the place of."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

os.environ["MEM0_TELEMETRY"] = "False"

import openai
from handle import raises
from mem0 import AsyncMemory, Memory
from mem0.exceptions import LLMError
from qdrant_client import QdrantClient

import zhipu_openai

if TYPE_CHECKING:
    from handle import Standin

TITLE = "mem0"
PACKAGES = ("mem0ai", "qdrant-client")
NOT_OFFERED = {
    "stream": "mem0 asks for whole answers alone",
    "async_stream": "mem0 asks for whole answers alone",
    "streamed_tools": "mem0 asks for whole answers alone",
    "responses": "mem0 knows chat completions alone",
}

DIMENSIONS = 256


def plain(kind: Any = Memory, key: str = "unused") -> Any:
    """Make a memory that keeps nothing on disk."""
    return kind.from_config(
        {
            "llm": {"provider": "openai", "config": {"model": "gpt-4o", "api_key": key}},
            "embedder": {
                "provider": "openai",
                "config": {
                    "model": "embedding-3",
                    "api_key": key,
                    "embedding_dims": DIMENSIONS,
                },
            },
            "vector_store": {
                "provider": "qdrant",
                "config": {
                    "client": QdrantClient(":memory:"),
                    "embedding_model_dims": DIMENSIONS,
                },
            },
            "history_db_path": ":memory:",
        }
    )


def memory(standin: Standin, kind: Any = Memory, **options: Any) -> Any:
    """Make a memory on our client, as the page does."""
    made = plain(kind)
    made.llm.client = made.embedding_model.client = standin.client(**options)
    return made


def facts(*texts: str) -> str:
    """Write what a model would extract."""
    return json.dumps({"memory": [{"id": str(number), "text": text} for number, text in enumerate(texts)]})


TALK = [
    {"role": "user", "content": "I am a vegetarian and live in Rome."},
    {"role": "assistant", "content": "Noted."},
]


def chat(standin: Standin) -> None:
    """Memory.add, search, get_all and history; the LLM alone; by install()."""
    kept = memory(standin)
    standin.say(facts("Is a vegetarian", "Lives in Rome"), reasoning="Two facts.")
    added = kept.add(TALK, user_id="ann")["results"]
    assert [row["memory"] for row in added] == ["Is a vegetarian", "Lives in Rome"]
    asked = [body for body in standin.bodies if "messages" in body]
    assert len(asked) == 1
    assert asked[0]["model"] == "glm-5.2"
    assert asked[0]["thinking"] == {"type": "disabled"}
    assert asked[0]["max_tokens"] == 2000
    assert "I am a vegetarian and live in Rome." in asked[0]["messages"][-1]["content"]
    found = kept.search("Lives in Rome", filters={"user_id": "ann"}, top_k=1)["results"]
    assert [row["memory"] for row in found] == ["Lives in Rome"]
    rows = kept.get_all(filters={"user_id": "ann"})["results"]
    assert sorted(row["memory"] for row in rows) == ["Is a vegetarian", "Lives in Rome"]
    assert kept.history(added[0]["id"])[0]["event"] == "ADD"
    standin.say("Hello.")
    assert kept.llm.generate_response([{"role": "user", "content": "Hi"}]) == "Hello."
    with zhipu_openai.install(region="standin", on_adaptation="ignore"):
        by_itself = plain(key="sk-unused")
    assert isinstance(by_itself.embedding_model.client, zhipu_openai.OpenAI)
    assert "[stand-in]" in by_itself.llm.generate_response([{"role": "user", "content": "Hi"}])


async def async_chat(standin: Standin) -> None:
    """AsyncMemory, which asks by the same sync client in threads."""
    kept = memory(standin, AsyncMemory)
    standin.say(facts("Is a vegetarian", "Lives in Rome"))
    added = await kept.add(TALK, user_id="ann")
    assert [row["memory"] for row in added["results"]] == ["Is a vegetarian", "Lives in Rome"]
    found = await kept.search("Is a vegetarian", filters={"user_id": "ann"}, top_k=1)
    assert [row["memory"] for row in found["results"]] == ["Is a vegetarian"]


def tools(standin: Standin) -> None:
    """The LLM with a tool, and with one that must be called."""
    weather = {
        "type": "function",
        "function": {
            "name": "weather",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
    llm = memory(standin).llm
    asked = [{"role": "user", "content": "How is the weather in Rome and Oslo?"}]
    standin.calls(("weather", {"city": "Rome"}), ("weather", {"city": "Oslo"}))
    answer = llm.generate_response(asked, tools=[weather])
    assert [call["arguments"] for call in answer["tool_calls"]] == [{"city": "Rome"}, {"city": "Oslo"}]
    assert standin.offered() == ["weather"]
    standin.say("I would rather talk.")
    standin.call("weather", {"city": "Rome"})
    answer = llm.generate_response(asked, tools=[weather], tool_choice="required")
    assert answer["tool_calls"] == [{"name": "weather", "arguments": {"city": "Rome"}}]
    assert standin.last.get("tool_choice", "auto") == "auto"


def structured_output(standin: Standin) -> None:
    """Facts are extracted in JSON mode, fenced JSON included; the LLM with a JSON schema."""
    standin.switch_on("fenced_json")
    kept = memory(standin)
    standin.say(facts("Is a vegetarian"))
    assert kept.add(TALK, user_id="ann")["results"][0]["memory"] == "Is a vegetarian"
    asked = [body for body in standin.bodies if "messages" in body]
    assert asked[0]["response_format"] == {"type": "json_object"}
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    }
    shape = {"type": "json_schema", "json_schema": {"name": "Place", "schema": schema}}
    standin.say("Rome, I would say.")
    standin.say('{"city": "Rome"}')
    answer = kept.llm.generate_response([{"role": "user", "content": "Where?"}], response_format=shape)
    assert json.loads(answer) == {"city": "Rome"}


def embeddings(standin: Standin) -> None:
    """The embedder alone, one text and many."""
    made = memory(standin).embedding_model
    assert len(made.embed("one")) == DIMENSIONS
    assert standin.last["model"] == "embedding-3"
    assert standin.last["dimensions"] == DIMENSIONS
    vectors = made.embed_batch([f"text {number}" for number in range(70)])
    assert [len(vector) for vector in vectors] == [DIMENSIONS] * 70
    assert len({tuple(vector) for vector in vectors}) == 70
    assert all(len(body["input"]) <= 64 for body in standin.bodies[1:])


def errors(standin: Standin) -> None:
    """An empty account is asked once, an overloaded model again; mem0's own exception around openai's."""
    kept = memory(standin, max_retries=3)

    def asked() -> int:
        return sum("messages" in body for body in standin.bodies)

    standin.fail("1113")
    with raises(LLMError) as caught:
        kept.add(TALK, user_id="ann")
    assert isinstance(caught.error.__cause__, openai.RateLimitError)
    assert caught.error.__cause__.code == "insufficient_quota"
    assert asked() == 1
    standin.fail("1305", headers={"retry-after-ms": "1"})
    standin.say(facts("Lives in Rome"))
    assert kept.add(TALK, user_id="ann")["results"][0]["memory"] == "Lives in Rome"
    assert asked() == 3
    standin.fail("1301")
    with raises(openai.BadRequestError) as caught:
        kept.llm.generate_response([{"role": "user", "content": "Hi"}])
    assert caught.error.code == "content_filter"
