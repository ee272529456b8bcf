"""Speaks in three contexts with Cartesia's own client: one continued, one cancelled, one wrong. Arguments: port, key, voice."""

import json
import sys

from cartesia import Cartesia

port, key, voice = sys.argv[1:]
client = Cartesia(api_key=key, websocket_base_url=f"ws://127.0.0.1:{port}")
manner = {
    "model_id": "sonic-3",
    "voice": {"mode": "id", "id": voice},
    "output_format": {"container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8000},
    "add_timestamps": True,
    "max_buffer_delay_ms": 1000,
}
heard = {"bytes": 0, "words": [], "ends": [], "types": []}


def take(context):
    for event in context.receive():
        heard["types"].append(event.type)
        if event.type == "chunk":
            heard["bytes"] += len(event.audio)
        elif event.type == "timestamps":
            heard["words"] += event.word_timestamps.words
            heard["ends"] += event.word_timestamps.end
        elif event.type == "error":
            heard["error"] = event.status_code


with client.tts.websocket_connect() as connection:
    context = connection.context("u1", **manner)
    context.push("Sure, which day ")
    context.push("suits you?")
    context.no_more_inputs()
    take(context)
    second = connection.context("u2", **manner)
    second.push("Nobody hears this. ")
    second.cancel()
    third = connection.context("u3", **{**manner, "model_id": "none"})
    third.push("Never spoken.")
    take(third)
print(json.dumps(heard))
