"""The table of session fields: what becomes of each one of OpenAI's on its way to Zhipu.

Names are those of the flat session (see ``session``). A field in no row is Zhipu's own, or newer than this
table, and is sent as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

from . import names
from .state import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhipu_openai.adaptation import Kind

    from .state import Event, State

Verdict = Literal["same", "translated", "approximated", "dropped", "refused"]

_ASPEC: Final = ("bigmodel.cn AsyncAPI", date(2026, 7, 11))
_ABSENT: Final = ("not in bigmodel.cn's AsyncAPI", date(2026, 7, 11))
_SDK: Final = ("MetaGLM/glm-realtime-sdk", date(2025, 5, 23))

MOST_OUTPUT: Final = 1024
"""The largest ``max_response_output_tokens``. Source: bigmodel.cn AsyncAPI, 2026-07-11."""

HOTTEST: Final = 1.0
"""The highest temperature. Source: bigmodel.cn AsyncAPI, 2026-07-11; Zhipu's SDK of 2025-05 has 1.2."""

RATES: Final = {16000: "pcm16", 24000: "pcm24"}
"""The words for PCM by its samples per second. Source: bigmodel.cn AsyncAPI, 2026-07-11."""

VAD_SETTINGS: Final = ("threshold", "prefix_padding_ms", "silence_duration_ms")
"""Settings of server_vad that Zhipu's SDKs have (2025-05-23) and its specification has not (2026-07-11)."""


_VAD_OPENAIS: Final = frozenset(
    {"type", "create_response", "interrupt_response", "idle_timeout_ms", "eagerness"}
)


