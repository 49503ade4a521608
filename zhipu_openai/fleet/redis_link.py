"""One round with Redis: a short script, run by redis-py.

The libraries with a semaphore on Redis were looked at in November 2026. Those that are well kept (limits,
throttled-py, coredis, redis-py itself) count requests per time or lock for one holder; they have no count of
holders with leases. Those that have one (redis-limiters, async-redis-rate-limiters, py-redis-semaphore) each
lack something needed here: they lose places with a killed worker, go by the clients' clocks, let whoever asks
at the right moment go first, renew from the event loop that a worker may block, or forget who is under way when
Redis restarts. So the connection, its TLS, its authentication and the caching of the script are redis-py's, and
the rule is the script below. Redis runs a script whole, so that no two processes can take one place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from .places import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .places import Round

SCRIPT: Final = """
local holders, queue, queued, numbers, processes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local limit, lease, patience = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local process, settle = ARGV[4], tonumber(ARGV[5])
local keep, back, want = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
if redis.replicate_commands then redis.replicate_commands() end

-- All times are this server's. A lease that is not renewed ends.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', holders, '-inf', now)
redis.call('ZREMRANGEBYSCORE', processes, '-inf', now)
for _, token in ipairs(redis.call('ZRANGEBYSCORE', queued, '-inf', now)) do
  redis.call('ZREM', queue, token)
  redis.call('ZREM', queued, token)
end
redis.call('ZADD', processes, now + lease, process)

local at = 8
for i = at + 1, at + keep do
  -- What is under way counts, also where its lease was lost.
  redis.call('ZADD', holders, now + lease, ARGV[i])
  redis.call('ZREM', queue, ARGV[i])
  redis.call('ZREM', queued, ARGV[i])
end
at = at + keep
for i = at + 1, at + back do
  redis.call('ZREM', holders, ARGV[i])
  redis.call('ZREM', queue, ARGV[i])
  redis.call('ZREM', queued, ARGV[i])
end
at = at + back

-- A server that has just started may have forgotten who is under way: all are to say so first.
local settling = 0
if settle > 0 then
  local info = redis.pcall('INFO', 'server')
  local up = type(info) == 'string' and tonumber(string.match(info, 'uptime_in_seconds:(%d+)'))
  if up and up < settle then settling = 1 end
end

for i = at + 1, at + want do
  if not redis.call('ZSCORE', holders, ARGV[i]) then
    if not redis.call('ZSCORE', queue, ARGV[i]) then
      redis.call('ZADD', queue, redis.call('INCR', numbers), ARGV[i])
    end
    redis.call('ZADD', queued, now + patience, ARGV[i])
  end
end
local free = limit - redis.call('ZCARD', holders)
local next_ones = {}
if free > 0 and settling == 0 then
  for _, token in ipairs(redis.call('ZRANGE', queue, 0, free - 1)) do next_ones[token] = true end
end
local granted, rank = {}, -1
for i = at + 1, at + want do
  local token = ARGV[i]
  if next_ones[token] or redis.call('ZSCORE', holders, token) then
    redis.call('ZADD', holders, now + lease, token)
    redis.call('ZREM', queue, token)
    redis.call('ZREM', queued, token)
    granted[#granted + 1] = token
  elseif rank < 0 then
    rank = redis.call('ZRANK', queue, token)
  end
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 86400000) end
return {settling, redis.call('ZCARD', processes), rank, granted}
"""
"""Renews, gives back, queues and grants. The queue is first come, first served, across processes; one that has
stopped asking loses its turn after ``patience``."""

_KEYS: Final = ("holders", "queue", "queued", "numbers", "processes")


class RedisLink:
    """A connection to Redis, opened at its first use. It belongs to one thread."""

    def __init__(
        self, url: str, *, name: str, process: str, limit: int, lease: float, patience: float, timeout: float
    ) -> None:
        """Keep where and under which name to count, and the times (seconds)."""
        self._url = url
        self._timeout = timeout
        # The braces keep the keys on one node of a cluster.
        self._keys = [f"zhipu-openai:{{{name}}}:{key}" for key in _KEYS]
        self._head = (limit, int(lease * 1000), int(patience * 1000), process)
        self._script: Any = None
        self._client: Any = None

    def round(self, told: Round, settle: int) -> Outcome:
        """Tell Redis, and hear what it grants.

        Args:
            told: What it is told.
            settle: Seconds after its start in which Redis is to grant nothing; 0 not to ask when it started.

        Raises:
            redis.RedisError: Redis cannot be reached, or does not want to.
        """
        if self._script is None:
            self._open()
        counts = (settle, len(told.keep), len(told.back), len(told.want))
        tokens: Sequence[str] = (*told.keep, *told.back, *told.want)
        settling, processes, rank, granted = self._script(self._keys, (*self._head, *counts, *tokens))
        return Outcome(
            granted=tuple(token.decode() if isinstance(token, bytes) else token for token in granted),
            rank=max(0, int(rank)),
            processes=int(processes),
            settling=bool(settling),
        )

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()

    def _open(self) -> None:
        redis = import_module("redis")
        client = redis.Redis.from_url(
            self._url,
            socket_timeout=self._timeout,
            socket_connect_timeout=self._timeout,
            # The caller tries again by itself, and works on meanwhile.
            retry=import_module("redis.retry").Retry(import_module("redis.backoff").NoBackoff(), 0),
            # One connection for good, so that a Redis which restarted is noticed by the connection's end.
            single_connection_client=True,
            client_name="zhipu-openai",
        )
        self._client, self._script = client, client.register_script(SCRIPT)
