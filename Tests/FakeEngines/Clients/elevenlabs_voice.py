"""Speaks three texts with ElevenLabs' own client over its realtime socket. Arguments: port, key, voice."""

import json
import sys

from elevenlabs import VoiceSettings
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError

port, key, voice = sys.argv[1:]
client = ElevenLabs(base_url=f"http://127.0.0.1:{port}", api_key=key)
# The client makes every address of the socket `wss`; the fake speaks no TLS.
client.text_to_speech._ws_base_url = f"ws://127.0.0.1:{port}"
try:
    pieces = list(
        client.text_to_speech.convert_realtime(
            voice,
            text=iter(["Sure, ", "which day suits you? ", "Tuesday or Friday? "]),
            model_id="eleven_flash_v2_5",
            output_format="ulaw_8000",
            voice_settings=VoiceSettings(stability=0.5, similarity_boost=0.8),
        )
    )
    print(json.dumps({"type": "heard", "bytes": sum(len(piece) for piece in pieces)}))
except ApiError as error:
    print(json.dumps({"type": "refused", "code": error.status_code}))
