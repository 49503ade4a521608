from openai.types.shared.responses_model import *
