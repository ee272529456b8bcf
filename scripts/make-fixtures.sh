#!/bin/sh
# Makes the callers' audio of every fixture from the words in its call.yaml: flite's voices, brought to 8 kHz and to one
# loudness, mu-law coded; a shaped burst for the cough, band noise for the noisy line. The same words give the same
# files.
#
# Usage: scripts/make-fixtures.sh [FIXTURE...]      (all of them without arguments)
# Needs: flite (Debian and Ubuntu: apt-get install flite) and python3.
set -eu
cd "$(dirname "$0")/.."
command -v flite >/dev/null || { echo "make-fixtures: flite is not installed; apt-get install flite" >&2; exit 2; }
command -v python3 >/dev/null || { echo "make-fixtures: it needs python3; apt-get install python3" >&2; exit 2; }
exec python3 - "$@" <<'PYTHON'
import array, math, os, random, re, struct, subprocess, sys, tempfile, wave

# The agent speaks with slt or joe; callers never do.
VOICES = {
    "books-a-cleaning": "rms",
    "barges-in": "rms",
    "mhm-and-cough": "rms",
    "goes-silent": None,
    "uses-keys": "kal16",
    "refuses-the-text": "rms",
    "noisy-line": "rms",
}
SPEECH_DBFS = -20.0   # RMS over the frames within 30 dB of the loudest
NOISE_DB = 38.0       # below the speech
RATE = 8000


def lines(folder):
    """(wav, text) of every spoken line of a call.yaml, in order."""
    script = open(os.path.join(folder, "call.yaml"), encoding="utf-8").read()
    return re.findall(r'- wav: (\S+)\n\s+text: "([^"]*)"', script)


def read(path):
    with wave.open(path, "rb") as file:
        samples = array.array("h", file.readframes(file.getnframes()))
        return file.getframerate(), [sample / 32768 for sample in samples]


def halve(samples):
    """16 kHz to 8 kHz: a 95-tap low-pass at 3.6 kHz (Blackman window), then every second sample."""
    reach, cut = 47, 3600 / 16000
    taps = []
    for n in range(-reach, reach + 1):
        ideal = 2 * cut if n == 0 else math.sin(2 * math.pi * cut * n) / (math.pi * n)
        place = (n + reach) / (2 * reach)
        taps.append(ideal * (0.42 - 0.5 * math.cos(2 * math.pi * place) + 0.08 * math.cos(4 * math.pi * place)))
    padded = [0.0] * reach + samples + [0.0] * reach
    return [sum(t * s for t, s in zip(taps, padded[i:i + 2 * reach + 1])) for i in range(0, len(samples), 2)]


def level(samples):
    """RMS of the frames of 20 ms that are within 30 dB of the loudest one."""
    frames = [samples[i:i + 160] for i in range(0, len(samples) - 159, 160)]
    powers = [sum(s * s for s in frame) / 160 for frame in frames]
    loud = [power for power in powers if power > max(powers) / 1000]
    return math.sqrt(sum(loud) / len(loud))


def scaled(samples, dbfs):
    gain = 10 ** (dbfs / 20) / level(samples)
    return [sample * gain for sample in samples]


def mulaw(sample):
    """ITU-T G.711."""
    value = max(-32635, min(32635, int(round(sample * 32768))))
    sign = 0x80 if value < 0 else 0
    magnitude = abs(value) + 132
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | magnitude >> exponent + 3 & 15) & 255


def write(path, samples):
    data = bytes(mulaw(sample) for sample in samples)
    pad = b"\0" * (len(data) & 1)
    chunks = b"fmt " + struct.pack("<IHHIIHHH", 18, 7, 1, RATE, RATE, 1, 8, 0)
    chunks += b"fact" + struct.pack("<II", 4, len(data)) + b"data" + struct.pack("<I", len(data)) + data + pad
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)


