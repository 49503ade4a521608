from openai.types.shared.custom_tool_input_format import *
