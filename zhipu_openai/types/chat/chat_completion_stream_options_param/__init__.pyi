from openai.types.chat.chat_completion_stream_options_param import *
