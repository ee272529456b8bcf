"""AssemblyAI's own client against a fake: python assemblyai_stream.py WS_URL KEY. Prints a line of JSON for each thing heard."""
import json
import sys
import threading

from assemblyai.streaming.v3 import (
    Encoding,
    StreamingClient,
    StreamingClientOptions,
    StreamingEvents,
    StreamingParameters,
    StreamingSessionParameters,
)

url, key = sys.argv[1:3]
begun, ended, failed = threading.Event(), threading.Event(), threading.Event()


def on_begin(_, event):
    print(json.dumps({"type": "Begin", "id": event.id}))
    begun.set()


def on_turn(_, event):
    print(json.dumps({
        "type": "Turn", "order": event.turn_order, "end": event.end_of_turn, "formatted": event.turn_is_formatted,
        "text": event.transcript, "words": [[word.text, word.start, word.end] for word in event.words],
    }))
    if event.end_of_turn and event.turn_is_formatted:
        ended.set()


def on_error(_, error):
    print(json.dumps({"type": "error", "code": error.code, "text": str(error)}))
    failed.set()
    begun.set()


client = StreamingClient(StreamingClientOptions(api_host=url, api_key=key))
client.on(StreamingEvents.Begin, on_begin)
client.on(StreamingEvents.Turn, on_turn)
client.on(StreamingEvents.Error, on_error)
client.on(StreamingEvents.Termination, lambda _, event: print(json.dumps({"type": "Termination"})))
client.connect(StreamingParameters(sample_rate=8000, encoding=Encoding.pcm_mulaw, format_turns=True))
begun.wait(10)
if not failed.is_set():
    client.set_params(StreamingSessionParameters(max_turn_silence=2000))
    client.keep_alive()
    for _ in range(30):
        client.stream(b"\x00" * 480)
    client.force_endpoint()
    ended.wait(10)
client.disconnect(terminate=not failed.is_set())
