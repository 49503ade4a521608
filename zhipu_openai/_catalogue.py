"""Zhipu's chat models: what each takes, how much, and how its thinking is controlled. Data only.

Where Zhipu's documentation and its gateway disagree, the gateway's answer stands and a comment says so.
Where nothing measured settles it, the row holds the value that is safe either way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

Kind = Literal["text", "vision", "audio", "roleplay", "code", "agent"]
"""What a model is for."""

Thinking = Literal["none", "switch", "effort", "always", "tagged"]
"""How a model's thinking is controlled.

``none``: it does not think. ``switch``: ``thinking.type`` is honoured, ``reasoning_effort`` has no effect.
``effort``: the switch and ``reasoning_effort``. ``always``: it cannot be turned off, the effort is
``low``, ``high`` or ``max``. ``tagged``: it cannot be turned off, and the thoughts stand between
``<think>`` and ``</think>`` in ``content``.
"""

Status = Literal["listed", "callable", "documented", "retired"]
"""``listed``: in ``GET /models``. ``callable``: not listed, but answered when probed. ``documented``: in
current documentation, not seen answering. ``retired``: gone from the documentation; Zhipu may still
answer or route such an id to a newer model.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of Zhipu's, as known on the day `seen`.

    The flags default to what is true of a model of which nothing is known: False means that there is no
    evidence for a feature, not that Zhipu refuses it.

    Attributes:
        id: The name on the wire, lower case.
        kind: What the model is for.
        context: Size of the context window in tokens; None if not published.
        max_output: Largest accepted `max_tokens`; None if not published. More is answered with 400.
        default_output: `max_tokens` that applies when none is sent; None if not published or computed.
        inputs: What a message may contain: "text", "image", "video", "file", "audio".
        thinking: How thinking is controlled.
        tools: Function calling is documented or was seen.
        tool_stream: `tool_stream` (arguments arrive in pieces) is documented: text models from 4.6 on, and
            the page of glm-5.3-flash.
        json_mode: `response_format: {"type": "json_object"}` is documented or was measured.
        zero_temperature: Temperature 0 may be sent as it is. False for the GLM-4 line, whose
            documentation had the open interval (0, 1): `do_sample: false` says the same and is safe.
        box_tokens: Answers may contain ``<|begin_of_box|>`` and ``<|end_of_box|>``.
        think_tags: Answers may contain ``<think>`` and ``</think>`` in `content`.
        status: How sure it is that the model can be called.
        successor: Id to move to. Zhipu's own advice where it gave one, else the nearest current model.
        retired_on: Day of retirement that Zhipu announced; None if it announced none.
        released: Day of the `created` stamp in `GET /models`, Beijing time; None if no stamp was recorded.
        source: Where the row is from.
        seen: Day on which the source was true.
    """

    id: str
    kind: Kind
    context: int | None
    max_output: int | None
    default_output: int | None = None
    inputs: frozenset[str]
    thinking: Thinking = "none"
    tools: bool = False
    tool_stream: bool = False
    json_mode: bool = False
    zero_temperature: bool = False
    box_tokens: bool = False
    think_tags: bool = False
    status: Status
    successor: str | None = None
    retired_on: date | None = None
    released: date | None = None
    source: str
    seen: date

    @property
    def takes_images(self) -> bool:
        """Whether a message may contain images."""
        return "image" in self.inputs

    @property
    def can_stop_thinking(self) -> bool:
        """Whether the model answers without thinking, or can be told to."""
        return self.thinking in {"none", "switch", "effort"}


# Zhipu writes 1M, 200K, 128K; the gateway's own figures (1048576, 204800, 131072) show that K is 1024.
_K: Final = 1024
_M: Final = 1024 * 1024

_TEXT: Final = frozenset({"text"})
_IMAGE: Final = frozenset({"text", "image"})
_VIDEO: Final = frozenset({"text", "image", "video"})
_FILE: Final = frozenset({"text", "image", "video", "file"})
_AUDIO: Final = frozenset({"text", "audio"})

_PROBED: Final = "docs.bigmodel.cn, and probes of open.bigmodel.cn (RarogCmex/pi-bigmodel evidence)"
_PROBED_ON: Final = date(2026, 10, 9)
_SPEC: Final = "docs.bigmodel.cn, OpenAPI and model overview"
_SPEC_ON: Final = date(2026, 7, 11)
_ZAI_SPEC: Final = "docs.z.ai, OpenAPI"
_ZAI_SPEC_ON: Final = date(2026, 8, 22)
_GONE: Final = "docs.bigmodel.cn of 2025; no longer in its OpenAPI"

# Largest `max_tokens` below are the bounds that the gateway printed when 99999999 was sent.
_GLM_5_3: Final = Model(
    id="glm-5.3",
    kind="text",
    context=_M,
    max_output=128 * _K,
    default_output=64 * _K,
    inputs=_TEXT,
    thinking="always",
    tools=True,
    tool_stream=True,
    json_mode=True,
    zero_temperature=True,
    status="listed",
    source=_PROBED,
    seen=_PROBED_ON,
)
# `response_format` is documented for text models only, but JSON mode was measured on glm-5.3-flash
# (hugalafutro/model-hotel#896, 2026-09-03). Nothing was measured on glm-5.3-flashx.
_GLM_5_3_FLASH: Final = replace(_GLM_5_3, id="glm-5.3-flash", kind="vision", inputs=_FILE)
_GLM_5_2: Final = replace(_GLM_5_3, id="glm-5.2", thinking="effort", released=date(2026, 6, 17))
_GLM_5_1: Final = replace(
    _GLM_5_3, id="glm-5.1", context=200 * _K, thinking="switch", released=date(2026, 3, 27)
)
# The documentation calls glm-4.7 and glm-4.5v always thinking; the gateway honoured "disabled" (0 reasoning
# tokens).
_GLM_4_7_FLASH: Final = replace(_GLM_5_1, id="glm-4.7-flash", status="callable", released=None)
# The documentation gives 98304 for glm-4.5; the gateway takes 131072.
_GLM_4_5: Final = replace(
    _GLM_5_1,
    id="glm-4.5",
    context=128 * _K,
    tool_stream=False,
    successor="glm-4.7",
    released=date(2025, 7, 28),
)
_GLM_4_5_AIR: Final = replace(_GLM_4_5, id="glm-4.5-air", max_output=96 * _K, successor=None)
_GLM_4_5_FLASH: Final = replace(_GLM_4_5_AIR, id="glm-4.5-flash", status="callable", released=None)
_GLM_4_6V: Final = Model(
    id="glm-4.6v",
    kind="vision",
    context=128 * _K,
    max_output=32 * _K,
    default_output=16 * _K,
    inputs=_FILE,
    thinking="switch",
    tools=True,
    zero_temperature=True,
    # Reported from open.bigmodel.cn in zai-org/Open-AutoGLM#60.
    box_tokens=True,
    status="callable",
    source=_PROBED,
    seen=_PROBED_ON,
)
# The documentation gives 32768 for -thinking-flash; the gateway takes 16384.
_GLM_4_1V: Final = replace(
    _GLM_4_6V,
    id="glm-4.1v-thinking-flash",
    context=64 * _K,
    max_output=16 * _K,
    inputs=_VIDEO,
    thinking="tagged",
    tools=False,
    zero_temperature=False,
    think_tags=True,
)
# The documentation gives 32768 as default and largest value; the gateway takes 16384.
_GLM_4_FLASH_250414: Final = Model(
    id="glm-4-flash-250414",
    kind="text",
    context=128 * _K,
    max_output=16 * _K,
    default_output=16 * _K,
    inputs=_TEXT,
    tools=True,
    json_mode=True,
    status="callable",
    source=_PROBED,
    seen=_PROBED_ON,
)
_GLM_4_PLUS: Final = Model(
    id="glm-4-plus",
    kind="text",
    context=128 * _K,
    max_output=4095,
    inputs=_TEXT,
    tools=True,
    json_mode=True,
    status="retired",
    successor="glm-4.7",
    source=_GONE,
    seen=_SPEC_ON,
)
# The model page gives 32K of output, dify's model file 30720: the smaller is accepted either way.
_GLM_Z1_AIR: Final = replace(
    _GLM_4_PLUS,
    id="glm-z1-air",
    max_output=30 * _K,
    thinking="tagged",
    think_tags=True,
    tools=False,
    json_mode=False,
    successor="glm-4.5-air",
    retired_on=date(2025, 11, 15),
)
_CHARGLM_4: Final = Model(
    id="charglm-4",
    kind="roleplay",
    context=8 * _K,
    max_output=4 * _K,
    default_output=_K,
    inputs=_TEXT,
    status="documented",
    source=_SPEC,
    seen=_SPEC_ON,
)
# Nothing is published about its thinking.
_AUTOGLM_PHONE: Final = Model(
    id="autoglm-phone",
    kind="agent",
    context=20 * _K,
    max_output=2048,
    inputs=_IMAGE,
    tools=True,
    zero_temperature=True,
    status="callable",
    source=_PROBED,
    seen=_PROBED_ON,
)

ROWS: Final[tuple[Model, ...]] = (
    _GLM_5_3,
    _GLM_5_3_FLASH,
    replace(_GLM_5_3_FLASH, id="glm-5.3-flashx", json_mode=False),
    _GLM_5_2,
    _GLM_5_1,
    replace(_GLM_5_1, id="glm-5", released=date(2026, 2, 11)),
    replace(_GLM_5_1, id="glm-5-turbo", released=date(2026, 3, 15)),
    # The list of models that take `tools` leaves glm-5v-turbo out; its own description credits it with them.
    replace(
        _GLM_5_1,
        id="glm-5v-turbo",
        kind="vision",
        inputs=_FILE,
        tool_stream=False,
        json_mode=False,
        status="callable",
        released=None,
    ),
    replace(_GLM_5_1, id="glm-4.7", released=date(2025, 12, 22)),
    _GLM_4_7_FLASH,
    replace(_GLM_4_7_FLASH, id="glm-4.7-flashx"),
    replace(_GLM_5_1, id="glm-4.6", released=date(2025, 10, 1)),
    _GLM_4_6V,
    replace(_GLM_4_6V, id="glm-4.6v-flash"),
    replace(_GLM_4_6V, id="glm-4.6v-flashx"),
    _GLM_4_5,
    # Named in the z.ai specification; docs.bigmodel.cn announces its end and recommends glm-4.7.
    replace(
        _GLM_4_5,
        id="glm-4.5-x",
        max_output=96 * _K,
        status="documented",
        released=None,
        source=_ZAI_SPEC,
        seen=_ZAI_SPEC_ON,
    ),
    _GLM_4_5_AIR,
    replace(_GLM_4_5_FLASH, id="glm-4.5-airx"),
    # Marked as about to go, without a date.
    replace(_GLM_4_5_FLASH, successor="glm-4.7-flash"),
    replace(
        _GLM_4_6V,
        id="glm-4.5v",
        context=64 * _K,
        max_output=16 * _K,
        tools=False,
        think_tags=True,
        successor="glm-4.6v",
    ),
    _GLM_4_1V,
    replace(_GLM_4_1V, id="glm-4.1v-thinking-flashx"),
    _GLM_4_FLASH_250414,
    replace(_GLM_4_FLASH_250414, id="glm-4-flashx-250414"),
    replace(_GLM_4_FLASH_250414, id="glm-4-long", context=_M, max_output=4095, default_output=None),
    replace(
        _GLM_4_FLASH_250414,
        id="glm-4-32b-0414-128k",
        default_output=None,
        status="documented",
        source=_ZAI_SPEC,
        seen=_ZAI_SPEC_ON,
    ),
    # One image a message, by URL only.
    replace(
        _GLM_4_FLASH_250414,
        id="glm-4v-flash",
        kind="vision",
        context=16 * _K,
        max_output=_K,
        default_output=_K,
        inputs=_IMAGE,
        tools=False,
        json_mode=False,
    ),
    replace(_CHARGLM_4, id="glm-4-voice", kind="audio", inputs=_AUDIO),
    _CHARGLM_4,
    replace(_CHARGLM_4, id="emohaa"),
    replace(
        _CHARGLM_4,
        id="codegeex-4",
        kind="code",
        context=128 * _K,
        max_output=32 * _K,
        default_output=None,
        source="docs.bigmodel.cn, model overview",
        seen=_PROBED_ON,
    ),
    # The specification gives 4K of output; the gateway takes 2048.
    _AUTOGLM_PHONE,
    replace(
        _AUTOGLM_PHONE,
        id="autoglm-phone-multilingual",
        status="documented",
        source=_ZAI_SPEC,
        seen=_ZAI_SPEC_ON,
    ),
    _GLM_4_PLUS,
    replace(_GLM_4_PLUS, id="glm-4"),
    replace(_GLM_4_PLUS, id="glm-4-0520", retired_on=date(2025, 12, 30)),
    replace(_GLM_4_PLUS, id="glm-4-air", successor="glm-4.5-air"),
    # One page gives 16384, another counts it among those with 4095: the smaller is accepted either way.
    replace(_GLM_4_PLUS, id="glm-4-air-250414", successor="glm-4.5-air"),
    replace(_GLM_4_PLUS, id="glm-4-airx", context=8 * _K, successor="glm-4.5-air"),
    # Still answered under its own id on 2026-05-13.
    replace(_GLM_4_PLUS, id="glm-4-flash", successor="glm-4-flash-250414"),
    replace(_GLM_4_PLUS, id="glm-4-flashx", successor="glm-4-flashx-250414"),
    # An older page gives the context less the input as the largest output.
    replace(
        _GLM_4_PLUS,
        id="glm-4v-plus-0111",
        kind="vision",
        context=16 * _K,
        max_output=8 * _K,
        default_output=_K,
        inputs=_VIDEO,
        tools=False,
        json_mode=False,
        successor="glm-4.6v",
    ),
    _GLM_Z1_AIR,
    # The model page gives 128K for all of the line, dify's model file 32K for this one.
    replace(_GLM_Z1_AIR, id="glm-z1-airx", context=32 * _K),
    replace(_GLM_Z1_AIR, id="glm-z1-flash", successor="glm-4.7-flash"),
    replace(_GLM_Z1_AIR, id="glm-z1-flashx", successor="glm-4.7-flashx"),
    replace(
        _GLM_4_PLUS,
        id="glm-4-alltools",
        kind="agent",
        context=None,
        max_output=None,
        json_mode=False,
        source="model constants of zai-org/z-ai-sdk-java; no longer documented",
    ),
)
