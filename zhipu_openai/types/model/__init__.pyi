from openai.types.model import *
