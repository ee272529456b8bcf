"""OpenAI's own client against a fake of speech to speech: python openai_realtime.py WS_URL KEY.

Configures, talks for a second, asks for a response, gives a function's result, cuts the answer and cancels the next one.
Prints a line of JSON for each thing heard."""
import asyncio
import base64
import json
import sys

import pydantic
from openai import AsyncOpenAI
from openai.types.realtime import RealtimeServerEvent
from websockets.exceptions import InvalidStatus

url, key = sys.argv[1:3]
# The client takes anything; this raises where a field is missing or of another type.
strict = pydantic.TypeAdapter(RealtimeServerEvent)
session = {
    "type": "realtime",
    "output_modalities": ["audio"],
    "instructions": "Be brief.",
    "audio": {
        "input": {
            "format": {"type": "audio/pcmu"},
            "transcription": {"model": "gpt-4o-mini-transcribe", "language": "en"},
            "turn_detection": None,
        },
        "output": {"format": {"type": "audio/pcmu"}, "voice": "marin"},
    },
    "tools": [{
        "type": "function", "name": "send_sms", "description": "Sends a text.",
        "parameters": {"type": "object", "properties": {"message": {"type": "string"}}},
    }],
    "tool_choice": "auto",
}


async def main():
    client = AsyncOpenAI(api_key=key, websocket_base_url=url.removesuffix("/realtime"), max_retries=0)
    async with client.realtime.connect(model="gpt-realtime") as connection:

        async def until(kind):
            """Reads to the first event of a kind; all are checked, and told."""
            words = ""
            while True:
                event = strict.validate_python(json.loads(await connection.recv_bytes()))
                if event.type == "response.output_audio_transcript.delta":
                    words += event.delta
                if event.type == "response.output_audio.delta":
                    assert base64.b64decode(event.delta)
                if event.type == "error":
                    print(json.dumps({"type": "error", "code": event.error.code}))
                    return event
                if event.type == kind:
                    print(json.dumps({"type": kind, "text": getattr(event, "transcript", words)}))
                    return event

        await connection.session.update(session=session)
        await until("session.updated")
        for _ in range(10):
            await connection.input_audio_buffer.append(audio=base64.b64encode(b"\x55" * 800).decode())
        await connection.input_audio_buffer.commit()
        await connection.response.create()
        await until("conversation.item.input_audio_transcription.completed")
        call = await until("response.function_call_arguments.done")
        await until("response.done")
        await connection.conversation.item.create(
            item={"type": "function_call_output", "call_id": call.call_id, "output": "{}"})
        await connection.response.create()
        item = (await until("response.output_item.done")).item
        await until("response.done")
        await connection.conversation.item.truncate(item_id=item.id, content_index=0, audio_end_ms=120)
        await until("conversation.item.truncated")
        await connection.conversation.item.truncate(item_id=item.id, content_index=0, audio_end_ms=10_000_000)
        await until("error")
        await connection.response.create()
        await until("response.created")
        await connection.response.cancel()
        done = await until("response.done")
        print(json.dumps({"type": "status", "text": done.response.status}))


try:
    asyncio.run(main())
except InvalidStatus as error:
    print(json.dumps({"type": "refused", "status": error.response.status_code}))
