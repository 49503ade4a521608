from openai.types.completion_create_params import *
