"""What the detector measured of each recording, as `parley vad --features` wrote it, with its labels."""

import dataclasses
import pathlib
import re

import numpy as np

import corpus

SWIFT = pathlib.Path(__file__).resolve().parents[2] / "Sources/ParleyCore/VoiceActivity"


@dataclasses.dataclass
class Recording:
    name: str
    label: dict
    values: np.ndarray  # float32, frames x features
    is_speech: np.ndarray  # bool, frames

    @property
    def condition(self):
        return self.label["condition"]


def names():
    """In the order of `VoiceFeatures.values`: three vectors of bands, then the cases of `Single`."""
    source = (SWIFT / "VoiceFeatures.swift").read_text()
    single = re.search(r"enum Single.*?\{(.*?)\}", source, re.DOTALL)[1]
    cases = [case.strip() for line in re.findall(r"case (.*)", single) for case in line.split(",")]
    bands = [f"band{band}{suffix}" for suffix in ("", "Mean", "Fast") for band in range(8)]
    count = int(re.search(r"static let count = (\d+)", source)[1])
    if len(bands + cases) != count:
        raise SystemExit(f"VoiceFeatures has {count} values, but {len(bands + cases)} have a name")
    return bands + cases


def load(folder, features, scorer):
    """All recordings of a corpus; a frame is speech as the scorer counts it."""
    count = len(names())
    recordings = []
    for name, label in corpus.read_labels(folder).items():
        values = np.fromfile(pathlib.Path(features, f"{name}.f32"), "<f4").reshape(-1, count)
        recordings.append(Recording(name, label, values, scorer.grid(label["segments"], len(values))))
    return recordings
