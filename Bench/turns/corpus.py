"""The telephony corpus: where it is, what its labels say, and the scorer that lives in it.

The scorer is imported from the corpus folder and never copied, so that a figure here and a figure there are one figure.
"""

import hashlib
import importlib.util
import json
import pathlib
import wave
from dataclasses import dataclass

import numpy


class Absent(Exception):
    """The corpus, or a part of it, is not on this machine."""


@dataclass
class File:
    """One caller's side with its labels, on the scorer's grid of 20 ms frames."""
    name: str
    label: dict
    truth: numpy.ndarray      # bool per frame: at least half of it is labelled speech
    outside: numpy.ndarray    # bool per frame: so far from labelled speech that a barge-in here is a false one

    @property
    def turns(self):
        return [(turn["start"], turn["end"]) for turn in self.label.get("turns", [])]

    @property
    def seconds_outside(self):
        return float(self.outside.sum()) * 0.02


class Corpus:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for part in ("wav", "labels", "score_vad.py"):
            if not (self.folder / part).exists():
                raise Absent(f"there is no corpus at {folder} ('{part}' is not there)")
        self.wavs = sorted(path for path in (self.folder / "wav").glob("*.wav") if not path.name.endswith(".agent.wav"))
        self.scorer = self._scorer()
        self.files = [self._file(path) for path in sorted((self.folder / "labels").glob("*.json"))]
        if not self.files or not self.wavs:
            raise Absent(f"the corpus at {folder} is empty")

    def _scorer(self):
        spec = importlib.util.spec_from_file_location("score_vad", self.folder / "score_vad.py")
        scorer = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(scorer)
        return scorer

    def _file(self, path):
        label = json.loads(path.read_text())
        frames = int(label["duration"] / self.scorer.HOP)
        # The scorer's own guard: a stop this close to speech is not called false.
        near = [[max(0, start - 0.25), end + 0.4] for start, end in label["segments"]]
        return File(path.stem, label, self.scorer.grid(label["segments"], frames), ~self.scorer.grid(near, frames))

    def fingerprint(self):
        """Of labels and scorer: figures made with another fingerprint are not comparable."""
        digest = hashlib.sha256((self.folder / "score_vad.py").read_bytes())
        for path in sorted((self.folder / "labels").glob("*.json")):
            digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def audio(self, file):
        """(caller, agent or None) as floats in ±1 at 8 kHz."""
        reference = file.label.get("reference")
        return _samples(self.folder / file.label["file"]), _samples(self.folder / reference) if reference else None


def _samples(path):
    with wave.open(str(path)) as sound:
        return numpy.frombuffer(sound.readframes(sound.getnframes()), numpy.int16) / 32768
