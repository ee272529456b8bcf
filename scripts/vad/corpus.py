"""The labelled telephone audio: one label file and one WAV for each recording, and what the agent played beside it."""

import json
import pathlib
import wave

import numpy as np

RATE = 8_000
FRAME = 160


def read_labels(folder):
    """Label files of a corpus, as name: label, in the order of their names."""
    paths = sorted(pathlib.Path(folder, "labels").glob("*.json"))
    return {path.stem: json.loads(path.read_text()) for path in paths}


def read_audio(path):
    with wave.open(str(path)) as file:
        octets = file.readframes(file.getnframes())
    return np.frombuffer(octets, "<i2").astype(np.float32) / 32_768


def write_audio(path, audio):
    samples = (np.clip(audio, -1, 32_767 / 32_768) * 32_768).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def folds_of(labels, folds):
    """Which part of the corpus each recording belongs to, as name: fold.

    All recordings of one kind of impulse stay together, as they repeat the same few sounds. The others go by their
    number: the same number of `digits` and `call` is the same speaker.
    """
    kinds = sorted({label["condition"] for label in labels.values() if label["condition"].startswith("impulse_")})
    parts = {}
    for name, label in labels.items():
        number = int(name.rsplit("_", 1)[1])
        if label["condition"] in kinds:
            number = kinds.index(label["condition"])
        parts[name] = number % folds
    return parts
