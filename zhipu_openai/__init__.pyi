# What `import zhipu_openai as openai` offers to type checkers and editors. At run time _mirror.py gives these
# names, and every other one that the installed openai has; the lists here are those of the newest openai.
# A star import of openai would be shorter, but mypy would then keep openai's clients over ours.

from collections.abc import Callable, Mapping
from typing import Any, Literal

from openai import (
    DEFAULT_CONNECTION_LIMITS as DEFAULT_CONNECTION_LIMITS,
)
from openai import (
    DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES,
)
from openai import (
    DEFAULT_TIMEOUT as DEFAULT_TIMEOUT,
)
from openai import (
    NOT_GIVEN as NOT_GIVEN,
)
from openai import (
    VERSION as VERSION,
)
from openai import (
    APIConnectionError as APIConnectionError,
)
from openai import (
    APIError as APIError,
)
from openai import (
    APIResponse as APIResponse,
)
from openai import (
    APIResponseValidationError as APIResponseValidationError,
)
from openai import (
    APIStatusError as APIStatusError,
)
from openai import (
    APITimeoutError as APITimeoutError,
)
from openai import (
    AssistantEventHandler as AssistantEventHandler,
)
from openai import (
    AsyncAPIResponse as AsyncAPIResponse,
)
from openai import (
    AsyncAssistantEventHandler as AsyncAssistantEventHandler,
)
from openai import (
    AsyncAzureOpenAI as AsyncAzureOpenAI,
)
from openai import (
    AsyncBedrockOpenAI as AsyncBedrockOpenAI,
)
from openai import (
    AsyncComputerDriver as AsyncComputerDriver,
)
from openai import (
    AsyncComputerToolset as AsyncComputerToolset,
)
from openai import (
    AsyncStream as AsyncStream,
)
from openai import (
    AuthenticationError as AuthenticationError,
)
from openai import (
    AzureOpenAI as AzureOpenAI,
)
from openai import (
    BadRequestError as BadRequestError,
)
from openai import (
    BaseModel as BaseModel,
)
from openai import (
    BedrockOpenAI as BedrockOpenAI,
)
from openai import (
    ComputerDriver as ComputerDriver,
)
from openai import (
    ComputerToolset as ComputerToolset,
)
from openai import (
    ConflictError as ConflictError,
)
from openai import (
    ContentFilterFinishReasonError as ContentFilterFinishReasonError,
)
from openai import (
    DataResidency as DataResidency,
)
from openai import (
    DefaultAioHttpClient as DefaultAioHttpClient,
)
from openai import (
    DefaultAsyncHttpx2Client as DefaultAsyncHttpx2Client,
)
from openai import (
    DefaultAsyncHttpxClient as DefaultAsyncHttpxClient,
)
from openai import (
    DefaultHttpx2Client as DefaultHttpx2Client,
)
from openai import (
    DefaultHttpxClient as DefaultHttpxClient,
)
from openai import (
    HttpxBinaryResponseContent as HttpxBinaryResponseContent,
)
from openai import (
    InternalServerError as InternalServerError,
)
from openai import (
    InvalidWebhookSignatureError as InvalidWebhookSignatureError,
)
from openai import (
    LengthFinishReasonError as LengthFinishReasonError,
)
from openai import (
    NoneType as NoneType,
)
from openai import (
    NotFoundError as NotFoundError,
)
from openai import (
    NotGiven as NotGiven,
)
from openai import (
    OAuthError as OAuthError,
)
from openai import (
    Omit as Omit,
)
from openai import (
    OpenAIError as OpenAIError,
)
from openai import (
    PermissionDeniedError as PermissionDeniedError,
)
from openai import (
    ProxiesTypes as ProxiesTypes,
)
from openai import (
    RateLimitError as RateLimitError,
)
from openai import (
    ReconnectingEvent as ReconnectingEvent,
)
from openai import (
    ReconnectingOverrides as ReconnectingOverrides,
)
from openai import (
    RequestOptions as RequestOptions,
)
from openai import (
    Stream as Stream,
)
from openai import (
    Timeout as Timeout,
)
from openai import (
    Transport as Transport,
)
from openai import (
    UnprocessableEntityError as UnprocessableEntityError,
)
from openai import (
    WebSocketConnectionClosedError as WebSocketConnectionClosedError,
)
from openai import (
    WebSocketQueueFullError as WebSocketQueueFullError,
)
from openai import __title__ as __title__
from openai import (
    admin as admin,
)
from openai import (
    audio as audio,
)
from openai import (
    auth as auth,
)
from openai import (
    batches as batches,
)
from openai import (
    completions as completions,
)
from openai import (
    containers as containers,
)
from openai import (
    content_provenance_checks as content_provenance_checks,
)
from openai import (
    conversations as conversations,
)
from openai import (
    decisions as decisions,
)
from openai import (
    embeddings as embeddings,
)
from openai import (
    evals as evals,
)
from openai import (
    file_from_path as file_from_path,
)
from openai import (
    files as files,
)
from openai import (
    fine_tuning as fine_tuning,
)
from openai import (
    images as images,
)
from openai import (
    live as live,
)
from openai import (
    models as models,
)
from openai import (
    moderations as moderations,
)
from openai import (
    not_given as not_given,
)
from openai import (
    omit as omit,
)
from openai import (
    providers as providers,
)
from openai import (
    pydantic_function_tool as pydantic_function_tool,
)
from openai import (
    pydantic_responses_function_tool as pydantic_responses_function_tool,
)
from openai import (
    realtime as realtime,
)
from openai import (
    responses as responses,
)
from openai import (
    safety as safety,
)
from openai import (
    skills as skills,
)
from openai import (
    uploads as uploads,
)
from openai import (
    vector_stores as vector_stores,
)
from openai import (
    version as version,
)
from openai import (
    videos as videos,
)
from openai import (
    webhooks as webhooks,
)

