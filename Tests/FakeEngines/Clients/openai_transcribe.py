"""OpenAI's own client against a fake: python openai_transcribe.py WS_URL KEY. Prints a line of JSON for each thing heard."""
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


async def main():
    client = AsyncOpenAI(api_key=key, websocket_base_url=url.removesuffix("/realtime"), max_retries=0)
    async with client.realtime.connect(extra_query={"intent": "transcription"}) as connection:
        await connection.session.update(session={
            "type": "transcription",
            "audio": {"input": {
                "format": {"type": "audio/pcmu"},
                "transcription": {"model": "gpt-4o-transcribe", "language": "en"},
                "turn_detection": None,
            }},
        })
        for _ in range(10):
            await connection.input_audio_buffer.append(audio=base64.b64encode(b"\x00" * 1600).decode())
        await connection.input_audio_buffer.commit()
        while True:
            message = json.loads(await connection.recv_bytes())
            event = strict.validate_python(message)
            said = {"type": event.type}
            if event.type.endswith("transcription.delta"):
                said["text"] = event.delta
            elif event.type.endswith("transcription.completed"):
                said["text"] = event.transcript
            elif event.type == "error":
                said["text"] = event.error.message
            print(json.dumps(said))
            if event.type in ("error", "conversation.item.input_audio_transcription.completed"):
                return


try:
    asyncio.run(main())
except InvalidStatus as error:
    print(json.dumps({"type": "refused", "status": error.response.status_code}))
