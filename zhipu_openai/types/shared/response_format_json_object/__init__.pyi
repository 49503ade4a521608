from openai.types.shared.response_format_json_object import *
