"""More than one process or machine on one account: a limit they share, and clients made where they are used."""

from .client_settings import ClientSettings
from .redis_limiter import RedisLimiter, SharedLimitWarning

__all__ = ["ClientSettings", "RedisLimiter", "SharedLimitWarning"]
