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
    from .async_chat import AsyncChatJobs, ChatJobs
    from .async_images import AsyncImageJobs, ImageJobs
    from .batches import AsyncBatches, Batches
    from .file_parser import AsyncFileParser, FileParser
    from .finance import AsyncFinance, Finance
    from .knowledge import AsyncKnowledge, Knowledge
    from .layout_parsing import AsyncLayoutParsing, LayoutParsing
    from .moderations import AsyncModerations, Moderations
    from .ocr import AsyncOcr, Ocr
    from .rag import AsyncRag, Rag
    from .rerank import AsyncRerank, Rerank
    from .search_agent import AsyncSearchAgent, SearchAgent
    from .tokenizer import AsyncTokenizer, Tokenizer
    from .unofficial_quota import AsyncUnofficialQuota, UnofficialQuota
    from .videos import AsyncVideos, Videos
    from .voices import AsyncVoices, Voices
    from .web_reader import AsyncWebReader, WebReader
    from .web_search import AsyncWebSearch, WebSearch


class Zhipu(ZhipuResource):
    """What Zhipu has and OpenAI has no name for."""

    @cached_property
    def async_chat(self) -> ChatJobs:
        """Chat completions as jobs."""
        from .async_chat import ChatJobs

        return ChatJobs(self._client)

    @cached_property
    def async_images(self) -> ImageJobs:
        """Images as jobs."""
        from .async_images import ImageJobs

        return ImageJobs(self._client)

    @cached_property
    def batches(self) -> Batches:
        """Batches in Zhipu's own form."""
        from .batches import Batches

        return Batches(self._client)

    @cached_property
    def file_parser(self) -> FileParser:
        """The text of documents of many kinds."""
        from .file_parser import FileParser

        return FileParser(self._client)

    @cached_property
    def layout_parsing(self) -> LayoutParsing:
        """Documents and images as Markdown, by GLM-OCR."""
        from .layout_parsing import LayoutParsing

        return LayoutParsing(self._client)

    @cached_property
    def moderations(self) -> Moderations:
        """Moderation in Zhipu's own form."""
        from .moderations import Moderations

        return Moderations(self._client)

    @cached_property
    def ocr(self) -> Ocr:
        """Handwriting."""
        from .ocr import Ocr

        return Ocr(self._client)

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

    @cached_property
    def search_agent(self) -> SearchAgent:
        """The assistant that searches the web; deprecated by Zhipu."""
        from .search_agent import SearchAgent

        return SearchAgent(self._client)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Counting the tokens of a conversation."""
        from .tokenizer import Tokenizer

        return Tokenizer(self._client)

    @cached_property
    def unofficial_quota(self) -> UnofficialQuota:
        """Undocumented: what is left of a Coding Plan."""
        from .unofficial_quota import UnofficialQuota

        return UnofficialQuota(self._client)

    @cached_property
    def videos(self) -> Videos:
        """Videos of CogVideoX and Vidu."""
        from .videos import Videos

        return Videos(self._client)

    @cached_property
    def voices(self) -> Voices:
        """Voices for speech."""
        from .voices import Voices

        return Voices(self._client)

    @cached_property
    def web_reader(self) -> WebReader:
        """Web pages as text."""
        from .web_reader import WebReader

        return WebReader(self._client)

    @cached_property
    def web_search(self) -> WebSearch:
        """Searching the web."""
        from .web_search import WebSearch

        return WebSearch(self._client)


class AsyncZhipu(AsyncZhipuResource):
    """What Zhipu has and OpenAI has no name for."""

    @cached_property
    def async_chat(self) -> AsyncChatJobs:
        """Chat completions as jobs."""
        from .async_chat import AsyncChatJobs

        return AsyncChatJobs(self._client)

    @cached_property
    def async_images(self) -> AsyncImageJobs:
        """Images as jobs."""
        from .async_images import AsyncImageJobs

        return AsyncImageJobs(self._client)

    @cached_property
    def batches(self) -> AsyncBatches:
        """Batches in Zhipu's own form."""
        from .batches import AsyncBatches

        return AsyncBatches(self._client)

    @cached_property
    def file_parser(self) -> AsyncFileParser:
        """The text of documents of many kinds."""
        from .file_parser import AsyncFileParser

        return AsyncFileParser(self._client)

    @cached_property
    def layout_parsing(self) -> AsyncLayoutParsing:
        """Documents and images as Markdown, by GLM-OCR."""
        from .layout_parsing import AsyncLayoutParsing

        return AsyncLayoutParsing(self._client)

    @cached_property
    def moderations(self) -> AsyncModerations:
        """Moderation in Zhipu's own form."""
        from .moderations import AsyncModerations

        return AsyncModerations(self._client)

    @cached_property
    def ocr(self) -> AsyncOcr:
        """Handwriting."""
        from .ocr import AsyncOcr

        return AsyncOcr(self._client)

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

    @cached_property
    def search_agent(self) -> AsyncSearchAgent:
        """The assistant that searches the web; deprecated by Zhipu."""
        from .search_agent import AsyncSearchAgent

        return AsyncSearchAgent(self._client)

    @cached_property
    def tokenizer(self) -> AsyncTokenizer:
        """Counting the tokens of a conversation."""
        from .tokenizer import AsyncTokenizer

        return AsyncTokenizer(self._client)

    @cached_property
    def unofficial_quota(self) -> AsyncUnofficialQuota:
        """Undocumented: what is left of a Coding Plan."""
        from .unofficial_quota import AsyncUnofficialQuota

        return AsyncUnofficialQuota(self._client)

    @cached_property
    def videos(self) -> AsyncVideos:
        """Videos of CogVideoX and Vidu."""
        from .videos import AsyncVideos

        return AsyncVideos(self._client)

    @cached_property
    def voices(self) -> AsyncVoices:
        """Voices for speech."""
        from .voices import AsyncVoices

        return AsyncVoices(self._client)

    @cached_property
    def web_reader(self) -> AsyncWebReader:
        """Web pages as text."""
        from .web_reader import AsyncWebReader

        return AsyncWebReader(self._client)

    @cached_property
    def web_search(self) -> AsyncWebSearch:
        """Searching the web."""
        from .web_search import AsyncWebSearch

        return AsyncWebSearch(self._client)
