from openai.types.shared.all_models import *