def speech(text, voice):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "speech.wav")
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True, stdout=subprocess.DEVNULL)
        rate, samples = read(path)
    assert rate == 16000, f"{voice} speaks at {rate}"
    quiet = [0.0] * (RATE // 10)
    return quiet + scaled(halve(samples), SPEECH_DBFS) + quiet


def bandpass(samples, low, high):
    """Two cascaded biquads (RBJ cookbook, constant peak gain) around the band's middle."""
    middle, width = math.sqrt(low * high), high - low
    omega = 2 * math.pi * middle / RATE
    alpha = math.sin(omega) * width / (2 * middle)
    for _ in range(2):
        x1 = x2 = y1 = y2 = 0.0
        out = []
        for x in samples:
            y = (alpha * x - alpha * x2 + 2 * math.cos(omega) * y1 - (1 - alpha) * y2) / (1 + alpha)
            x2, x1, y2, y1 = x1, x, y1, y
            out.append(y)
        samples = out
    return samples


def cough():
    """A burst of 60 ms, a gap, a longer tail: noise from 400 to 2400 Hz under a fast attack and a slow decay."""
    source = random.Random("cough")
    shape = []
    for length, peak in ((70, 1.0), (40, 0.02), (130, 0.55)):
        count = RATE * length // 1000
        for i in range(count):
            attack = min(1.0, i / (RATE * 0.006))
            shape.append(peak * attack * math.exp(-2.5 * i / count))
    burst = bandpass([source.gauss(0, 1) for _ in shape], 400, 2400)
    quiet = [0.0] * (RATE // 20)
    return quiet + scaled([b * s for b, s in zip(burst, shape)], SPEECH_DBFS + 2) + quiet


def noise():
    """Two seconds of noise in the telephone band; the last 50 ms are blended into the first, so that it loops."""
    source = random.Random("noise")
    blend = RATE // 20
    samples = bandpass([source.gauss(0, 1) for _ in range(2 * RATE + blend + 400)], 300, 2600)[400:]
    for i in range(blend):
        share = i / blend
        samples[i] = samples[i] * math.sqrt(share) + samples[2 * RATE + i] * math.sqrt(1 - share)
    return scaled(samples[:2 * RATE], SPEECH_DBFS - NOISE_DB)


def origin(name, voice):
    said = {
        "rms": "the voice `rms` of flite 2.2 (CMU ARCTIC, male)",
        "awb": "the voice `awb` of flite 2.2 (CMU ARCTIC, male, Scottish accent)",
        "kal16": "the voice `kal16` of flite 2.2 (diphones)",
    }
    text = ["# Where this caller comes from", ""]
    if voice:
        text += [f"Speech: {said[voice]}, from the words in `call.yaml`, at 8 kHz in mu-law, {SPEECH_DBFS:g} dBFS.",
                 "Licence of flite and its voices: BSD-like (see NOTICE); what they speak carries no further terms."]
    else:
        text += ["Nobody speaks: the caller sends silence."]
    if name == "mhm-and-cough":
        text += ["`cough.wav`: noise from a fixed seed, shaped by `scripts/make-fixtures.sh`; nobody coughed."]
    if name == "noisy-line":
        text += [f"`noise.wav`: noise from a fixed seed in 300-2600 Hz, {NOISE_DB:g} dB below the speech; it is mixed",
                 "under everything that the caller sends, in a loop. The voice files themselves are clean."]
    text += ["", f"Made by `scripts/make-fixtures.sh {name}`.", ""]
    return "\n".join(text)


for name in sys.argv[1:] or VOICES:
    if name not in VOICES:
        sys.exit(f"make-fixtures: no voice is chosen for {name}; add it to VOICES in scripts/make-fixtures.sh")
    folder, voice = os.path.join("Fixtures", name), VOICES[name]
    spoken = lines(folder)
    for wav, text in spoken:
        write(os.path.join(folder, wav), cough() if text == "(coughs)" else speech(text, voice))
    if name == "noisy-line":
        write(os.path.join(folder, "noise.wav"), noise())
    with open(os.path.join(folder, "origin.md"), "w", encoding="utf-8") as file:
        file.write(origin(name, voice))
    print(f"{folder}: {len(spoken)} spoken lines")
PYTHON
