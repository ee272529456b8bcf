"""Twilio Media Streams in plain Python: asyncio, the `websockets` package, and numpy for the sound.

    plain.py PORT       on 127.0.0.1, any path

One task a call hears, and one more plays while there is something to play. It believes its peer: a yardstick, not a server.
"""

import asyncio
import base64
import json
import signal
import sys

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from telephone import FRAME, decode, encode, reply

VOICE = FRAME * 100.0**2  # energy of a frame at -50 dBFS
ONSET = 3  # frames of voice that make a turn of it: 60 ms
BARGE_IN = 10  # frames of voice that silence the agent: 200 ms
HANGOVER = 10  # frames of silence that end a turn: 200 ms
FRAME_SECONDS = 0.02
LEAD = 5  # frames that are sent ahead, so that a late one is no gap: 100 ms

REPLY = reply()


class Turns:
    """Who has the floor, told frame by frame."""

    def __init__(self) -> None:
        self.voiced = 0
        self.quiet = 0

    def hear(self, is_voice: bool) -> bool:
        """Whether the caller's turn has ended with this frame."""
        if is_voice:
            self.voiced += 1
            self.quiet = 0
            return False
        if not self.voiced:
            return False
        self.quiet += 1
        if self.quiet < HANGOVER:
            return False
        was_turn = self.voiced >= ONSET
        self.voiced = self.quiet = 0
        return was_turn


class Call:
    def __init__(self, socket: ServerConnection, stream: str) -> None:
        self.socket = socket
        self.stream = stream
        self.turns = Turns()
        self.playing: asyncio.Task[None] | None = None

    async def hear(self, octets: bytes) -> None:
        samples = decode(octets).astype(np.float32)
        has_ended = self.turns.hear(float(samples @ samples) > VOICE)
        is_playing = self.playing is not None and not self.playing.done()
        if is_playing and self.turns.voiced >= BARGE_IN:
            self.stop()
            await self.socket.send(json.dumps({"event": "clear", "streamSid": self.stream}))
        elif has_ended and not is_playing:
            self.playing = asyncio.create_task(self.play(REPLY))

    async def play(self, samples: np.ndarray) -> None:
        """A frame each 20 ms, by the clock: what is late does not make the rest late."""
        octets = encode(samples)
        loop = asyncio.get_running_loop()
        due = loop.time() - LEAD * FRAME_SECONDS
        try:
            for start in range(0, len(octets), FRAME):
                payload = base64.b64encode(octets[start : start + FRAME]).decode("ascii")
                await self.socket.send(
                    json.dumps({"event": "media", "streamSid": self.stream, "media": {"payload": payload}})
                )
                due += FRAME_SECONDS
                if (early := due - loop.time()) > 0:
                    await asyncio.sleep(early)
        except ConnectionClosed:
            pass

    def stop(self) -> None:
        if self.playing:
            self.playing.cancel()
            self.playing = None


async def answer(socket: ServerConnection) -> None:
    call = None
    try:
        async for text in socket:
            message = json.loads(text)
            match message["event"]:
                case "media" if call:
                    await call.hear(base64.b64decode(message["media"]["payload"]))
                case "start":
                    call = Call(socket, message["start"]["streamSid"])
                case "stop":
                    break
    except ConnectionClosed:
        pass
    finally:
        if call:
            call.stop()


async def main(port: int) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    # A callers' rush is not turned away, and nothing is compressed that was compressed before.
    async with serve(answer, "127.0.0.1", port, compression=None, backlog=1024):
        await over.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
