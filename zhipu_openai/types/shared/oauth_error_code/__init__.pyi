from openai.types.shared.oauth_error_code import *
