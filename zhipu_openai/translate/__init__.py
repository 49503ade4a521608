"""Pure translation between OpenAI's HTTP dialect and Zhipu's: no I/O, no ``openai`` import."""
