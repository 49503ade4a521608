from openai.types.chat.completion_list_params import *
