"""``client.zhipu.applications``: applications built on Zhipu's platform (qingliu), of the older and the newer kind.

Zhipu marks the whole of it as deprecated.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import Unpack

from ._envelope import Envelope
from ._resource import (
    AsyncZhipuResource,
    Options,
    ZhipuResource,
    async_raw,
    async_streamed,
    path_of,
    raw,
    streamed,
    takes,
)
from ._retired import refuse_retired
from .applications_types import (
    AppConversation,
    AppFileStatParams,
    AppFileStats,
    AppInvokeParams,
    AppOldEvent,
    AppOldRunParams,
    AppQuestions,
    AppRequestId,
    AppRequestParams,
    AppResponse,
    AppSliceParams,
    AppSlices,
    AppUpload,
    AppUploadParams,
    AppVariables,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai import AsyncStream, Stream


_LAST_LISTED: Final = date(2025, 10, 1)
_URL: Final = "https://open.bigmodel.cn/api/llm-application/open/v2"


class Applications(ZhipuResource):
    """Applications built on Zhipu's platform."""

    @cached_property
    def with_raw_response(self) -> ApplicationsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return ApplicationsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> ApplicationsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return ApplicationsWithStreamingResponse(self)

    @takes(AppInvokeParams)
    def invoke(self, **given: Unpack[AppInvokeParams]) -> AppResponse:
        """Run an application, and wait for its answer.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.

        Args:
            app_id: The application, from the platform's list of your agents.
            messages: What the user gives: text, options, files, links.
            conversation_id: The conversation to go on with; a new one by default.
            third_request_id: Your own id of the request.
            document_ids: The documents that it may look in.
            knowledge_ids: The knowledge bases that it may look in.
            send_log_event: Whether to report each step; False by default.

        Raises:
            openai.APIError: Zhipu refused it, or the application failed.
        """
        return self._call(
            "post", "/v3/application/invoke", cast_to=AppResponse, given=_whole(given), root="application"
        )

    @takes(AppInvokeParams)
    def stream(self, **given: Unpack[AppInvokeParams]) -> Stream[AppResponse]:
        """Run an application, and read its answer as it comes.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.

        Args:
            app_id: See ``invoke``, as for the other keywords.

        Raises:
            openai.APIError: Zhipu refused it, the application failed, or the stream was cut off.
        """
        return self._stream("/v3/application/invoke", chunk=AppResponse, given=given, root="application")

    @takes(Options)
    def variables(self, app_id: str, **given: Unpack[Options]) -> Envelope[AppVariables]:
        """Say what an application asks for.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.
        """
        return self._call(
            "get",
            path_of("/v2/application/{id}/variables", id=app_id),
            cast_to=Envelope[AppVariables],
            given=given,
            root="application",
        )

    @takes(Options)
    def create_conversation(self, app_id: str, **given: Unpack[Options]) -> Envelope[AppConversation]:
        """Begin a conversation with an application.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.
        """
        return self._call(
            "post",
            path_of("/v2/application/{id}/conversation", id=app_id),
            cast_to=Envelope[AppConversation],
            given=given,
            root="application",
        )

    @takes(AppUploadParams)
    def upload(self, **given: Unpack[AppUploadParams]) -> Envelope[AppUpload]:
        """Give an application a file. It can be used once it is read; see ``file_stat``.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.

        Args:
            app_id: The application.
            file: The file.
            upload_unit_id: The input that it belongs to; needed where the application is no conversation.
            conversation_id: The conversation that it belongs to; needed where it is one.
            file_type: What it is; see FileKind.
        """
        return self._call(
            "post",
            "/v2/application/file_upload",
            cast_to=Envelope[AppUpload],
            given=_without_file(given),
            root="application",
            files={"files": given["file"]},
        )

    @takes(AppFileStatParams)
    def file_stat(self, **given: Unpack[AppFileStatParams]) -> Envelope[AppFileStats]:
        """Say how far files are read.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.

        Args:
            app_id: The application.
            file_ids: The files.
        """
        return self._call(
            "post",
            "/v2/application/file_stat",
            cast_to=Envelope[AppFileStats],
            given=given,
            root="application",
        )

    @takes(AppSliceParams)
    def slice_info(self, **given: Unpack[AppSliceParams]) -> Envelope[AppSlices]:
        """Say where an answer's quotations stand in the documents.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.

        Args:
            request_id: The ``request_id`` of the answer.
            node_id: The step of the application that quoted.
        """
        return self._call(
            "post", "/v2/application/slice_info", cast_to=Envelope[AppSlices], given=given, root="application"
        )

    @takes(Options)
    def suggested_questions(
        self, app_id: str, conversation_id: str, **given: Unpack[Options]
    ) -> Envelope[AppQuestions]:
        """Give questions that may be asked next in a conversation.

        Source: bigmodel.cn OpenAPI, 2026-07-11, which marks it as deprecated. At bigmodel.cn alone.
        """
        return self._call(
            "get",
            path_of("/history_session_record/{app}/{conversation}", app=app_id, conversation=conversation_id),
            cast_to=Envelope[AppQuestions],
            given=given,
            root="application",
        )

    @takes(AppRequestParams)
    def generate_request_id(self, **given: Unpack[AppRequestParams]) -> Envelope[AppRequestId]:
        """Prepare a run of an application of the older kind; ``sse_invoke`` runs it.

        Retired: last listed on 2025-10-01, in no specification of 2026. Refused before it is sent, unless ``force=True``.

        Args:
            app_id: The application.
            conversation_id: The conversation.
            key_value_pairs: What the user gives.
            force: Send the call although it is retired.

        Raises:
            openai.BadRequestError: ``force`` was not given, or Zhipu refused it.
        """
        return self._call(
            "post",
            "/v2/application/generate_request_id",
            cast_to=Envelope[AppRequestId],
            given=_insisted("generate_request_id", given),
            root="application",
        )

    @takes(AppOldRunParams)
    def sse_invoke(self, request_id: str, **given: Unpack[AppOldRunParams]) -> Stream[AppOldEvent]:
        """Run an application of the older kind, and read its answer as it comes.

        Retired: last listed on 2025-10-01, in no specification of 2026. Refused before it is sent, unless ``force=True``.

        Args:
            request_id: What ``generate_request_id`` gave.
            force: Send the call although it is retired.

        Raises:
            openai.BadRequestError: ``force`` was not given.
            openai.APIError: The application reported an error, or the stream was cut off.
        """
        return self._stream(
            path_of("/v2/model-api/{id}/sse-invoke", id=request_id),
            chunk=AppOldEvent,
            given=_insisted("sse_invoke", given),
            root="application",
        )


