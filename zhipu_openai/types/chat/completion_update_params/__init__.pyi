from openai.types.chat.completion_update_params import *
