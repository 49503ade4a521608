from openai.types.shared.response_format_text_grammar import *