class AsyncApplications(AsyncZhipuResource):
    """Applications built on Zhipu's platform."""

    @cached_property
    def with_raw_response(self) -> AsyncApplicationsWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncApplicationsWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncApplicationsWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncApplicationsWithStreamingResponse(self)

    @takes(AppInvokeParams)
    async def invoke(self, **given: Unpack[AppInvokeParams]) -> AppResponse:
        """Run an application, and wait for its answer; see Applications.invoke."""
        return await self._call(
            "post", "/v3/application/invoke", cast_to=AppResponse, given=_whole(given), root="application"
        )

    @takes(AppInvokeParams)
    async def stream(self, **given: Unpack[AppInvokeParams]) -> AsyncStream[AppResponse]:
        """Run an application, and read its answer as it comes; see Applications.stream."""
        return await self._stream(
            "/v3/application/invoke", chunk=AppResponse, given=given, root="application"
        )

    @takes(Options)
    async def variables(self, app_id: str, **given: Unpack[Options]) -> Envelope[AppVariables]:
        """Say what an application asks for; see Applications.variables."""
        return await self._call(
            "get",
            path_of("/v2/application/{id}/variables", id=app_id),
            cast_to=Envelope[AppVariables],
            given=given,
            root="application",
        )

    @takes(Options)
    async def create_conversation(self, app_id: str, **given: Unpack[Options]) -> Envelope[AppConversation]:
        """Begin a conversation with an application; see Applications.create_conversation."""
        return await self._call(
            "post",
            path_of("/v2/application/{id}/conversation", id=app_id),
            cast_to=Envelope[AppConversation],
            given=given,
            root="application",
        )

    @takes(AppUploadParams)
    async def upload(self, **given: Unpack[AppUploadParams]) -> Envelope[AppUpload]:
        """Give an application a file. It can be used once it is read; see ``file_stat``; see Applications.upload."""
        return await self._call(
            "post",
            "/v2/application/file_upload",
            cast_to=Envelope[AppUpload],
            given=_without_file(given),
            root="application",
            files={"files": given["file"]},
        )

    @takes(AppFileStatParams)
    async def file_stat(self, **given: Unpack[AppFileStatParams]) -> Envelope[AppFileStats]:
        """Say how far files are read; see Applications.file_stat."""
        return await self._call(
            "post",
            "/v2/application/file_stat",
            cast_to=Envelope[AppFileStats],
            given=given,
            root="application",
        )

    @takes(AppSliceParams)
    async def slice_info(self, **given: Unpack[AppSliceParams]) -> Envelope[AppSlices]:
        """Say where an answer's quotations stand in the documents; see Applications.slice_info."""
        return await self._call(
            "post", "/v2/application/slice_info", cast_to=Envelope[AppSlices], given=given, root="application"
        )

    @takes(Options)
    async def suggested_questions(
        self, app_id: str, conversation_id: str, **given: Unpack[Options]
    ) -> Envelope[AppQuestions]:
        """Give questions that may be asked next in a conversation; see Applications.suggested_questions."""
        return await self._call(
            "get",
            path_of("/history_session_record/{app}/{conversation}", app=app_id, conversation=conversation_id),
            cast_to=Envelope[AppQuestions],
            given=given,
            root="application",
        )

    @takes(AppRequestParams)
    async def generate_request_id(self, **given: Unpack[AppRequestParams]) -> Envelope[AppRequestId]:
        """Prepare a run of an application of the older kind; ``sse_invoke`` runs it; see Applications.generate_request_id."""
        return await self._call(
            "post",
            "/v2/application/generate_request_id",
            cast_to=Envelope[AppRequestId],
            given=_insisted("generate_request_id", given),
            root="application",
        )

    @takes(AppOldRunParams)
    async def sse_invoke(self, request_id: str, **given: Unpack[AppOldRunParams]) -> AsyncStream[AppOldEvent]:
        """Run an application of the older kind, and read its answer as it comes; see Applications.sse_invoke."""
        return await self._stream(
            path_of("/v2/model-api/{id}/sse-invoke", id=request_id),
            chunk=AppOldEvent,
            given=_insisted("sse_invoke", given),
            root="application",
        )


