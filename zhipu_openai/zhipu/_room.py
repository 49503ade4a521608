"""``client.zhipu``: the groups, each imported when it is first used."""

# ruff: noqa: PLC0415 - a group that nobody uses is not to be imported

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ._resource import AsyncZhipuResource, ZhipuResource

if TYPE_CHECKING:
    from .agents import Agents, AsyncAgents
    from .applications import Applications, AsyncApplications
    from .assistants import Assistants, AsyncAssistants
    from .finance import AsyncFinance, Finance
    from .knowledge import AsyncKnowledge, Knowledge
    from .rag import AsyncRag, Rag
    from .rerank import AsyncRerank, Rerank


class Zhipu(ZhipuResource):
    """What Zhipu has and OpenAI has no name for."""

    @cached_property
    def rerank(self) -> Rerank:
        """Sorting documents by how well they answer a query."""
        from .rerank import Rerank

        return Rerank(self._client)

    @cached_property
    def knowledge(self) -> Knowledge:
        """Knowledge bases and the documents in them."""
        from .knowledge import Knowledge

        return Knowledge(self._client)

    @cached_property
    def rag(self) -> Rag:
        """The newer retrieval from knowledge bases, and its agent."""
        from .rag import Rag

        return Rag(self._client)

    @cached_property
    def agents(self) -> Agents:
        """Zhipu's ready-made agents."""
        from .agents import Agents

        return Agents(self._client)

    @cached_property
    def assistants(self) -> Assistants:
        """Ready-made assistants of an older platform; deprecated by Zhipu."""
        from .assistants import Assistants

        return Assistants(self._client)

    @cached_property
    def applications(self) -> Applications:
        """Applications built on Zhipu's platform; deprecated by Zhipu."""
        from .applications import Applications

        return Applications(self._client)

    @cached_property
    def finance(self) -> Finance:
        """FinAgent; presumably retired."""
        from .finance import Finance

        return Finance(self._client)


class AsyncZhipu(AsyncZhipuResource):
    """What Zhipu has and OpenAI has no name for."""

    @cached_property
    def rerank(self) -> AsyncRerank:
        """Sorting documents by how well they answer a query."""
        from .rerank import AsyncRerank

        return AsyncRerank(self._client)

    @cached_property
    def knowledge(self) -> AsyncKnowledge:
        """Knowledge bases and the documents in them."""
        from .knowledge import AsyncKnowledge

        return AsyncKnowledge(self._client)

    @cached_property
    def rag(self) -> AsyncRag:
        """The newer retrieval from knowledge bases, and its agent."""
        from .rag import AsyncRag

        return AsyncRag(self._client)

    @cached_property
    def agents(self) -> AsyncAgents:
        """Zhipu's ready-made agents."""
        from .agents import AsyncAgents

        return AsyncAgents(self._client)

    @cached_property
    def assistants(self) -> AsyncAssistants:
        """Ready-made assistants of an older platform; deprecated by Zhipu."""
        from .assistants import AsyncAssistants

        return AsyncAssistants(self._client)

    @cached_property
    def applications(self) -> AsyncApplications:
        """Applications built on Zhipu's platform; deprecated by Zhipu."""
        from .applications import AsyncApplications

        return AsyncApplications(self._client)

    @cached_property
    def finance(self) -> AsyncFinance:
        """FinAgent; presumably retired."""
        from .finance import AsyncFinance

        return AsyncFinance(self._client)
