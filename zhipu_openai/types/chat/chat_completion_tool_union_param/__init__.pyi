from openai.types.chat.chat_completion_tool_union_param import *
