"""What becomes of one call: openai itself makes the request, the boundary and its translation take it, nothing is sent.

So openai says which path a method goes to and how its arguments are written, and the translation that would serve
the request says what it does to it. Neither is described here a second time.
"""

from __future__ import annotations

import inspect
import re
import warnings
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import openai

from zhipu_openai import routes
from zhipu_openai.boundary import Boundary, Config, Translation
from zhipu_openai.exchange import Passage, Reply, Send, SendAll, StreamPlan
from zhipu_openai.library import openai_library
from zhipu_openai.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhipu_openai.adaptation import Adaptation
    from zhipu_openai.exchange import Result, Step
    from zhipu_openai.routes import Route
    from zhipu_openai.settings import ResponsesMode

_UNEXPECTED: Final = re.compile(r"unexpected keyword argument '(\w+)'")

_WRAPPERS: Final = frozenset({"with_raw_response", "with_streaming_response"})

_OF_THE_MOMENT: Final = frozenset({"file_not_held", "video_not_ready"})
"""Codes of refusals that depend on what was done before, which reading does not tell."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where the calls go, as far as the translation depends on it."""

    base_url: str
    model_aliases: Mapping[str, str] = field(default_factory=dict)
    responses: ResponsesMode = "auto"


@dataclass(slots=True)
class Outcome:
    """What became of a call.

    Attributes:
        method: Of the request that openai makes; empty if it makes none.
        path: Of that request, relative to the base URL.
        route: The row of the map that the request finds, None for one of Zhipu's own.
        entries: What the translation records.
        refusal: OpenAI's error object, where the request is refused before anything is sent.
        model: The model that Zhipu is asked for; None if the request names none.
        unexpected: The argument that openai's method does not have.
        problem: Why openai makes no request of it.
    """

    method: str = ""
    path: str = ""
    route: Route | None = None
    entries: list[Adaptation] = field(default_factory=list)
    refusal: dict[str, Any] | None = None
    model: str | None = None
    unexpected: str | None = None
    problem: str | None = None


class _Captured(BaseException):
    """Stops openai where it would send. No Exception, so that nothing on the way takes it for a failure to try again."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


def _capture(request: Any) -> Any:
    raise _Captured(request)


class Probe:
    """Asks what becomes of calls that go to one place."""

    def __init__(self, where: Where) -> None:
        """Make the client that captures, and the boundary."""
        library = openai_library().module
        self._client = openai.OpenAI(
            base_url=where.base_url,
            max_retries=0,
            http_client=library.Client(transport=library.MockTransport(_capture)),
            **_keys(),
        )
        self._where = where

    def method(self, path: tuple[str, ...]) -> Any:
        """Find a method of openai's client, None if it has none of that name."""
        return _reach(self._client, path)

    def ask(self, path: tuple[str, ...], arguments: Mapping[str, Any]) -> Outcome:
        """Find out what becomes of a call.

        Args:
            path: The method, from the client on.
            arguments: What it is given.
        """
        request, outcome = self._request(path, arguments)
        if request is None:
            return outcome
        boundary = Boundary(
            Config(
                base_url=self._where.base_url,
                policy="ignore",
                model_aliases=self._where.model_aliases,
                responses=self._where.responses,
                memory=Memory(),
            )
        )
        target = boundary.locate(str(request.url))
        outcome.method, outcome.path = request.method, target.path
        outcome.route = routes.match(request.method, target.path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        opened = boundary.open(request.method, target, request.read(), headers)
        if isinstance(opened, Reply):
            _note_refusal(outcome, opened)
        elif isinstance(opened, Translation):
            self._translate(opened, outcome)
        return outcome

    def _translate(self, work: Translation, outcome: Outcome) -> None:
        try:
            step = work.advance(None)
        finally:
            work.operation.close()
        outcome.entries = list(work.call.ledger.entries)
        if isinstance(step, Reply):
            _note_refusal(outcome, step)
        outcome.model = _model_of(step)

    def _request(self, path: tuple[str, ...], arguments: Mapping[str, Any]) -> tuple[Any, Outcome]:
        method = self.method(path)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = method(**arguments)
                if isinstance(result, AbstractContextManager):
                    with result:
                        pass
        except _Captured as captured:
            return captured.request, Outcome()
        except TypeError as error:
            named = _UNEXPECTED.search(str(error))
            return None, Outcome(unexpected=named[1] if named else None, problem=str(error))
        except Exception as error:  # noqa: BLE001 - whatever openai makes of the arguments, it made no request
            return None, Outcome(problem=f"{type(error).__name__}: {error}")
        return None, Outcome(problem="no request is made")


def bare(path: tuple[str, ...]) -> tuple[str, ...]:
    """Give the method without the words that only say how its answer is wanted."""
    return tuple(one for one in path if one not in _WRAPPERS)


def parameters(method: Any) -> dict[str, inspect.Parameter]:
    """Give the parameters of a method of openai's."""
    return _parameters(getattr(method, "__func__", method))


@lru_cache(maxsize=1024)
def _parameters(function: Any) -> dict[str, inspect.Parameter]:
    try:
        given = dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {}
    given.pop("self", None)
    return given


def _keys() -> dict[str, Any]:
    known = inspect.signature(openai.OpenAI).parameters
    return {name: "placeholder" for name in ("api_key", "admin_api_key") if name in known}


def _reach(client: Any, path: tuple[str, ...]) -> Any:
    found = client
    for name in path:
        if name.startswith("_"):
            return None
        try:
            found = getattr(found, name, None)
        except Exception:  # noqa: BLE001 - a name that is there and cannot be used is not what is meant
            return None
        if found is None:
            return None
    return found if callable(found) else None


def _note_refusal(outcome: Outcome, reply: Reply) -> None:
    if reply.error is None:
        return
    error = reply.error.body.get("error", {})
    code = str(error.get("code"))
    if reply.status == 400 and not code.endswith("not_found") and code not in _OF_THE_MOMENT:  # noqa: PLR2004 - HTTP's
        outcome.refusal = error


def _model_of(step: Step | Result) -> str | None:
    """Find the model that the first request names."""
    while not isinstance(step, Send):
        if isinstance(step, SendAll):
            step = step.sends[0]
        elif isinstance(step, StreamPlan):
            step = step.branches[0].send
        elif isinstance(step, Passage):
            step = step.send
        else:
            return None
    named = (step.body or {}).get("model") if step.form is None else step.form.get("model")
    return named if isinstance(named, str) else None
