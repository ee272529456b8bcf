#!/usr/bin/env python3
"""Makes new telephone audio from a corpus' own: other speeds, levels, filters, noises and echo paths.

    augment.py CORPUS OUT COUNT [--seed 0] [--folds N --without FOLD]

Writes OUT/wav and OUT/labels like those of a corpus. The same arguments give the same files. With --without, nothing
of that fold is used.
"""

import argparse
import dataclasses
import json
import pathlib

import numpy as np
from scipy.signal import butter, lfilter, resample_poly, sosfilt

import corpus
from corpus import FRAME, RATE

SPEECH = ("clean", "digits", "level_low", "level_hot", "turn_pause", "call")
BACKGROUND = ("noise_only", "impulse", "tones")
# Speech is as frequent as all the rest: a call is mostly that.
KINDS = ("speech", "speech", "speech", "noise", "interruption", "echo")


@dataclasses.dataclass
class Source:
    condition: str
    audio: np.ndarray
    agent: np.ndarray | None
    segments: list


@dataclasses.dataclass
class Made:
    kind: str
    caller: np.ndarray
    agent: np.ndarray | None
    segments: list


def read_sources(folder, folds, without):
    """What may be used, and only that: without the fold, if one is named."""
    folder = pathlib.Path(folder)
    sources = []
    labels = corpus.read_labels(folder)
    parts = corpus.folds_of(labels, folds) if folds else {}
    for name, label in labels.items():
        if folds and parts[name] == without:
            continue
        audio = corpus.read_audio(folder / label["file"])
        agent = corpus.read_audio(folder / label["reference"]) if "reference" in label else None
        # Speech is taken from quiet recordings, so that its labels still hold in another noise.
        condition = "noisy call" if label["condition"] == "call" and "noise" in label else label["condition"]
        sources.append(Source(condition, audio, agent, label["segments"]))
    return sources


def gain(decibels):
    return 10 ** (decibels / 20)


def level(audio):
    """RMS."""
    return np.sqrt(np.mean(audio * audio) + 1e-9)


def through_mu_law(audio):
    """What G.711 leaves of it: a sign, 3 bits of exponent, 4 of mantissa."""
    magnitude = np.minimum(np.abs(audio), 32_635 / 32_768) * 32_768 + 132
    step = 2 ** (np.clip(np.floor(np.log2(magnitude)), 7, 14) - 4)
    decoded = (np.floor(magnitude / step) + 0.5) * step - 132
    return (np.sign(audio) * decoded / 32_768).astype(np.float32)


