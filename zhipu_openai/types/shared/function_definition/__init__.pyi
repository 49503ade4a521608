from openai.types.shared.function_definition import *
