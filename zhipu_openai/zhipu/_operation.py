"""What a row of ``operations`` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from zhipu_openai.endpoints import Region, RootName

State = Literal["live", "undocumented", "deprecated", "retired"]
"""live: in the official specification. undocumented: served, in no specification. deprecated: marked so by
Zhipu. retired: gone from the specification; kept for accounts that still have it."""

Proof = Literal["captured", "official", "standin", "none"]
"""captured: recorded traffic of this operation was compared. official: request and answer hold to the official
specification. standin: known from guides and SDKs alone, and tried on the stand-in. none: not tried."""


@dataclass(frozen=True, slots=True)
class Ends:
    """How a stream of events says that it is over; beside this, ``data: [DONE]`` always ends one.

    Attributes:
        field: The field of an event's data that says so, ``a.0.b`` for one further below; empty where the
            event's own name does.
        done: Its values at the end.
        failed: Its values where the work has failed.
    """

    field: str = ""
    done: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry of the platform's API reference.

    Attributes:
        name: What the reference calls it, in English.
        method: The HTTP method.
        path: The path below its root; ``{id}`` stands for one segment.
        call: The call that serves it.
        regions: The sites that have it.
        state: Whether it may be built on.
        proof: How it is proven.
        source: Where the facts are from.
        seen: When they were read there.
        root: Which of Zhipu's roots; None for the base URL.
        needs: The fields without which an answer is none.
        fails: The values of ``status`` with which an answer reports a failure; not for jobs, whose failure is
            an answer.
        ends: How its streams end, if it has streams.
        streams: Whether it answers with a stream always, not only where ``stream`` asks for one.
        since: Year and month of the earliest evidence at hand; it may be older.
        note: What else a user should know.
    """

    name: str
    method: str
    path: str
    call: str
    regions: tuple[Region, ...]
    state: State
    proof: Proof
    source: str
    seen: date
    root: RootName | None = None
    needs: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    ends: Ends = Ends()
    streams: bool = False
    since: str = "2026-07"
    note: str = ""
