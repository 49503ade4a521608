// OpenAI's JavaScript client against a server of ours. Prints a line of JSON for each thing tried.
// Run by serve_clients.py, which sets OPENAI_BASE_URL, OPENAI_API_KEY and, for the failures, BUSY_BASE_URL.
import OpenAI, { toFile } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";

const client = new OpenAI({ maxRetries: 0 });
const busy = new OpenAI({ baseURL: process.env.BUSY_BASE_URL, maxRetries: 0 });
const messages = [{ role: "user", content: "Do I need a coat in Beijing?" }];
const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const tool = { type: "function", function: { name: "weather", parameters } };

function check(condition, what) {
  if (!condition) throw new Error(`expected ${what}`);
}

async function failure(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("expected a failure");
}

const tried = {
  async "chat"() {
    const answer = await client.chat.completions.create({ model: "gpt-4o", messages });
    check(answer.choices[0].message.content.length > 0, "content");
    check(answer.usage.total_tokens > 0, "usage");
    return answer.model;
  },

  async "chat, adaptations in a header"() {
    const asked = client.chat.completions.create({ model: "gpt-4o", messages, logprobs: true });
    const { response } = await asked.withResponse();
    const header = response.headers.get("x-zhipu-adaptations");
    check(header.includes("logprobs=dropped"), "the header");
    return header;
  },

  async "stream"() {
    const stream = await client.chat.completions.create({
      model: "gpt-4o",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let usage = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    check(text.length > 0 && usage.total_tokens > 0, "text and usage");
    return `${text.length} characters`;
  },

  async "stream helper"() {
    const final = await client.chat.completions.stream({ model: "gpt-4o", messages }).finalChatCompletion();
    check(final.choices[0].message.content.length > 0, "content");
    return final.choices[0].finish_reason;
  },

  async "streamed tool calls"() {
    const stream = await client.chat.completions.create({
      model: "gpt-4o",
      messages,
      tools: [tool],
      stream: true,
    });
    let name = "";
    let given = "";
    let reason = null;
    for await (const chunk of stream) {
      const call = chunk.choices[0]?.delta?.tool_calls?.[0];
      name += call?.function?.name ?? "";
      given += call?.function?.arguments ?? "";
      reason = chunk.choices[0]?.finish_reason ?? reason;
    }
    check(name === "weather" && reason === "tool_calls", "a call of weather");
    check(typeof JSON.parse(given).city === "string", "its argument");
    return `${name}(${given})`;
  },

  async "runTools"() {
    const asked = [];
    const runner = client.chat.completions.runTools({
      model: "gpt-4o",
      messages,
      tools: [
        {
          type: "function",
          function: {
            name: "weather",
            description: "The weather in a city now.",
            parameters,
            parse: JSON.parse,
            function: ({ city }) => {
              asked.push(city);
              return `It is cold in ${city}.`;
            },
          },
        },
      ],
    });
    const said = await runner.finalContent();
    check(asked.length === 1 && said.includes("cold"), "one call, and an answer that uses it");
    return `${asked.length} call`;
  },

  async "runTools, streamed"() {
    let calls = 0;
    const runner = client.chat.completions.runTools({
      model: "gpt-4o",
      messages,
      stream: true,
      tools: [
        {
          type: "function",
          function: { name: "weather", parameters, parse: JSON.parse, function: () => `cold ${++calls}` },
        },
      ],
    });
    await runner.finalContent();
    check(calls === 1, "one call");
    return `${calls} call`;
  },

  async "structured output with zod"() {
    const Step = z.object({ explanation: z.string(), result: z.string() });
    const Solution = z.object({ steps: z.array(Step), answer: z.string() });
    const answer = await client.chat.completions.parse({
      model: "gpt-4o",
      messages: [{ role: "user", content: "Solve 8x + 31 = 2." }],
      response_format: zodResponseFormat(Solution, "solution"),
    });
    Solution.parse(answer.choices[0].message.parsed);
    return Object.keys(answer.choices[0].message.parsed).join(", ");
  },

  async "embeddings"() {
    // The client asks for base64 by itself and decodes it.
    const answer = await client.embeddings.create({ model: "text-embedding-3-small", input: ["a", "b"] });
    check(answer.data.length === 2 && typeof answer.data[1].embedding[0] === "number", "two vectors of numbers");
    return `${answer.data.length} of ${answer.data[0].embedding.length}`;
  },

  async "models"() {
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    check(names.includes("glm-5.2"), "glm-5.2");
    return `${names.length} models`;
  },

  async "files: upload, read, delete"() {
    const body = { model: "glm-4-plus", messages: [{ role: "user", content: "Hi" }] };
    const line = { custom_id: "request-1", method: "POST", url: "/v4/chat/completions", body };
    const content = await toFile(Buffer.from(`${JSON.stringify(line)}\n`), "lines.jsonl");
    const file = await client.files.create({ file: content, purpose: "batch" });
    const read = await (await client.files.content(file.id)).text();
    check(read.includes("request-1"), "the content");
    const deleted = await client.files.delete(file.id);
    check(deleted.deleted, "its deletion");
    return file.object;
  },

  async "speech: a binary download"() {
    const answer = await client.audio.speech.create({
      model: "tts-1",
      voice: "alloy",
      input: "Hello",
      response_format: "wav",
    });
    const sound = Buffer.from(await answer.arrayBuffer());
    check(sound.subarray(0, 4).toString() === "RIFF", "a WAV file");
    return `${sound.length} bytes`;
  },

  async "transcription: a binary upload"() {
    const wav = Buffer.from(
      await (
        await client.audio.speech.create({ model: "tts-1", voice: "alloy", input: "Hello", response_format: "wav" })
      ).arrayBuffer(),
    );
    const heard = await client.audio.transcriptions.create({
      model: "whisper-1",
      file: await toFile(wav, "a.wav"),
    });
    check(heard.text.length > 0, "text");
    return heard.text.slice(0, 20);
  },

  async "responses"() {
    const first = await client.responses.create({ model: "gpt-4o", input: "Hi" });
    const second = await client.responses.create({
      model: "gpt-4o",
      input: "And?",
      previous_response_id: first.id,
    });
    check(second.output_text.length > 0, "text");
    return second.status;
  },

  async "responses, streamed"() {
    const kinds = new Set();
    let text = "";
    const stream = await client.responses.create({ model: "gpt-4o", input: "Hi", stream: true });
    for await (const event of stream) {
      kinds.add(event.type);
      if (event.type === "response.output_text.delta") text += event.delta;
    }
    check(kinds.has("response.completed") && text.length > 0, "a completed response");
    return `${kinds.size} kinds of events`;
  },

  async "NotFoundError"() {
    const asked = () => client.chat.completions.create({ model: "glm-unknown", messages });
    const error = await failure(asked);
    check(error instanceof OpenAI.NotFoundError && error.code === "model_not_found", "model_not_found");
    return error.code;
  },

  async "RateLimitError"() {
    const error = await failure(() => busy.chat.completions.create({ model: "glm-5.2", messages }));
    check(error instanceof OpenAI.RateLimitError && error.status === 429, "a 429");
    return error.code;
  },

  async "RateLimitError, streamed"() {
    const asked = () => busy.chat.completions.create({ model: "glm-5.2", messages, stream: true });
    const error = await failure(asked);
    check(error instanceof OpenAI.RateLimitError, "a RateLimitError");
    return error.code;
  },

  async "BadRequestError of the boundary"() {
    const error = await failure(() => client.images.edit({ image: new File(["x"], "a.png"), prompt: "x" }));
    check(error instanceof OpenAI.BadRequestError, "a BadRequestError");
    return error.code;
  },

  async "APIConnectionError after no server"() {
    const nobody = new OpenAI({ baseURL: "http://127.0.0.1:9/v1", maxRetries: 0 });
    const error = await failure(() => nobody.models.list());
    check(error instanceof OpenAI.APIConnectionError, "an APIConnectionError");
    return error.constructor.name;
  },

  async "a stream is aborted"() {
    const stream = await client.chat.completions.create({ model: "gpt-4o", messages, stream: true });
    let count = 0;
    for await (const _ of stream) {
      count += 1;
      if (count === 2) stream.controller.abort();
    }
    const after = await client.chat.completions.create({ model: "gpt-4o", messages });
    check(after.choices.length === 1, "an answer after it");
    return `after ${count} chunks`;
  },

  async "twenty at once"() {
    const asked = Array.from({ length: 20 }, (_, number) =>
      client.chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content: `say ${number}` }] }),
    );
    const answers = await Promise.all(asked);
    answers.forEach((answer, number) => {
      check(answer.choices[0].message.content.includes(`say ${number}`), `the answer to ${number}`);
    });
    return `${answers.length} answers`;
  },
};

for (const [name, attempt] of Object.entries(tried)) {
  let line;
  try {
    line = { name, ok: true, detail: String(await attempt()) };
  } catch (error) {
    line = { name, ok: false, detail: `${error?.constructor?.name}: ${error?.message}` };
  }
  console.log(JSON.stringify(line));
}
