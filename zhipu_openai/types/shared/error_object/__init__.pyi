from openai.types.shared.error_object import *
