"""Arguments that are put together, clients that are handed on."""

from typing import Any

import openai
from openai import OpenAI


def client_for(team: str) -> OpenAI:
    clients[team] = clients.get(team) or OpenAI(timeout=20)
    return clients[team]


clients: dict[str, OpenAI] = {}


def ask(client: openai.OpenAI, question: str) -> Any:
    params = {
        "model": "gpt-4-turbo",
        "messages": [{"role": "system", "content": "Be kind."}],
        "presence_penalty": 0.2,
    }
    params["messages"].append({"role": "user", "content": question})
    params["user"] = "somebody"
    if question.endswith("?"):
        params["temperature"] = 1.4
    return client.with_options(max_retries=1).chat.completions.create(**params)


def twice(client, question: str) -> None:
    for model in ("gpt-4o", "gpt-4.1-nano"):
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": question}], n=1)


ask(client_for("docs"), "Why?")
ask(client=client_for("docs"), question="Go on.")
twice(client_for("web"), "Hi")
