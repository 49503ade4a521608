from openai.types.shared.comparison_filter import *
