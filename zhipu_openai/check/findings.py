"""What is found in the code that is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from zhipu_openai.adaptation import CHANGES_MEANING

Kind = Literal[
    "refused",
    "absent",
    "dropped",
    "approximated",
    "emulated",
    "repaired",
    "translated",
    "unknown",
    "elsewhere",
    "note",
]
"""refused: answered with an error before anything is sent. absent: the installed openai has no such thing. dropped,
approximated, emulated, repaired, translated: as the transport records them. unknown: not told by reading. elsewhere:
does not go through zhipu_openai. note: something to do by hand."""

FAILS: Final[frozenset[str]] = frozenset({"refused", "absent"})

ADVICE: Final[dict[str, str]] = {
    "refused": "Change the call; the message says what to use instead.",
    "absent": "Change the code; it does not run on the installed openai either.",
    "dropped": "Take it out, or keep it knowing that it has no effect.",
    "approximated": "Choose a value that GLM takes, or keep what comes nearest.",
    "emulated": "Nothing to do; it takes more requests or checks than with OpenAI.",
    "repaired": "Nothing to do.",
    "translated": "Nothing to do.",
    "unknown": 'Reading does not tell; run it with on_adaptation="error" to see.',
    "elsewhere": "Nothing to do, unless this is to run on GLM too.",
    "note": "See the guide.",
}
"""What to do about a finding of a kind, where its message does not say it."""

MODEL_ADVICE: Final = (
    "Choose another GLM model by its own name, or with model_aliases, if this one does not suit."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is found about a call: the field it is about, of which kind, and a sentence.

    ``certain`` is False where it depends on something that reading does not tell: ``depends_on`` says what.
    """

    kind: Kind
    field: str
    detail: str
    certain: bool = True
    depends_on: Literal["value", "receiver"] | None = None

    @property
    def advice(self) -> str:
        """What to do about it."""
        return MODEL_ADVICE if self.field == "model" and self.kind == "approximated" else ADVICE[self.kind]

    def fails(self, *, strict: bool) -> bool:
        """Whether it fails the check: what is refused does, and if it is strict, whatever may change the meaning."""
        if strict:
            return self.kind in FAILS or self.kind in CHANGES_MEANING
        return self.kind in FAILS and self.certain


@dataclass(frozen=True, slots=True)
class Model:
    """The model that a call asks for, and the one that Zhipu is asked for. None where it is not known."""

    asked: str | None
    sent: str | None


@dataclass(slots=True)
class Call:
    """A place in the code where OpenAI's API, or something that belongs to it, is used.

    ``cell`` is the number of a notebook's cell, counted from 1, in which ``line`` is counted.
    """

    line: int
    column: int
    end_line: int
    operation: str
    route: str | None = None
    certain: bool = True
    model: Model | None = None
    findings: list[Finding] = field(default_factory=list)
    cell: int | None = None


@dataclass(slots=True)
class File:
    """A file that was read: what was found in it, or why it could not be read."""

    path: str
    calls: list[Call] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
