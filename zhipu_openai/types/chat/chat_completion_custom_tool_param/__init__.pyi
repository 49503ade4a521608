from openai.types.chat.chat_completion_custom_tool_param import *
