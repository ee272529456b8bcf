"""Has OpenAI's own client ask a model that calls a tool and then speaks of its result. Arguments: port, key."""

import json
import sys

import openai

port, key = sys.argv[1:]
client = openai.OpenAI(api_key=key, base_url=f"http://127.0.0.1:{port}/v1", max_retries=0)
tools = [
    {
        "type": "function",
        "function": {
            "name": "send_sms",
            "description": "Send an SMS to the caller",
            "parameters": {
                "type": "object",
                "properties": {"body": {"type": "string", "maxLength": 320}},
                "required": ["body"],
                "additionalProperties": False,
            },
        },
    }
]
messages = [
    {"role": "system", "content": "You are a phone agent."},
    {"role": "user", "content": "Text me the address"},
]
heard = {"finish": [], "text": "", "usage": 0, "error": None}


def ask():
    calls = {}
    stream = client.chat.completions.create(
        model="gpt-x",
        messages=messages,
        tools=tools,
        tool_choice="auto",
        parallel_tool_calls=False,
        temperature=0.3,
        max_tokens=300,
        stream=True,
        stream_options={"include_usage": True},
    )
    for chunk in stream:
        if chunk.usage:
            heard["usage"] += chunk.usage.total_tokens
        for choice in chunk.choices:
            heard["text"] += choice.delta.content or ""
            for part in choice.delta.tool_calls or []:
                call = calls.setdefault(part.index, {"id": "", "name": "", "arguments": ""})
                call["id"] += part.id or ""
                call["name"] += part.function.name or ""
                call["arguments"] += part.function.arguments or ""
            if choice.finish_reason:
                heard["finish"].append(choice.finish_reason)
    return calls


for call in ask().values():
    heard["call"] = call["name"], json.loads(call["arguments"])
    function = {"name": call["name"], "arguments": call["arguments"]}
    messages.append(
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": call["id"], "type": "function", "function": function}],
        }
    )
    messages.append({"role": "tool", "tool_call_id": call["id"], "content": '{"status":"queued"}'})
ask()
try:
    ask()
except openai.RateLimitError as error:
    heard["error"] = error.code, error.response.headers["retry-after"]
try:
    ask()
except openai.APIError as error:
    heard["broken"] = error.message
messages.pop()
try:
    ask()
except openai.BadRequestError as error:
    heard["refused"] = error.status_code
print(json.dumps(heard))
