"""A limit on requests under way that all processes of an account share, kept in Redis (extra ``redis``)."""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import threading
import warnings
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from zhipu_openai._dotenv import search
from zhipu_openai.adaptation import callers_level
from zhipu_openai.limits import GivenUp

from .keeper import Keeper, Ticket
from .places import Places
from .redis_link import RedisLink

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_GLANCE: Final = 0.05
"""Seconds between two looks at whether a place is still wanted."""

_PATIENCE: Final = 3.0
"""Seconds that a process which has stopped asking keeps its turn."""

_SHORTEST_LEASE: Final = 5.0

URL_VARIABLE: Final = "ZHIPU_REDIS_URL"


class SharedLimitWarning(UserWarning):
    """Redis cannot be reached: this process goes by its share of the limit."""


class RedisPlace:
    """A place under a shared limit."""

    __slots__ = ("_keeper", "_token")

    def __init__(self, keeper: Keeper, token: str) -> None:
        """Keep who has to be told."""
        self._keeper = keeper
        self._token = token

    def give_back(self) -> None:
        """Let another request have the place, of whichever process."""
        self._keeper.give_back(self._token)


@dataclass(frozen=True, slots=True)
class RedisLimiter:
    """At most ``limit`` requests under way, over all processes and machines that use this name in this Redis.

    Zhipu counts the requests that an account has under way, per model. Places go first come, first served. One
    that is held is renewed for as long as its process lives, however long a stream lasts; those of a process that was killed
    are free again when their ``lease`` ends. All times are Redis's own. Limiters that are equal share one
    connection per process. A limiter can be pickled, unless its URL has a password.

    While Redis cannot be reached, each process goes by its share and warns once (SharedLimitWarning); Redis
    takes over by itself when it is back. What was under way is then counted on. A Redis that has just started
    grants nothing for five seconds (with the default ``timeout``), in which all say what they have under way.

    Args:
        url: ``redis://host:port/db``, ``rediss://`` or ``unix://``, as redis-py takes it. By default
            ZHIPU_REDIS_URL, in the environment or in ``.env``, looked up where the limiter is used.
        limit: Requests under way at once, 1 or more.
        name: What they count under: letters, digits and ``-_./@``. By default one that is made from a hash of
            the client's key; give a name where an account has several keys, or where its models have limits
            of their own.
        lease: Seconds after which the places of a process that was killed are free again, 5 or more.
        timeout: Seconds without an answer of Redis, or without a connection, after which it counts as away; so
            the longest that a request is held up by it. More than 0, at most a third of the lease.
        local_limit: Requests under way in each process while Redis is away, 1 or more. By default the limit
            divided by the processes last seen at work, at least 1.

    Raises:
        ImportError: redis-py is not installed.
        ValueError: An argument is out of its range.
    """

    url: str | None = field(default=None, repr=False)
    limit: int = field(kw_only=True)
    name: str | None = field(default=None, kw_only=True)
    lease: float = field(default=15.0, kw_only=True)
    timeout: float = field(default=2.0, kw_only=True)
    local_limit: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Check the arguments."""
        if find_spec("redis") is None:
            raise ImportError('RedisLimiter needs redis-py: pip install "zhipu-openai[redis]"')
        for what, number in (("limit", self.limit), ("local_limit", self.local_limit)):
            if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 1):
                raise ValueError(f"{what} is no whole number of at least 1.")
        if self.lease < _SHORTEST_LEASE:
            raise ValueError(f"lease is less than {_SHORTEST_LEASE:g} seconds.")
        if not 0 < self.timeout <= self.lease / 3:
            raise ValueError("timeout is not more than 0 and at most a third of the lease.")
        if self.name is not None and not re.fullmatch(r"[A-Za-z0-9._/@-]{1,200}", self.name):
            raise ValueError("name has other characters than letters, digits and -_./@, or more than 200.")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the limiter without what is secret.

        Raises:
            TypeError: The URL has a password.
        """
        if self.url is not None and _has_password(self.url):
            raise TypeError(
                "This RedisLimiter is not pickled, because its URL has a password. Leave the URL out, and set "
                f"{URL_VARIABLE} in the environment or the .env of each worker."
            )
        return _restored, (self.url, {name: getattr(self, name) for name in _OPTIONS})

    def for_account(self, account: str | None) -> RedisLimiter:
        """Give the limiter of an account: this one, if it has a name.

        Args:
            account: A name that is made from a hash of the client's key, or None where none can be made.

        Raises:
            ValueError: There is no name to count under, or no URL.
        """
        _url(self.url)
        if self.name is not None:
            return self
        if account is None:
            raise ValueError(
                "RedisLimiter needs a name= here: the key is given by a callable, or is so short that a hash of "
                "it would give it away."
            )
        return replace(self, name=account)

    def acquire(self, unwanted: threading.Event | None = None) -> RedisPlace:
        """Wait for a place, in a thread; see ``zhipu_openai.limits.Limiter``."""
        keeper = self._keeper()
        granted = threading.Event()
        ticket = Ticket(_new_token(), granted.set)
        keeper.ask(ticket)
        try:
            _wait(granted, unwanted)
            return self._place(keeper, ticket)
        except BaseException:
            keeper.give_back(ticket.token)
            raise

    async def acquire_async(self) -> RedisPlace:
        """Wait for a place, in a task; see ``zhipu_openai.limits.Limiter``."""
        keeper = self._keeper()
        wait, wake = _waiting()
        ticket = Ticket(_new_token(), wake)
        keeper.ask(ticket)
        try:
            await wait()
            return self._place(keeper, ticket)
        except BaseException:
            keeper.give_back(ticket.token)
            raise

    def _keeper(self) -> Keeper:
        if self.name is None:
            raise ValueError("RedisLimiter needs a name= where no client gives it one.")
        return _keeper_of(replace(self, url=_url(self.url)))

    def _place(self, keeper: Keeper, ticket: Ticket) -> RedisPlace:
        if ticket.by_share and keeper.news():
            warnings.warn(
                f"Redis cannot be reached ({keeper.why_away}): this process goes by its share of the limit until "
                "it can.",
                SharedLimitWarning,
                stacklevel=callers_level(),
            )
        return RedisPlace(keeper, ticket.token)


