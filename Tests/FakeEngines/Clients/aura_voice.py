"""Speaks, flushes, clears and closes with Deepgram's own client. Arguments: port, key."""

import json
import sys

from deepgram import DeepgramClient
from deepgram.environment import DeepgramClientEnvironment
from deepgram.speak.v1.types import SpeakV1Text

port, key = sys.argv[1:]
base = f"ws://127.0.0.1:{port}"
client = DeepgramClient(
    api_key=key,
    environment=DeepgramClientEnvironment(base=base, production=base, agent=base, agent_rest=base),
)
heard = {"bytes": 0, "types": []}


def until(connection, last):
    while True:
        message = connection.recv()
        if isinstance(message, bytes):
            heard["bytes"] += len(message)
            continue
        heard["types"].append(message.type)
        if message.type == last:
            return message


with client.speak.v1.connect(model="aura-2-thalia-en", encoding="mulaw", sample_rate="8000") as connection:
    heard["model"] = until(connection, "Metadata").model_name
    connection.send_text(SpeakV1Text(text="Sure, which day suits you?"))
    connection.send_flush()
    heard["flushed"] = until(connection, "Flushed").sequence_id
    connection.send_clear()
    heard["cleared"] = until(connection, "Cleared").sequence_id
    connection.send_close()
print(json.dumps(heard))
