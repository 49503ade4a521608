from openai.types.shared.function_parameters import *
