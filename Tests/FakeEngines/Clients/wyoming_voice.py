"""Speaks with the reference client of Wyoming, whole and in a stream of text. Argument: port."""

import asyncio
import json
import sys

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)


async def main():
    heard = {"bytes": [], "rates": [], "types": []}
    voice = SynthesizeVoice(name="en_GB-alba-medium")
    async with AsyncTcpClient("127.0.0.1", int(sys.argv[1])) as client:

        async def until(last):
            count = 0
            while True:
                event = await client.read_event()
                heard["types"].append(event.type)
                if AudioStart.is_type(event.type):
                    heard["rates"].append(AudioStart.from_event(event).rate)
                elif AudioChunk.is_type(event.type):
                    count += len(AudioChunk.from_event(event).audio)
                if last.is_type(event.type):
                    heard["bytes"].append(count)
                    return event

        await client.write_event(Describe().event())
        info = Info.from_event(await until(Info))
        heard["voices"] = [voice.name for program in info.tts for voice in program.voices]
        await client.write_event(Synthesize(text="Sure, which day?", voice=voice).event())
        await until(AudioStop)
        await client.write_event(SynthesizeStart(voice=voice).event())
        await client.write_event(SynthesizeChunk(text="Tuesday suits. ").event())
        await client.write_event(SynthesizeChunk(text="Friday too").event())
        await client.write_event(Synthesize(text="Tuesday suits. Friday too", voice=voice).event())
        await client.write_event(SynthesizeStop().event())
        await until(SynthesizeStopped)
        await client.write_event(Synthesize(text="No.", voice=SynthesizeVoice(name="nobody")).event())
        heard["error"] = Error.from_event(await until(Error)).code
    heard["types"] = sorted(set(heard["types"]))
    print(json.dumps(heard))


asyncio.run(main())
