"""Whether and how hard a model thinks: OpenAI's ``reasoning_effort``, Zhipu's ``thinking``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai import catalogue

from .messages import has_reasoning

if TYPE_CHECKING:
    from .draft import Draft

_CAN_BE_OFF: Final = frozenset({"switch", "effort"})
_CAN_KEEP_THOUGHTS: Final = frozenset({"switch", "effort", "always"})


def translate_effort(draft: Draft, effort: Any) -> None:
    """Say ``reasoning_effort`` in the words that the model knows."""
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
        draft.note("reasoning_effort", "translated", mapping.note)


def translate_enable_thinking(draft: Draft, enabled: Any) -> None:
    """Say another vendor's ``enable_thinking`` as Zhipu's ``thinking``; Zhipu ignores the former."""
    del draft.body["enable_thinking"]
    if isinstance(enabled, bool):
        draft.body["thinking"] = {"type": "enabled" if enabled else "disabled", **_given(draft)}
        draft.note("enable_thinking", "translated", "sent as thinking.type.")


def settle_thinking(draft: Draft) -> None:
    """Decide what nobody has said, and what cannot be said to this model."""
    model = draft.model
    if model is None:
        return
    thinking = draft.body.get("thinking")
    if draft.thinks is False and model.thinking in _CAN_BE_OFF and not isinstance(thinking, dict):
        draft.body["thinking"] = thinking = {"type": "disabled"}
        draft.note("thinking", "translated", "off, since the OpenAI model of that name does not reason.")
    if isinstance(thinking, dict) and thinking.get("type") == "disabled" and model.thinking == "always":
        # Asked to stop thinking these models answer 400 (1210).
        rest = {name: value for name, value in thinking.items() if name != "type"}
        draft.body.pop("thinking")
        if rest:
            draft.body["thinking"] = rest
        draft.body.setdefault("reasoning_effort", "low")
        draft.note(
            "thinking", "approximated", f"{model.id} always thinks; the lowest effort is asked for instead."
        )
    _keep_thoughts(draft)


def _keep_thoughts(draft: Draft) -> None:
    """Let a model see what it thought before, when the caller brings it back.

    Without ``clear_thinking: false`` the ordinary endpoint throws it away. An explicit ``clear_thinking``
    in ``extra_body={"thinking": ...}`` wins. Source: docs.bigmodel.cn, thinking mode; recorded traffic of
    api.z.ai, 2026-06-27.
    """
    if (
        draft.model is None
        or draft.model.thinking not in _CAN_KEEP_THOUGHTS
        or not has_reasoning(draft.messages)
    ):
        return
    thinking = _given(draft)
    if thinking.get("type") == "disabled" or "clear_thinking" in thinking:
        return
    if draft.model.thinking in _CAN_BE_OFF:
        thinking.setdefault("type", "enabled")
    draft.body["thinking"] = {**thinking, "clear_thinking": False}
    draft.note(
        "thinking.clear_thinking", "translated", "false, since the history brings reasoning_content back."
    )


def _given(draft: Draft) -> dict[str, Any]:
    thinking = draft.body.get("thinking")
    return dict(thinking) if isinstance(thinking, dict) else {}
