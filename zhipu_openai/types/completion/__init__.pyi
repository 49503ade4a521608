from openai.types.completion import *
