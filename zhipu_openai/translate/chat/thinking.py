"""Whether and how hard a model thinks: OpenAI's ``reasoning_effort``, Zhipu's ``thinking``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import catalogue

from .messages import has_reasoning

if TYPE_CHECKING:
    from zhipu_openai.catalogue import EffortMapping

    from .draft import Draft

_CAN_BE_OFF: Final = frozenset({"switch", "effort"})
_CAN_KEEP_THOUGHTS: Final = frozenset({"switch", "effort", "always"})


def translate_effort(draft: Draft, effort: Any) -> None:
    """Say ``reasoning_effort`` in the words that the model knows; ``thinking`` as the caller gave it wins."""
    draft.thinks = None
    if draft.model is None or not isinstance(effort, str):
        return
    mapping = catalogue.effort_for(draft.model, effort)
    if mapping.effort is None:
        del draft.body["reasoning_effort"]
    else:
        draft.body["reasoning_effort"] = mapping.effort
    if mapping.thinking is not None:
        draft.body["thinking"] = {"type": mapping.thinking, **_given(draft)}
    if not mapping.exact:
        draft.note("reasoning_effort", "approximated", mapping.note)
    elif mapping.effort != effort:
        draft.note("reasoning_effort", "translated", _what_is_sent(mapping))


def _what_is_sent(mapping: EffortMapping) -> str:
    if mapping.effort is not None:
        return f"sent as {mapping.effort}."
    if mapping.thinking is not None:
        return f"sent as thinking.type {mapping.thinking}."
    return "left out, since the model does not think."


def translate_enable_thinking(draft: Draft, enabled: Any) -> None:
    """Say another vendor's ``enable_thinking`` as Zhipu's ``thinking``; Zhipu ignores the former.

    Source: earendil-works/pi#2025.
    """
    del draft.body["enable_thinking"]
    if not isinstance(enabled, bool):
        return
    if draft.model is not None and draft.model.thinking == "none":
        # Models that do not think were reported to answer with empty streams when told to.
        if enabled:
            draft.note("enable_thinking", "dropped", f"{draft.model.id} does not think.")
        return
    draft.body["thinking"] = {"type": "enabled" if enabled else "disabled", **_given(draft)}
    draft.note("enable_thinking", "translated", "sent as thinking.type.")


def settle_thinking(draft: Draft) -> None:
    """Decide what nobody has said, and what cannot be said to this model."""
    model = draft.model
    if model is None:
        return
    if draft.thinks is False and model.thinking in _CAN_BE_OFF and draft.body.get("thinking") is None:
        # To say nothing means on.
        draft.body["thinking"] = {"type": "disabled"}
        draft.note("thinking", "translated", "off, since the OpenAI model of that name does not reason.")
    if _given(draft).get("type") == "disabled":
        if model.thinking == "always":
            _stay_thinking(draft, model.id)
        elif model.thinking == "tagged":
            draft.note("thinking", "approximated", f"{model.id} always thinks, whatever it is told.")
    _keep_thoughts(draft)


def _stay_thinking(draft: Draft, model_id: str) -> None:
    """Ask for little thinking where a request to stop it would be answered with 400 (1210)."""
    rest = {name: value for name, value in _given(draft).items() if name != "type"}
    del draft.body["thinking"]
    if rest:
        draft.body["thinking"] = rest
    if draft.body.get("reasoning_effort") is None:
        draft.body["reasoning_effort"] = "low"
    draft.note(
        "thinking",
        "approximated",
        f"{model_id} always thinks; the lowest effort is asked for, unless the request names another.",
    )


def _keep_thoughts(draft: Draft) -> None:
    """Let a model see what it thought before, when the caller brings it back.

    Without ``clear_thinking: false`` the ordinary endpoint throws it away. An explicit ``clear_thinking``
    in ``extra_body={"thinking": ...}`` wins. ``type`` need not stand beside it. Source: docs.bigmodel.cn,
    thinking mode; recorded traffic of api.z.ai, 2026-06-27.
    """
    if (
        draft.model is None
        or draft.model.thinking not in _CAN_KEEP_THOUGHTS
        or not has_reasoning(draft.messages)
        or not isinstance(draft.body.get("thinking"), dict | None)
    ):
        return
    thinking = _given(draft)
    if thinking.get("type") == "disabled" or "clear_thinking" in thinking:
        return
    draft.body["thinking"] = {**thinking, "clear_thinking": False}
    draft.note(
        "thinking.clear_thinking", "translated", "false, since the history brings reasoning_content back."
    )


def _given(draft: Draft) -> dict[str, Any]:
    thinking = draft.body.get("thinking")
    return dict(thinking) if isinstance(thinking, dict) else {}
