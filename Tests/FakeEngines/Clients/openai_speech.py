"""Streams speech with OpenAI's own client, in both formats, and is refused once. Arguments: port, key."""

import json
import sys

import openai

port, key = sys.argv[1:]
client = openai.OpenAI(api_key=key, base_url=f"http://127.0.0.1:{port}/v1", max_retries=0)
heard = {}
for form in ("pcm", "wav"):
    with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts",
        voice="marin",
        input="Sure, which day suits you?",
        response_format=form,
        instructions="calm",
        speed=1.0,
    ) as response:
        body = b"".join(response.iter_bytes())
    heard[form] = len(body)
    if form == "wav":
        heard["riff"] = body[:4].decode()
try:
    client.audio.speech.create(model="gpt-4o-mini-tts", voice="marin", input="", response_format="pcm")
except openai.BadRequestError as error:
    heard["refused"] = error.status_code
try:
    client.with_options(api_key="wrong").audio.speech.create(
        model="gpt-4o-mini-tts", voice="marin", input="Hello.", response_format="pcm"
    )
except openai.AuthenticationError as error:
    heard["unknown"] = error.code
print(json.dumps(heard))
