from openai.types.chat.chat_completion_tool_choice_option_param import *
