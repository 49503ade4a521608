from openai.types.chat.chat_completion_named_tool_choice_param import *
