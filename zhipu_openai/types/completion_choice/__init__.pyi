from openai.types.completion_choice import *
