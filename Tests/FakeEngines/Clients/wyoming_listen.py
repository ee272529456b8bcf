"""Wyoming's own client against a fake: python wyoming_listen.py HOST PORT. Prints a line of JSON for each thing heard."""
import asyncio
import json
import sys

from wyoming.asr import Transcribe, Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong

host, port = sys.argv[1], int(sys.argv[2])


async def main():
    async with AsyncTcpClient(host, port) as client:
        await client.write_event(Describe().event())
        info = Info.from_event(await client.read_event())
        print(json.dumps({"type": "info", "name": info.asr[0].name, "streams": info.asr[0].supports_transcript_streaming}))
        await client.write_event(Ping(text="hello").event())
        print(json.dumps({"type": "pong", "text": Pong.from_event(await client.read_event()).text}))
        for _ in range(2):
            await client.write_event(Transcribe(language="en").event())
            await client.write_event(AudioStart(rate=16000, width=2, channels=1, timestamp=0).event())
            for index in range(20):
                audio = b"\x10\x10" * 1600
                await client.write_event(AudioChunk(rate=16000, width=2, channels=1, audio=audio, timestamp=index * 100).event())
            await client.write_event(AudioStop(timestamp=2000).event())
            chunks = []
            is_streaming = False
            while True:
                event = await client.read_event()
                if event is None:
                    print(json.dumps({"type": "closed"}))
                    return
                if TranscriptStart.is_type(event.type):
                    is_streaming = True
                elif TranscriptChunk.is_type(event.type):
                    chunks.append(TranscriptChunk.from_event(event).text)
                elif Error.is_type(event.type):
                    print(json.dumps({"type": "error", "text": Error.from_event(event).text}))
                    return
                elif Transcript.is_type(event.type):
                    text = Transcript.from_event(event).text
                    print(json.dumps({"type": "transcript", "text": text, "chunks": "".join(chunks)}))
                    if not is_streaming:
                        break
                elif TranscriptStop.is_type(event.type):
                    break


asyncio.run(main())
