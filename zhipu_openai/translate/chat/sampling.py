"""How the answer is drawn: how many, how long, how random, and where it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from zhipu_openai.endpoints import region_of

if TYPE_CHECKING:
    from .draft import Draft

MOST_CHOICES: Final = 128
"""OpenAI's own bound on ``n``."""

STOPS_SENT: Final[dict[str | None, int]] = {"cn": 4, "intl": 1}
"""How many stop words a request may carry: bigmodel.cn's OpenAPI says 4 (2026-07-11), z.ai's reference 1
(2026-08-22). Elsewhere 1, the lower. All of them are looked for in the answer as well."""

STOPS_IN_ROLEPLAY: Final = 1
"""How many charglm-4 and emohaa take. Source: bigmodel.cn OpenAPI, 2026-07-11."""

LEAST_TOP_P: Final = 0.01
"""Source: bigmodel.cn OpenAPI, 2026-07-11. The largest is 1, as for temperature."""

LARGEST_BELOW_ONE: Final = 0.99
"""The largest temperature for models whose documentation had the open interval (0, 1); what the official
SDKs send for 1. Source: zai-org/z-ai-sdk-python, api_resource/chat/completions.py, seen 2026-11-23."""

_DECIMALS: Final = 2
_STEP: Final = 0.01


def translate_n(draft: Draft, count: Any) -> None:
    """Have ``n`` choices gathered from as many requests.

    Raises:
        Refused: It is no whole number from 1 to 128.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_CHOICES:
        draft.refuse("n", f"n must be a whole number from 1 to {MOST_CHOICES}.", code="invalid_value")
    del draft.body["n"]
    draft.plan.choices = count
    draft.note("n", "translated", "sent as that many requests side by side, each billed.")


def translate_max_completion_tokens(draft: Draft, most: Any) -> None:
    """Say ``max_completion_tokens`` as ``max_tokens``; Zhipu ignores the former."""
    del draft.body["max_completion_tokens"]
    if draft.body.get("max_tokens") not in (None, most):
        draft.note("max_tokens", "repaired", "left out: max_completion_tokens is given too, and wins.")
    draft.body["max_tokens"] = _capped(draft, "max_completion_tokens", most)
    draft.note("max_completion_tokens", "translated", "sent as max_tokens.")


def translate_max_tokens(draft: Draft, most: Any) -> None:
    """Keep ``max_tokens`` within what the model writes; more is answered with 400 (1210)."""
    draft.body["max_tokens"] = _capped(draft, "max_tokens", most)


def _capped(draft: Draft, name: str, most: Any) -> Any:
    limit = draft.model.max_output if draft.model is not None else None
    if limit is None or not _is_number(most) or most <= limit:
        return most
    draft.note(name, "approximated", f"{draft.body['model']} writes at most {limit}, which is sent.")
    return limit


def translate_temperature(draft: Draft, value: Any) -> None:
    """Fit ``temperature`` to Zhipu's range; 0 becomes ``do_sample: false`` where 0 was not accepted."""
    if not _is_number(value):
        return
    takes_ends = draft.model is None or draft.model.zero_temperature
    fitted = _fitted(draft, "temperature", value, 0.0, 1.0 if takes_ends else LARGEST_BELOW_ONE)
    if fitted == 0 and not takes_ends:
        del draft.body["temperature"]
        if draft.body.get("do_sample") is None:
            draft.body["do_sample"] = False
        draft.note("temperature", "translated", "0 is sent as do_sample: false.")
        return
    draft.body["temperature"] = fitted


def translate_top_p(draft: Draft, value: Any) -> None:
    """Fit ``top_p`` to Zhipu's range."""
    if _is_number(value):
        draft.body["top_p"] = _fitted(draft, "top_p", value, LEAST_TOP_P, 1.0)


def _fitted(draft: Draft, name: str, value: float, lowest: float, highest: float) -> float:
    """Clamp to Zhipu's range and round to the two decimals that it takes."""
    if lowest <= value <= highest:
        fitted = round(value, _DECIMALS)
        if fitted != value:
            draft.note(name, "repaired", "rounded, since Zhipu takes two decimals at most.")
        return value if fitted == value else fitted
    fitted = lowest if value < lowest else highest
    # A step away is what two decimals cannot tell apart: top_p 0 means 0.01, temperature 1 means 0.99.
    near = lowest - _STEP <= value <= highest + _STEP
    draft.note(
        name,
        "repaired" if near else "approximated",
        f"Zhipu takes {lowest:g} to {highest:g}; the nearest is sent.",
    )
    return fitted


def translate_stop(draft: Draft, stop: Any) -> None:
    """Send ``stop`` as a list; the words that do not fit into a request are looked for in the answer."""
    words = [stop] if isinstance(stop, str) else stop
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return
    words = list(dict.fromkeys(word for word in words if word))
    if not words:
        del draft.body["stop"]
        return
    sent = _stops_sent(draft)
    draft.body["stop"] = words[:sent]
    if len(words) > 1:
        draft.plan.stops = tuple(words)
    if len(words) > sent:
        draft.note(
            "stop", "emulated", "the answer is also cut here: not every stop word fits into a request."
        )


def _stops_sent(draft: Draft) -> int:
    if draft.model is not None and draft.model.kind == "roleplay":
        return STOPS_IN_ROLEPLAY
    return STOPS_SENT.get(region_of(draft.base_url), 1)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
