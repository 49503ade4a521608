"""A program that asks from processes which it starts afresh."""

import multiprocessing
import subprocess
import sys

ASK = """
from openai import OpenAI
answer = OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Hi"}])
print(answer.choices[0].message.content)
"""


def ask(question: str) -> str:
    from openai import OpenAI

    message = {"role": "user", "content": question}
    answer = OpenAI().chat.completions.create(model="gpt-4o", messages=[message])
    return str(answer.choices[0].message.content)


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(ask, ["Say hello."]))
    print(subprocess.run([sys.executable, "-c", ASK], check=True, capture_output=True, text=True).stdout)
