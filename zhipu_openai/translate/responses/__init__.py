"""The Responses API: served by Zhipu's own where that gives more, else by chat completions.

``route_choice`` says which of the two serves a call, and why. ``fields`` and ``native`` are the tables of the
request's fields on either path; ``events`` writes OpenAI's events for both. ``operation`` puts it together.
"""
