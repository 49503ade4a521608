# What `import zhipu_openai as openai` offers to type checkers and editors. At run time _mirror.py gives these
# names, and every other one that the installed openai has; the lists here are those of the newest openai.
# A star import of openai would be shorter, but mypy would then keep openai's clients over ours.

from collections.abc import Callable, Mapping
from typing import Any, Literal

from openai import (
    APIConnectionError as APIConnectionError,
    APIError as APIError,
    APIResponse as APIResponse,
    APIResponseValidationError as APIResponseValidationError,
    APIStatusError as APIStatusError,
    APITimeoutError as APITimeoutError,
    AssistantEventHandler as AssistantEventHandler,
    AsyncAPIResponse as AsyncAPIResponse,
    AsyncAssistantEventHandler as AsyncAssistantEventHandler,
    AsyncAzureOpenAI as AsyncAzureOpenAI,
    AsyncBedrockOpenAI as AsyncBedrockOpenAI,
    AsyncComputerDriver as AsyncComputerDriver,
    AsyncComputerToolset as AsyncComputerToolset,
    AsyncStream as AsyncStream,
    Audio as Audio,
    AuthenticationError as AuthenticationError,
    AzureOpenAI as AzureOpenAI,
    BadRequestError as BadRequestError,
    BaseModel as BaseModel,
    BedrockOpenAI as BedrockOpenAI,
    ChatCompletion as ChatCompletion,
    Completion as Completion,
    ComputerDriver as ComputerDriver,
    ComputerToolset as ComputerToolset,
    ConflictError as ConflictError,
    ContentFilterFinishReasonError as ContentFilterFinishReasonError,
    Customer as Customer,
    DEFAULT_CONNECTION_LIMITS as DEFAULT_CONNECTION_LIMITS,
    DEFAULT_MAX_RETRIES as DEFAULT_MAX_RETRIES,
    DEFAULT_TIMEOUT as DEFAULT_TIMEOUT,
    DataResidency as DataResidency,
    DefaultAioHttpClient as DefaultAioHttpClient,
    DefaultAsyncHttpx2Client as DefaultAsyncHttpx2Client,
    DefaultAsyncHttpxClient as DefaultAsyncHttpxClient,
    DefaultHttpx2Client as DefaultHttpx2Client,
    DefaultHttpxClient as DefaultHttpxClient,
    Deployment as Deployment,
    Edit as Edit,
    Embedding as Embedding,
    Engine as Engine,
    ErrorObject as ErrorObject,
    File as File,
    FineTune as FineTune,
    FineTuningJob as FineTuningJob,
    HttpxBinaryResponseContent as HttpxBinaryResponseContent,
    Image as Image,
    InternalServerError as InternalServerError,
    InvalidWebhookSignatureError as InvalidWebhookSignatureError,
    LengthFinishReasonError as LengthFinishReasonError,
    Model as Model,
    Moderation as Moderation,
    NOT_GIVEN as NOT_GIVEN,
    NoneType as NoneType,
    NotFoundError as NotFoundError,
    NotGiven as NotGiven,
    OAuthError as OAuthError,
    Omit as Omit,
    OpenAIError as OpenAIError,
    PermissionDeniedError as PermissionDeniedError,
    ProxiesTypes as ProxiesTypes,
    RateLimitError as RateLimitError,
    ReconnectingEvent as ReconnectingEvent,
    ReconnectingOverrides as ReconnectingOverrides,
    RequestOptions as RequestOptions,
    Stream as Stream,
    Timeout as Timeout,
    Transport as Transport,
    UnprocessableEntityError as UnprocessableEntityError,
    VERSION as VERSION,
    WebSocketConnectionClosedError as WebSocketConnectionClosedError,
    WebSocketQueueFullError as WebSocketQueueFullError,
    auth as auth,
    file_from_path as file_from_path,
    not_given as not_given,
    omit as omit,
    providers as providers,
    pydantic_function_tool as pydantic_function_tool,
    pydantic_responses_function_tool as pydantic_responses_function_tool,
    version as version,
)
from openai import (
    admin as admin,
    audio as audio,
    batches as batches,
    completions as completions,
    containers as containers,
    content_provenance_checks as content_provenance_checks,
    conversations as conversations,
    decisions as decisions,
    embeddings as embeddings,
    evals as evals,
    files as files,
    fine_tuning as fine_tuning,
    images as images,
    live as live,
    models as models,
    moderations as moderations,
    realtime as realtime,
    responses as responses,
    safety as safety,
    skills as skills,
    uploads as uploads,
    vector_stores as vector_stores,
    videos as videos,
    webhooks as webhooks,
)
from openai import __title__ as __title__
from openai._base_client import URL

from . import catalogue as catalogue
from . import errors as errors
from . import lib as lib
from . import resources as resources
from . import settings as settings
from . import standin as standin
from . import types as types
from ._module_client import _load_client as _load_client
from ._module_client import _reset_client as _reset_client
from .adaptation import Policy
from .adaptation import ZhipuAdaptationWarning as ZhipuAdaptationWarning
from .client import AsyncOpenAI as AsyncOpenAI
from .client import OpenAI as OpenAI
from .client import create_async_client as create_async_client
from .client import create_client as create_client
from .endpoints import EndpointName
from .errors import ErrorDetails as ErrorDetails
from .errors import details as error_details
from .resources.beta import Beta
from .resources.chat import Chat
from .settings import RegionChoice
from .transport import async_http_client as async_http_client

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
base_url: str | URL | None
timeout: float | Timeout | None
max_retries: int
default_headers: Mapping[str, str] | None
default_query: Mapping[str, object] | None
region: RegionChoice | None
endpoint: EndpointName | None
on_adaptation: Policy | None
max_concurrency: int | None
model_aliases: Mapping[str, str] | None

# Until it is assigned to, this is the function of .transport that makes such a client; afterwards it is
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
    "DEFAULT_CONNECTION_LIMITS",
    "DEFAULT_MAX_RETRIES",
    "DEFAULT_TIMEOUT",
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
    "NOT_GIVEN",
    "NoneType",
    "NotFoundError",
    "NotGiven",
    "OAuthError",
    "Omit",
    "OpenAI",
    "OpenAIError",
    "PermissionDeniedError",
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
    "create_async_client",
    "create_client",
    "error_details",
    "file_from_path",
    "http_client",
    "not_given",
    "omit",
    "types",
]