from . import catalogue as catalogue
from . import errors as errors
from . import fleet as fleet
from . import lib as lib
from . import parameters as parameters
from . import pricing as pricing
from . import resources as resources
from . import settings as settings
from . import standin as standin
from . import types as types
from . import zhipu as zhipu
from ._module_client import _load_client as _load_client
from ._module_client import _reset_client as _reset_client
from ._typed_client import BaseURL
from .adaptation import Policy
from .adaptation import ZhipuAdaptationWarning as ZhipuAdaptationWarning
from .client import AsyncOpenAI as AsyncOpenAI
from .client import OpenAI as OpenAI
from .client import async_http_client as async_http_client
from .client import create_async_client as create_async_client
from .client import create_client as create_client
from .endpoints import EndpointName
from .errors import ErrorDetails as ErrorDetails
from .errors import details as error_details
from .limits import Limiter
from .pricing import Cost as Cost
from .pricing import PriceNotFoundError as PriceNotFoundError
from .pricing import cost as cost
from .resources.beta import Beta
from .resources.chat import Chat
from .settings import RegionChoice
from .zero_lines import install as install
from .zero_lines import uninstall as uninstall

__version__: str

Client = OpenAI
AsyncClient = AsyncOpenAI
ZhipuOpenAI = OpenAI
AsyncZhipuOpenAI = AsyncOpenAI

# The module-level client: its resources, and the settings it is made from.
beta: Beta
chat: Chat

api_key: str | Callable[[], str] | None
admin_api_key: str | None
organization: str | None
project: str | None
webhook_secret: str | None
base_url: BaseURL | None
timeout: float | Timeout | None
max_retries: int
default_headers: Mapping[str, str] | None
default_query: Mapping[str, object] | None
region: RegionChoice | None
endpoint: EndpointName | None
on_adaptation: Policy | None
max_concurrency: int | Limiter | None
model_aliases: Mapping[str, str] | None

# Until it is assigned to, this is the function of .client that makes such a client; afterwards it is
# openai's setting. No one type says both.
http_client: Any

# The module-level client speaks to Zhipu only.
api_type: Literal["openai"] | None
api_version: str | None
azure_endpoint: None
azure_ad_token: None
azure_ad_token_provider: None
bedrock_token_provider: None

__all__ = [
    "DEFAULT_CONNECTION_LIMITS",
    "DEFAULT_MAX_RETRIES",
    "DEFAULT_TIMEOUT",
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncBedrockOpenAI",
    "AsyncClient",
    "AsyncComputerDriver",
    "AsyncComputerToolset",
    "AsyncOpenAI",
    "AsyncStream",
    "AsyncZhipuOpenAI",
    "AuthenticationError",
    "BadRequestError",
    "BaseModel",
    "BedrockOpenAI",
    "Client",
    "ComputerDriver",
    "ComputerToolset",
    "ConflictError",
    "ContentFilterFinishReasonError",
    "Cost",
    "DataResidency",
    "DefaultAioHttpClient",
    "DefaultAsyncHttpx2Client",
    "DefaultAsyncHttpxClient",
    "DefaultHttpx2Client",
    "DefaultHttpxClient",
    "ErrorDetails",
    "InternalServerError",
    "InvalidWebhookSignatureError",
    "LengthFinishReasonError",
    "NoneType",
    "NotFoundError",
    "NotGiven",
    "OAuthError",
    "Omit",
    "OpenAI",
    "OpenAIError",
    "PermissionDeniedError",
    "PriceNotFoundError",
    "ProxiesTypes",
    "RateLimitError",
    "ReconnectingEvent",
    "ReconnectingOverrides",
    "RequestOptions",
    "Stream",
    "Timeout",
    "Transport",
    "UnprocessableEntityError",
    "WebSocketConnectionClosedError",
    "WebSocketQueueFullError",
    "ZhipuAdaptationWarning",
    "ZhipuOpenAI",
    "__title__",
    "__version__",
    "async_http_client",
    "cost",
    "create_async_client",
    "create_client",
    "error_details",
    "file_from_path",
    "http_client",
    "install",
    "not_given",
    "omit",
    "types",
    "uninstall",
]
