from openai.types import *

# So that `zhipu_openai.types.chat.ChatCompletion` needs no import of its own, as at run time.
from . import admin as admin
from . import audio as audio
from . import beta as beta
from . import chat as chat
from . import containers as containers
from . import conversations as conversations
from . import evals as evals
from . import fine_tuning as fine_tuning
from . import graders as graders
from . import live as live
from . import realtime as realtime
from . import responses as responses
from . import safety as safety
from . import shared as shared
from . import shared_params as shared_params
from . import skills as skills
from . import uploads as uploads
from . import vector_stores as vector_stores
from . import webhooks as webhooks