_OPTIONS: Final = ("limit", "name", "lease", "timeout", "local_limit")


def _restored(url: str | None, options: dict[str, Any]) -> RedisLimiter:
    return RedisLimiter(url, **options)


def _has_password(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.password) or "password" in parse_qs(parts.query)


def _url(given: str | None) -> str:
    if given is not None:
        return given
    found = os.environ.get(URL_VARIABLE)
    if not found:
        dotenv = search().dotenv
        found = None if dotenv is None else dotenv.values.get(URL_VARIABLE)
    if not found:
        raise ValueError(
            f"RedisLimiter has no address of Redis: give a URL, or set {URL_VARIABLE} in the environment or in .env."
        )
    return found.strip().strip("\"'")


def _wait(granted: threading.Event, unwanted: threading.Event | None) -> None:
    while not granted.wait(None if unwanted is None else _GLANCE):
        if unwanted is not None and unwanted.is_set():
            raise GivenUp


_process = token_hex(8)
_numbers = count()
_keepers: dict[RedisLimiter, Keeper] = {}
_lock = threading.Lock()


def _new_token() -> str:
    return f"{_process}-{next(_numbers)}"


def _keeper_of(limiter: RedisLimiter) -> Keeper:
    """Give the keeper of a limiter whose URL and name are known; equal limiters have one between them."""
    keeper = _keepers.get(limiter)
    if keeper is None:
        with _lock:
            keeper = _keepers.get(limiter)
            if keeper is None:
                # Imported before its first answer is waited for: that may take long on a busy machine.
                import_module("redis")
                link = RedisLink(
                    limiter.url or "",
                    name=limiter.name or "",
                    process=_process,
                    limit=limiter.limit,
                    lease=limiter.lease,
                    patience=max(_PATIENCE, 2 * limiter.timeout),
                    timeout=limiter.timeout,
                )
                places = Places(limiter.limit, limiter.local_limit)
                keeper = _keepers[limiter] = Keeper(places, link, timeout=limiter.timeout)
    return keeper


def _close_all() -> None:
    """Give back what a process that ends still has, rather than let the leases end it."""
    for keeper in _keepers.values():
        keeper.close()


def _begin_anew() -> None:
    """Know nothing, in a fork, of what its parent has under way, nor of its threads and connections."""
    global _process, _lock
    _process, _lock = token_hex(8), threading.Lock()
    _keepers.clear()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def _waiting() -> tuple[Callable[[], Awaitable[object]], Callable[[], object]]:
    """Give what waits on the current event loop, and what wakes it from another thread."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return _waiting_elsewhere()
    future: asyncio.Future[None] = loop.create_future()

    def resolve() -> None:
        if not future.done():
            future.set_result(None)

    async def wait() -> None:
        await future

    return wait, lambda: loop.call_soon_threadsafe(resolve)


def _waiting_elsewhere() -> tuple[Callable[[], Awaitable[object]], Callable[[], object]]:
    """Wait on an event loop that is not asyncio's, which only looks now and then."""
    granted = threading.Event()

    async def wait() -> None:
        from anyio import sleep  # noqa: PLC0415 - openai brings it; needed only here

        while not granted.is_set():  # noqa: ASYNC110 - set from a thread, which anyio's events are not
            await sleep(_GLANCE / 2)

    return wait, granted.set
