from openai.types.shared.decision_input_json import *
