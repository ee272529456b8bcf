"""OpenAI's own client posts turns to a fake, and is refused thrice. Arguments: port, key. Prints a line of JSON."""

import io
import json
import sys
import wave

import openai

port, key = sys.argv[1:]
client = openai.OpenAI(api_key=key, base_url=f"http://127.0.0.1:{port}/v1", max_retries=0)


def wav(rate, seconds):
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\x10\x20" * int(rate * seconds))
    return file.getvalue()


def post(client, sound, **more):
    return client.audio.transcriptions.create(
        model="gpt-4o-mini-transcribe", file=("turn.wav", sound, "audio/wav"), response_format="json", **more
    )


heard = {"texts": [post(client, wav(16000, 2)).text]}
heard["texts"].append(post(client, wav(16000, 1), language="en", prompt="Names: Ayşe.", temperature=0.2).text)
try:
    post(client, wav(16000, 0.05))
except openai.BadRequestError as error:
    heard["short"] = error.status_code
try:
    post(client, wav(16000, 1), language="english")
except openai.BadRequestError as error:
    heard["language"] = error.body["message"]
try:
    post(client.with_options(api_key="wrong"), wav(16000, 1))
except openai.AuthenticationError as error:
    heard["unknown"] = error.code
try:
    post(client, wav(16000, 1))
except openai.RateLimitError as error:
    heard["busy"] = error.response.headers["retry-after"]
print(json.dumps(heard))
