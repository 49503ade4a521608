from openai.types.chat.parsed_function_tool_call import *
