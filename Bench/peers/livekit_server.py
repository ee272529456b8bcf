"""LiveKit Agents behind Twilio Media Streams: its `AgentSession` with an input and an output of ours, and no LiveKit server.

    livekit_server.py PORT       on 127.0.0.1, any path

Detector, turns and interruptions are LiveKit's. What is not: the WebSocket in place of a room, and the answer, which is said
with its sound at hand (`say(audio=...)`), so that recogniser, model and voice take no time.
"""

import asyncio
import base64
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator

import numpy as np
from livekit import rtc
from livekit.agents import Agent, AgentSession, StopResponse, llm
from livekit.agents.voice import io
from livekit.plugins import silero
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from telephone import FRAME, RATE, decode, encode, reply

logging.basicConfig(level=logging.WARNING)

FRAME_SECONDS = 0.02
LEAD = 5  # frames that are sent ahead, so that a late one is no gap: 100 ms
CHUNK = RATE // 10
REPLY = [
    rtc.AudioFrame(chunk.tobytes(), RATE, 1, CHUNK) for chunk in np.split(reply(), len(reply()) // CHUNK)
]
VAD = silero.VAD.load(sample_rate=8_000, min_silence_duration=0.2)


async def instant_voice() -> AsyncIterator[rtc.AudioFrame]:
    for frame in REPLY:
        yield frame


class InstantAgent(Agent):
    """Answers a finished turn with four seconds of sound, at once."""

    def __init__(self) -> None:
        super().__init__(instructions="")

    async def on_user_turn_completed(self, turn_ctx: llm.ChatContext, new_message: llm.ChatMessage) -> None:
        self.session.say("", audio=instant_voice(), add_to_chat_ctx=False)
        raise StopResponse


class LineIn(io.AudioInput):
    """What the caller says."""

    def __init__(self) -> None:
        super().__init__(label="line")
        self.frames: asyncio.Queue[rtc.AudioFrame | None] = asyncio.Queue()

    def hear(self, octets: bytes) -> None:
        self.frames.put_nowait(rtc.AudioFrame(decode(octets).tobytes(), RATE, 1, len(octets)))

    def end(self) -> None:
        self.frames.put_nowait(None)

    async def __anext__(self) -> rtc.AudioFrame:
        frame = await self.frames.get()
        if frame is None:
            raise StopAsyncIteration
        return frame


class LineOut(io.AudioOutput):
    """What the agent says, 20 ms at a time. One segment plays after another; `clear` ends what plays."""

    def __init__(self, socket: ServerConnection, stream: str) -> None:
        super().__init__(
            label="line", capabilities=io.AudioOutputCapabilities(pause=False), next_in_chain=None, sample_rate=RATE
        )
        self.socket = socket
        self.stream = stream
        self.octets = bytearray()
        self.sent = 0
        self.is_whole = False
        self.has_more = asyncio.Event()
        self.player = asyncio.create_task(self.play())

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        self.octets += encode(np.frombuffer(frame.data, dtype=np.int16))
        self.has_more.set()

    def flush(self) -> None:
        super().flush()
        self.is_whole = bool(self.octets)
        self.has_more.set()

    def clear_buffer(self) -> None:
        if not self.octets:
            return
        message = json.dumps({"event": "clear", "streamSid": self.stream})
        self.player.cancel()
        self.finish(is_interrupted=True)
        self.player = asyncio.create_task(self.play(message))

    def finish(self, is_interrupted: bool) -> None:
        position = min(self.sent, len(self.octets)) / RATE
        self.octets.clear()
        self.sent, self.is_whole = 0, False
        self.has_more.clear()
        self.on_playback_finished(playback_position=position, interrupted=is_interrupted)

    async def play(self, first: str | None = None) -> None:
        loop = asyncio.get_running_loop()
        due = 0.0
        try:
            if first:
                await self.socket.send(first)
            while True:
                await self.has_more.wait()
                left = len(self.octets) - self.sent
                if left < FRAME and not self.is_whole:
                    self.has_more.clear()
                    continue
                if left <= 0:
                    self.finish(is_interrupted=False)
                    continue
                if self.sent == 0:
                    due = loop.time() - LEAD * FRAME_SECONDS
                    self.on_playback_started(created_at=loop.time())
                octets = bytes(self.octets[self.sent : self.sent + FRAME])
                payload = base64.b64encode(octets).decode("ascii")
                await self.socket.send(
                    json.dumps({"event": "media", "streamSid": self.stream, "media": {"payload": payload}})
                )
                self.sent += FRAME
                due += FRAME_SECONDS
                if (early := due - loop.time()) > 0:
                    await asyncio.sleep(early)
        except ConnectionClosed:
            pass


async def answer(socket: ServerConnection) -> None:
    session, line, out = None, LineIn(), None
    try:
        async for text in socket:
            message = json.loads(text)
            match message["event"]:
                case "media" if session:
                    line.hear(base64.b64decode(message["media"]["payload"]))
                case "start":
                    out = LineOut(socket, message["start"]["streamSid"])
                    session = await begin(line, out)
                case "stop":
                    break
    except ConnectionClosed:
        pass
    finally:
        line.end()
        if session:
            await session.aclose()
        if out:
            out.player.cancel()


async def begin(line: LineIn, out: LineOut) -> AgentSession:
    session = AgentSession(
        vad=VAD,
        aec_warmup_duration=None,  # a telephone has no browser's echo canceller to wait for
        turn_handling={
            "turn_detection": "vad",
            "endpointing": {"min_delay": 0.2},  # since the last speech, as the detector's silence is
            "interruption": {"mode": "vad", "min_duration": 0.2, "resume_false_interruption": False},
        },
    )
    session.input.audio = line
    session.output.audio = out
    await session.start(InstantAgent(), record=False)
    return session


async def main(port: int) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with serve(answer, "127.0.0.1", port, compression=None, backlog=1024):
        await over.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