class ApplicationsWithRawResponse:
    """See Applications."""

    def __init__(self, group: Applications) -> None:
        """Wrap the calls of a group."""
        self.invoke = raw(group.invoke)
        self.stream = raw(group.stream)
        self.variables = raw(group.variables)
        self.create_conversation = raw(group.create_conversation)
        self.upload = raw(group.upload)
        self.file_stat = raw(group.file_stat)
        self.slice_info = raw(group.slice_info)
        self.suggested_questions = raw(group.suggested_questions)
        self.generate_request_id = raw(group.generate_request_id)
        self.sse_invoke = raw(group.sse_invoke)


class ApplicationsWithStreamingResponse:
    """See Applications."""

    def __init__(self, group: Applications) -> None:
        """Wrap the calls of a group."""
        self.invoke = streamed(group.invoke)
        self.stream = streamed(group.stream)
        self.variables = streamed(group.variables)
        self.create_conversation = streamed(group.create_conversation)
        self.upload = streamed(group.upload)
        self.file_stat = streamed(group.file_stat)
        self.slice_info = streamed(group.slice_info)
        self.suggested_questions = streamed(group.suggested_questions)
        self.generate_request_id = streamed(group.generate_request_id)
        self.sse_invoke = streamed(group.sse_invoke)


class AsyncApplicationsWithRawResponse:
    """See AsyncApplications."""

    def __init__(self, group: AsyncApplications) -> None:
        """Wrap the calls of a group."""
        self.invoke = async_raw(group.invoke)
        self.stream = async_raw(group.stream)
        self.variables = async_raw(group.variables)
        self.create_conversation = async_raw(group.create_conversation)
        self.upload = async_raw(group.upload)
        self.file_stat = async_raw(group.file_stat)
        self.slice_info = async_raw(group.slice_info)
        self.suggested_questions = async_raw(group.suggested_questions)
        self.generate_request_id = async_raw(group.generate_request_id)
        self.sse_invoke = async_raw(group.sse_invoke)


class AsyncApplicationsWithStreamingResponse:
    """See AsyncApplications."""

    def __init__(self, group: AsyncApplications) -> None:
        """Wrap the calls of a group."""
        self.invoke = async_streamed(group.invoke)
        self.stream = async_streamed(group.stream)
        self.variables = async_streamed(group.variables)
        self.create_conversation = async_streamed(group.create_conversation)
        self.upload = async_streamed(group.upload)
        self.file_stat = async_streamed(group.file_stat)
        self.slice_info = async_streamed(group.slice_info)
        self.suggested_questions = async_streamed(group.suggested_questions)
        self.generate_request_id = async_streamed(group.generate_request_id)
        self.sse_invoke = async_streamed(group.sse_invoke)


def _whole(given: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for no stream; an application answers with one otherwise."""
    return {**given, "stream": False}


def _without_file(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "file"}


def _insisted(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the keywords of a retired call that the caller insists on.

    Raises:
        openai.BadRequestError: The caller does not; nothing is sent.
    """
    if given.get("force") is not True:
        refuse_retired(f"client.zhipu.applications.{name}", _LAST_LISTED, param=None, url=_URL)
    return {key: value for key, value in given.items() if key != "force"}
