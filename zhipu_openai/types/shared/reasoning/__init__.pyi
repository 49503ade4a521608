from openai.types.shared.reasoning import *
