from openai.types.shared.reasoning_effort import *
