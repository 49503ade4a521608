from openai._types import *
