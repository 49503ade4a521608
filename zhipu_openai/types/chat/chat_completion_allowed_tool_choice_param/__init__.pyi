from openai.types.chat.chat_completion_allowed_tool_choice_param import *
