from openai.types.shared.decision_question_input_part import *
