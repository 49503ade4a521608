"""``client.zhipu.voices``: voices for speech, Zhipu's own and cloned ones."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias

from openai import BaseModel
from typing_extensions import TypedDict, Unpack

from ._resource import (
    Absent,
    AsyncZhipuResource,
    Options,
    ZhipuResource,
    async_raw,
    async_streamed,
    raw,
    streamed,
    takes,
)

VoiceType: TypeAlias = Literal["OFFICIAL", "PRIVATE"]


class _Required(TypedDict):
    voice_name: str
    input: str
    file_id: str


class VoiceCloneParams(_Required, Options, total=False):
    """The keywords of ``voices.clone``; see there."""

    model: str | Absent
    text: str | Absent
    request_id: str | Absent


class VoiceListParams(Options, total=False):
    """The keywords of ``voices.list``; see there."""

    voice_name: str | Absent
    voice_type: VoiceType | Absent


class VoiceDeleteParams(Options, total=False):
    """The keywords of ``voices.delete``; see there."""

    request_id: str | Absent


class ClonedVoice(BaseModel):
    """A voice that was made.

    Attributes:
        voice: What to give to ``client.audio.speech.create`` as ``voice``; not the name.
        file_id: The file in which it speaks ``input``, to be listened to.
        file_purpose: That file's purpose.
    """

    voice: str
    file_id: str | None = None
    file_purpose: str | None = None
    request_id: str | None = None


class Voice(BaseModel):
    """A voice that may be used.

    Attributes:
        voice: Its id, which ``client.audio.speech.create`` takes.
        voice_name: Its name.
        voice_type: ``OFFICIAL``, or ``PRIVATE`` for cloned ones.
        download_url: Where it may be listened to.
        create_time: When it was made, on Beijing's clock.
    """

    voice: str
    voice_name: str | None = None
    voice_type: str | None = None
    download_url: str | None = None
    create_time: str | None = None


class VoiceList(BaseModel):
    """The voices."""

    voice_list: list[Voice]


class DeletedVoice(BaseModel):
    """The voice that was deleted, and when."""

    voice: str
    update_time: str | None = None


class Voices(ZhipuResource):
    """Voices for speech."""

    @cached_property
    def with_raw_response(self) -> VoicesWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return VoicesWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> VoicesWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return VoicesWithStreamingResponse(self)

    @takes(VoiceCloneParams)
    def clone(self, **given: Unpack[VoiceCloneParams]) -> ClonedVoice:
        """Make a voice after a sample.

        Source: bigmodel.cn OpenAPI, 2026-07-11. At bigmodel.cn alone. Upload the sample first:
        ``client.files.create(file=..., purpose="voice-clone-input")``, mp3 or wav up to 10 MB, 3 to 30 seconds.

        Args:
            voice_name: A name for it that is not taken yet.
            input: What it shall say in the preview.
            file_id: The sample's file.
            model: ``"glm-tts-clone"``, which is also sent if none is given.
            text: What the sample says.
            request_id: Your own id of the request, 6 to 64 characters.
        """
        return self._call(
            "post",
            "/voice/clone",
            cast_to=ClonedVoice,
            given={**given, "model": given.get("model") or "glm-tts-clone"},
        )

    @takes(VoiceListParams)
    def list(self, **given: Unpack[VoiceListParams]) -> VoiceList:
        """List voices.

        Source: bigmodel.cn OpenAPI, 2026-07-11; recorded traffic, 2026-07.

        Args:
            voice_name: A part of the name.
            voice_type: ``"OFFICIAL"``, or ``"PRIVATE"`` for cloned ones.
        """
        fields = {name: value for name, value in given.items() if name not in ("voice_name", "voice_type")}
        named = {"voiceName": given.get("voice_name"), "voiceType": given.get("voice_type")}
        return self._call("get", "/voice/list", cast_to=VoiceList, given=fields, fields=named)

    @takes(VoiceDeleteParams)
    def delete(self, voice: str, **given: Unpack[VoiceDeleteParams]) -> DeletedVoice:
        """Delete a cloned voice.

        Source: bigmodel.cn OpenAPI, 2026-07-11.

        Args:
            voice: Its id.
            request_id: Your own id of the request, 6 to 64 characters.
        """
        return self._call("post", "/voice/delete", cast_to=DeletedVoice, given=given, fields={"voice": voice})


class AsyncVoices(AsyncZhipuResource):
    """Voices for speech."""

    @cached_property
    def with_raw_response(self) -> AsyncVoicesWithRawResponse:
        """The same calls, answering with the HTTP response."""
        return AsyncVoicesWithRawResponse(self)

    @cached_property
    def with_streaming_response(self) -> AsyncVoicesWithStreamingResponse:
        """The same calls, answering with the HTTP response whose body is read later."""
        return AsyncVoicesWithStreamingResponse(self)

    @takes(VoiceCloneParams)
    async def clone(self, **given: Unpack[VoiceCloneParams]) -> ClonedVoice:
        """Make a voice after a sample; see Voices.clone."""
        return await self._call(
            "post",
            "/voice/clone",
            cast_to=ClonedVoice,
            given={**given, "model": given.get("model") or "glm-tts-clone"},
        )

    @takes(VoiceListParams)
    async def list(self, **given: Unpack[VoiceListParams]) -> VoiceList:
        """List voices; see Voices.list."""
        fields = {name: value for name, value in given.items() if name not in ("voice_name", "voice_type")}
        named = {"voiceName": given.get("voice_name"), "voiceType": given.get("voice_type")}
        return await self._call("get", "/voice/list", cast_to=VoiceList, given=fields, fields=named)

    @takes(VoiceDeleteParams)
    async def delete(self, voice: str, **given: Unpack[VoiceDeleteParams]) -> DeletedVoice:
        """Delete a cloned voice; see Voices.delete."""
        return await self._call(
            "post", "/voice/delete", cast_to=DeletedVoice, given=given, fields={"voice": voice}
        )


class VoicesWithRawResponse:
    """See Voices."""

    def __init__(self, group: Voices) -> None:
        """Wrap the calls of a group."""
        self.clone = raw(group.clone)
        self.list = raw(group.list)
        self.delete = raw(group.delete)


class AsyncVoicesWithRawResponse:
    """See AsyncVoices."""

    def __init__(self, group: AsyncVoices) -> None:
        """Wrap the calls of a group."""
        self.clone = async_raw(group.clone)
        self.list = async_raw(group.list)
        self.delete = async_raw(group.delete)


class VoicesWithStreamingResponse:
    """See Voices."""

    def __init__(self, group: Voices) -> None:
        """Wrap the calls of a group."""
        self.clone = streamed(group.clone)
        self.list = streamed(group.list)
        self.delete = streamed(group.delete)


class AsyncVoicesWithStreamingResponse:
    """See AsyncVoices."""

    def __init__(self, group: AsyncVoices) -> None:
        """Wrap the calls of a group."""
        self.clone = async_streamed(group.clone)
        self.list = async_streamed(group.list)
        self.delete = async_streamed(group.delete)
