from openai.types.chat.chat_completion_token_logprob import *
