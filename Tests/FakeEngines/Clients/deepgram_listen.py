"""Deepgram's own client against a fake: python deepgram_listen.py WS_URL KEY. Prints a line of JSON for each thing heard."""
import json
import sys
import threading

from deepgram import DeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.core.events import EventType
from deepgram.environment import DeepgramClientEnvironment
from websockets.exceptions import InvalidStatus

url, key = sys.argv[1:3]
ended = threading.Event()


def heard(message):
    if message.type == "Results":
        # The client takes anything; this raises where a field is missing or of another type.
        type(message).model_validate(message.model_dump())
        best = message.channel.alternatives[0]
        print(json.dumps({
            "type": "Results", "final": message.is_final, "flushed": message.from_finalize, "text": best.transcript,
            "words": [[word.word, word.start, word.end] for word in best.words],
        }))
        if message.from_finalize:
            ended.set()
    else:
        print(json.dumps({"type": message.type}))


environment = DeepgramClientEnvironment(
    base="http://unused", production=url, agent="ws://unused", agent_rest="http://unused")
client = DeepgramClient(api_key=key, environment=environment)
try:
    with client.listen.v1.connect(
        model="nova-3", encoding="mulaw", sample_rate="8000", channels="1", interim_results="true",
        vad_events="true", language="en-US", smart_format="true", endpointing="300", utterance_end_ms="1000",
    ) as connection:
        connection.on(EventType.MESSAGE, heard)
        connection.on(EventType.ERROR, lambda error: print(json.dumps({"type": "error", "text": str(error)})))
        listener = threading.Thread(target=connection.start_listening)
        listener.start()
        connection.send_keep_alive()
        for _ in range(20):
            connection.send_media(b"\x00" * 800)
        connection.send_finalize()
        ended.wait(10)
        connection.send_close_stream()
        listener.join(10)
        print(json.dumps({"type": "end"}))
except ApiError as error:
    print(json.dumps({"type": "refused", "status": error.status_code}))
except InvalidStatus as error:
    # The client looks for the error of an older websockets, and lets this one through.
    print(json.dumps({"type": "refused", "status": error.response.status_code}))
