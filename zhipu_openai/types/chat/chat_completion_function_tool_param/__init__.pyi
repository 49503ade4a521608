from openai.types.chat.chat_completion_function_tool_param import *