@dataclass(slots=True)
class Draft:
    """A session on its way to Zhipu."""

    session: Event
    state: State

    def note(self, name: str, kind: Kind, detail: str) -> None:
        """Record an adaptation."""
        self.state.note(f"session.{name}", kind, detail)

    def refuse(self, name: str, message: str) -> NoReturn:
        """Refuse the session."""
        refuse(f"session.{name}", message)

    def drop(self, field: Field) -> None:
        """Leave a field out."""
        del self.session[field.name]
        if not field.silent:
            self.note(field.name, "dropped", field.what)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a session.

    ``neutral`` lists the values that ask for nothing, as null does: they are left out without a word.
    ``takes_null`` says that null means something. ``rule`` changes the draft.
    """

    name: str
    verdict: Verdict
    what: str
    source: str
    seen: date
    rule: Callable[[Draft, Any], None] | None = None
    neutral: tuple[Any, ...] = ()
    takes_null: bool = False
    silent: bool = False


def _type(draft: Draft, value: Any) -> None:
    if value not in (None, "realtime"):
        draft.refuse(
            "type",
            "Zhipu's realtime service has no sessions for transcription alone; use client.audio.transcriptions, "
            "or a realtime session, which transcribes what it hears as well.",
        )
    del draft.session["type"]


def _model(draft: Draft, name: Any) -> None:
    if not isinstance(name, str):
        return
    model, exchanged = names.model_for(name, draft.state.aliases)
    draft.session["model"] = model
    if exchanged:
        draft.note("model", "approximated", f"{name} is served by {model}.")


def _modalities(draft: Draft, value: Any) -> None:
    # OpenAI's audio brings a transcript, which Zhipu calls text.
    if isinstance(value, list) and "audio" in value:
        draft.session["modalities"] = ["text", "audio"]


def _voice(draft: Draft, value: Any) -> None:
    if isinstance(value, dict):
        value = value.get("id")
        if value not in names.ZHIPU_VOICES:
            draft.refuse("voice", f"A custom voice of OpenAI's; take one of {', '.join(names.ZHIPU_VOICES)}.")
    draft.session["voice"] = value
    stand_in = names.voice_for(value) if isinstance(value, str) else None
    if stand_in is not None:
        draft.session["voice"] = stand_in
        draft.note("voice", "approximated", f"{value} is spoken by {stand_in}.")


def _format(draft: Draft, value: Any, *, name: str) -> None:
    word = _format_word(draft, name, value)
    if name == "output_audio_format" and word in ("pcm24", "pcm16"):
        if word == "pcm16":
            draft.refuse(name, "Zhipu's audio comes at 24 kHz alone; ask for that rate.")
        word = "pcm"
    draft.session[name] = word


def _format_word(draft: Draft, name: str, value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("type", "audio/pcm") != "audio/pcm":
            draft.refuse(name, f"Zhipu takes and gives PCM, not {value.get('type')}; use audio/pcm.")
        rate = value.get("rate", 24000)
        if rate not in RATES:
            draft.refuse(name, "Zhipu documents PCM at 16000 and 24000 samples per second; use one of them.")
        return RATES[rate]
    if value in ("g711_ulaw", "g711_alaw"):
        draft.refuse(name, f"Zhipu takes and gives PCM, not {value}; use pcm16 (24 kHz).")
    # In OpenAI's beta 16 counts the bits of a sample (at 24 kHz); in Zhipu's word, the kHz.
    return "pcm24" if value == "pcm16" and draft.state.dialect == "beta" else value


def _transcription(draft: Draft, value: Any) -> None:
    del draft.session["input_audio_transcription"]
    asked = value if isinstance(value, dict) else {}
    hints = [name for name in ("language", "prompt") if asked.get(name)]
    detail = "Zhipu transcribes what it hears by itself, with a model of its own"
    draft.note(
        "input_audio_transcription",
        "approximated",
        f"{detail}; {' and '.join(hints)} cannot be given." if hints else f"{detail}.",
    )


def _turn_detection(draft: Draft, value: Any) -> None:
    if value is None:
        draft.session["turn_detection"] = {"type": "client_vad"}
        return
    if not isinstance(value, dict):
        return
    kind = value.get("type", "server_vad")
    if kind == "client_vad":
        return
    if kind == "semantic_vad":
        draft.note("turn_detection", "approximated", "Zhipu detects turns by sound alone (server_vad).")
        kind = "server_vad"
    if value.get("create_response") is False:
        draft.refuse(
            "turn_detection.create_response",
            "Under server_vad Zhipu answers each turn by itself. Set turn_detection to None, commit the audio and "
            "create responses yourself.",
        )
    if value.get("interrupt_response") is False:
        draft.note("turn_detection", "dropped", "Zhipu lets itself be interrupted (interrupt_response).")
    if value.get("idle_timeout_ms") is not None:
        draft.note("turn_detection", "dropped", "Zhipu waits for as long as it takes (idle_timeout_ms).")
    kept = {name: one for name, one in value.items() if name not in _VAD_OPENAIS and one is not None}
    unsure = [name for name in VAD_SETTINGS if name in kept]
    if unsure:
        draft.note(
            "turn_detection",
            "approximated",
            f"{', '.join(unsure)}: in Zhipu's SDKs but not in its specification, so they may have no effect.",
        )
    draft.session["turn_detection"] = {"type": kind, **kept}


def _noise_reduction(draft: Draft, value: Any) -> None:
    if isinstance(value, dict) and "strength" in value:
        draft.session["input_audio_noise_reduction"] = {
            name: one for name, one in value.items() if name != "strength"
        }
        draft.note("input_audio_noise_reduction", "dropped", "Zhipu has no strength of noise reduction.")


def _tools(draft: Draft, value: Any) -> None:
    if not isinstance(value, list):
        return
    made = []
    for tool in value:
        if isinstance(tool, dict) and tool.get("type") == "mcp":
            draft.refuse(
                "tools", "Zhipu's realtime service calls no MCP servers; offer their tools as functions."
            )
        if isinstance(tool, dict) and not tool.get("description"):
            # Required by Zhipu alone.
            tool = {**tool, "description": tool.get("name", "")}  # noqa: PLW2901 - the tool as it is sent
        made.append(tool)
    draft.session["tools"] = made


def _tool_choice(draft: Draft, value: Any) -> None:
    del draft.session["tool_choice"]
    if value == "none":
        draft.session["tools"] = []
        draft.note("tool_choice", "translated", "none: no tools are offered.")
    elif value != "auto":
        draft.note("tool_choice", "dropped", "Zhipu's realtime models choose by themselves.")


def _temperature(draft: Draft, value: Any) -> None:
    if isinstance(value, (int, float)) and value > HOTTEST:
        draft.session["temperature"] = HOTTEST
        draft.note("temperature", "approximated", f"Zhipu's highest is {HOTTEST:g}.")


def _max_tokens(draft: Draft, value: Any) -> None:
    name = "max_response_output_tokens"
    if value == "inf":
        del draft.session[name]
    elif isinstance(value, int):
        if value > MOST_OUTPUT:
            draft.note(name, "approximated", f"Zhipu's most is {MOST_OUTPUT}.")
        draft.session[name] = str(min(value, MOST_OUTPUT))


def _prompt(draft: Draft, _: Any) -> None:
    draft.refuse("prompt", "A prompt stored at OpenAI; write it out in instructions.")


FIELDS: Final[tuple[Field, ...]] = (
    Field("type", "translated", "GA's kind of session; transcription alone is refused.", *_ABSENT, _type),
    Field(
        "model", "translated", "OpenAI's names stand for GLM-Realtime models; others pass.", *_ASPEC, _model
    ),
    Field("instructions", "same", "As it is.", *_ASPEC),
    Field("modalities", "translated", "audio means text and audio.", *_ASPEC, _modalities),
    Field("voice", "approximated", "OpenAI's voices stand for Zhipu's; Zhipu's own pass.", *_ASPEC, _voice),
    Field(
        "input_audio_format",
        "translated",
        "PCM at 24 kHz is pcm24, at 16 kHz pcm16; G.711 is refused; wav passes.",
        *_ASPEC,
        partial(_format, name="input_audio_format"),
    ),
    Field(
        "output_audio_format",
        "translated",
        "PCM at 24 kHz is pcm; G.711 and other rates are refused.",
        *_ASPEC,
        partial(_format, name="output_audio_format"),
    ),
    Field(
        "input_audio_transcription",
        "approximated",
        "Zhipu transcribes by itself.",
        *_ABSENT,
        _transcription,
    ),
    Field("input_audio_noise_reduction", "same", "near_field or far_field.", *_ASPEC, _noise_reduction),
    Field(
        "turn_detection",
        "translated",
        "None is client_vad; semantic_vad becomes server_vad.",
        *_ASPEC,
        _turn_detection,
        takes_null=True,
    ),
    Field(
        "tools",
        "translated",
        "Functions; a description is added where none is. MCP is refused.",
        *_ASPEC,
        _tools,
    ),
    # After tools, which it may take away.
    Field(
        "tool_choice",
        "dropped",
        "auto is what Zhipu does, none offers no tools, any other is not honoured.",
        *_ABSENT,
        _tool_choice,
    ),
    Field("temperature", "approximated", "At most 1.", *_ASPEC, _temperature),
    Field(
        "max_response_output_tokens",
        "translated",
        "A text on Zhipu, at most 1024; inf is left out.",
        *_ASPEC,
        _max_tokens,
    ),
    Field("speed", "dropped", "Zhipu's voices have one speed.", *_ABSENT, neutral=(1,)),
    Field("parallel_tool_calls", "dropped", "Zhipu decides.", *_ABSENT, neutral=(True,)),
    Field("prompt", "refused", "A prompt stored at OpenAI.", *_ABSENT, _prompt),
    Field("reasoning", "dropped", "Zhipu's realtime models do not reason first.", *_ABSENT),
    Field("include", "dropped", "Zhipu gives no log probabilities.", *_ABSENT, neutral=([],)),
    Field("truncation", "dropped", "Zhipu decides what it forgets.", *_ABSENT, neutral=("auto",)),
    Field("tracing", "dropped", "Tracing is shown at OpenAI alone.", *_ABSENT, silent=True),
    Field("client_secret", "dropped", "Zhipu has no ephemeral keys.", *_ABSENT),
)
"""Applied in order."""
