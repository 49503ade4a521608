from openai.types.chat.chat_completion_function_call_option_param import *
