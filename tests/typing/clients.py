"""Making clients, as users type-check it: read by mypy and pyright, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
from typing_extensions import assert_type

from zhipu_openai import (
    AsyncClient,
    AsyncOpenAI,
    AsyncZhipuOpenAI,
    Client,
    ErrorDetails,
    OpenAI,
    ZhipuAdaptationWarning,
    ZhipuOpenAI,
    cost,
    create_async_client,
    create_client,
    error_details,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from openai.types.chat import ChatCompletion


def openais_arguments() -> None:
    client = OpenAI(
        api_key="key",
        organization=None,
        project=None,
        webhook_secret=None,
        base_url="https://open.bigmodel.cn/api/paas/v4",
        timeout=openai.Timeout(10, connect=2),
        max_retries=0,
        default_headers={"x-trace": "1"},
        default_query={"trace": "1"},
        http_client=openai.DefaultHttpxClient(),
    )
    OpenAI(api_key=lambda: "key", base_url=client.base_url, timeout=None, provider=None)
    AsyncOpenAI(api_key="key", http_client=openai.DefaultAsyncHttpxClient())


def our_arguments() -> None:
    OpenAI(
        region="intl",
        endpoint="coding",
        auth="jwt",
        on_adaptation="error",
        max_concurrency=5,
        model_aliases={"gpt-4o": "glm-5.2"},
    )
    AsyncOpenAI(region="standin")


def copies() -> None:
    assert_type(OpenAI().with_options(max_retries=5), OpenAI)
    assert_type(OpenAI().copy(region="intl", set_default_headers={}), OpenAI)
    assert_type(AsyncOpenAI().with_options(timeout=None, on_adaptation="ignore"), AsyncOpenAI)
    with OpenAI() as client:
        assert_type(client, OpenAI)


async def resources_are_typed() -> None:
    assert_type(OpenAI().models.list().data[0].id, str)
    assert_type(OpenAI().embeddings.create(model="embedding-3", input="x").data[0].embedding, list[float])
    assert_type((await AsyncOpenAI().models.list()).data[0].id, str)


def names() -> None:
    assert_type(ZhipuOpenAI(), OpenAI)
    assert_type(Client(), OpenAI)
    assert_type(AsyncZhipuOpenAI(), AsyncOpenAI)
    assert_type(AsyncClient(), AsyncOpenAI)
    assert_type(create_client(), OpenAI)
    assert_type(create_async_client(), AsyncOpenAI)
    category: type[Warning] = ZhipuAdaptationWarning
    del category


def takes_openai(client: openai.OpenAI, asynchronous: openai.AsyncOpenAI) -> None:
    """A framework's function."""
    del client, asynchronous


def our_clients_are_openais() -> None:
    takes_openai(OpenAI(), AsyncOpenAI())


def answers_have_a_cost(answer: ChatCompletion) -> Decimal:
    return cost(answer, region="intl").amount


def errors_carry_details(error: openai.APIStatusError) -> ErrorDetails | None:
    return error_details(error)