class Maker:
    """Draws one recording after another."""

    def __init__(self, sources, seed):
        self.random = np.random.default_rng(seed)
        self.speech = [each for each in sources if each.condition in SPEECH and each.agent is None]
        self.background = [each for each in sources if each.condition.startswith(BACKGROUND)]
        self.impulses = [each for each in self.background if each.condition.startswith("impulse")]
        self.agents = [each.agent for each in sources if each.agent is not None]

    def make(self):
        length = round(RATE * self.random.uniform(10, 18)) // FRAME * FRAME
        kind = self.pick(KINDS)
        loudness = gain(self.random.uniform(-38, -14))
        caller, segments = np.zeros(length, np.float32), []
        if kind in ("speech", "interruption"):
            caller, segments = self.say(length, loudness)
        if kind == "noise" or self.random.random() < 0.7:
            caller = caller + self.noise(length, loudness, only=kind == "noise")
        if self.random.random() < 0.2:
            caller = caller + self.machine(length, loudness)
        caller = caller + self.random.normal(0, gain(self.random.uniform(-75, -55)), length)
        agent = None
        if kind in ("interruption", "echo"):
            agent = np.clip(self.excerpt(self.pick(self.agents), length, 90, 112) * self.gain(-8, 3), -0.98, 0.98)
            caller = caller + self.echo(agent)
            agent = through_mu_law(agent)
        return Made(kind, through_mu_law(np.clip(caller, -0.99, 0.99)), agent, segments)

    # What is chosen by lot

    def pick(self, choices):
        return choices[self.random.integers(len(choices))]

    def gain(self, low, high):
        return gain(self.random.uniform(low, high))

    def samples(self, low, high):
        return int(RATE * self.random.uniform(low, high))

    # The caller

    def say(self, length, loudness):
        """Phrases of several speakers with pauses between them, and where they are."""
        audio, segments = np.zeros(length, np.float32), []
        at = self.samples(0.3, 2.5)
        while at < length - RATE:
            phrase, spoken = self.phrase(length - at)
            if len(phrase) < RATE // 5:
                at += RATE // 2
                continue
            audio[at:at + len(phrase)] += phrase
            segments += [(at / RATE + start, at / RATE + end) for start, end in spoken if end - start > 0.05]
            at += len(phrase) + self.samples(0.3, 3)
        is_spoken = np.zeros(length, bool)
        for start, end in segments:
            is_spoken[int(start * RATE):int(end * RATE)] = True
        if is_spoken.any():
            audio *= loudness / level(audio[is_spoken])
        return audio, segments

    def phrase(self, longest):
        """Some neighbouring segments of one recording, with a little of what is around them, at another speed."""
        source = self.pick(self.speech)
        percent = self.random.integers(86, 117)
        audio = resample_poly(source.audio, percent, 100)
        segments = [(start * percent / 100, end * percent / 100) for start, end in source.segments]
        first = self.random.integers(len(segments))
        chosen = segments[first:first + self.random.integers(1, 5)]
        start = max(0, int((chosen[0][0] - 0.15) * RATE))
        end = min(len(audio), int((chosen[-1][1] + 0.2) * RATE), start + longest)
        phrase = self.coloured(audio[start:end])
        fade = np.linspace(0, 1, min(400, len(phrase) // 4))
        phrase[:len(fade)] *= fade
        phrase[len(phrase) - len(fade):] *= fade[::-1]
        seconds = len(phrase) / RATE
        return phrase, [(max(0, a - start / RATE), min(seconds, b - start / RATE)) for a, b in chosen]

    def coloured(self, audio):
        """Half of the time through another microphone and line."""
        audio = audio.astype(np.float32, copy=True)
        if self.random.random() < 0.5:
            return audio
        audio = lfilter([1, self.random.uniform(-0.5, 0.5)], [1], audio)
        if self.random.random() < 0.5:
            edges = [self.random.uniform(150, 400), self.random.uniform(2_500, 3_600)]
            audio = sosfilt(butter(2, edges, "band", fs=RATE, output="sos"), audio)
        return audio.astype(np.float32)

    # What else is on the line

    def noise(self, length, loudness, only):
        """A background at -2 to 25 dB below the caller; more impulses where there is nothing else."""
        source = self.pick(self.impulses if only and self.random.random() < 0.25 else self.background)
        audio = self.coloured(self.excerpt(source.audio, length, 75, 130))
        if source.condition.startswith("impulse"):
            below = self.random.uniform(-3, 15)
        else:
            below = self.random.uniform(*self.pick([(-2, 6), (6, 25)]))
        audio *= loudness * gain(-below) / level(audio)
        if self.random.random() < 0.3:
            hiss = lfilter([1], [1, -self.random.uniform(0, 0.98)], self.random.normal(0, 1, length))
            audio += hiss * loudness * self.gain(-35, -10) / level(hiss)
        return audio

    def machine(self, length, loudness):
        """A motor, a buzzer, a razor, switched on and off: harmonics as rich as a voice's, that do not move."""
        time = np.arange(length) / RATE
        pitch = self.random.uniform(50, 300) * (1 + 0.01 * np.sin(2 * np.pi * self.random.uniform(0.1, 0.5) * time))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        fall = self.random.uniform(0.3, 1.5)
        audio = np.zeros(length)
        for harmonic in range(1, int(3_800 / pitch.max()) + 1):
            audio += np.sin(harmonic * phase + self.random.uniform(0, 6.28)) / harmonic ** fall
        is_on, at = np.zeros(length), 0
        while at < length:
            pause, run = self.samples(0.3, 4), self.samples(0.04, 4) if self.random.random() < 0.7 else self.samples(0.04, 0.2)
            is_on[at + pause:at + pause + run] = 1
            at += pause + run
        is_on = lfilter(np.ones(40) / 40, [1], is_on)
        return self.coloured(audio * is_on * loudness * self.gain(-20, 3) / level(audio))

    def echo(self, agent):
        """The agent's voice after up to 280 ms, with a tail of 20 ms, 14 to 40 dB weaker; in part overdriven."""
        delay = self.samples(0, 0.28)
        path = self.random.normal(0, 1, RATE // 50) * np.exp(-np.arange(RATE // 50) / self.random.uniform(8, 50))
        path[0] = self.pick([1, 2, 4])
        path /= np.sqrt(np.sum(path * path))
        late = np.concatenate([np.zeros(delay), agent])[:len(agent)]
        echo = lfilter(path, [1], late) * self.gain(-40, -14)
        if self.random.random() < 0.3:
            loudest = max(np.abs(echo).max(), 1e-4)
            echo = np.tanh(echo * self.random.uniform(1, 6) / loudest) * loudest / 2
        return echo

    def excerpt(self, audio, length, slowest, fastest):
        """As much of a recording as is needed, from anywhere in it, at another speed; it starts anew where it ends."""
        audio = resample_poly(audio, self.random.integers(slowest, fastest + 1), 100)
        audio = np.tile(audio, length // len(audio) + 2)
        start = self.random.integers(len(audio) - length)
        return audio[start:start + length].astype(np.float32)


def write(made, name, out):
    """One recording as the corpus has them."""
    corpus.write_audio(out / f"wav/{name}.wav", made.caller)
    label = {
        "file": f"wav/{name}.wav", "condition": f"made_{made.kind}", "duration": len(made.caller) / RATE,
        "segments": [[float(start), float(end)] for start, end in made.segments],
    }
    if made.agent is not None:
        label["reference"] = f"wav/{name}.agent.wav"
        corpus.write_audio(out / label["reference"], made.agent)
    (out / f"labels/{name}.json").write_text(json.dumps(label))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folds", type=int)
    parser.add_argument("--without", type=int)
    arguments = parser.parse_args()
    for folder in ("wav", "labels"):
        (arguments.out / folder).mkdir(parents=True, exist_ok=True)
    maker = Maker(read_sources(arguments.corpus, arguments.folds, arguments.without), arguments.seed)
    for number in range(arguments.count):
        write(maker.make(), f"made_{number:04d}", arguments.out)


if __name__ == "__main__":
    main()
