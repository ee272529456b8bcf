"""What the peers have in common: a telephone line's sound, and the answer that an agent with instant engines would give."""

import math

import numpy as np

RATE = 8_000
FRAME = 160  # samples, and octets of mu-law, in 20 ms
SECONDS_OF_REPLY = 4


def _expand(octet: int) -> int:
    """One mu-law octet as a sample of 16 bits (ITU-T G.711)."""
    code = ~octet & 0xFF
    size = ((((code & 0x0F) << 3) + 132) << (code >> 4 & 7)) - 132
    return -size if code & 0x80 else size


def _compress(sample: int) -> int:
    sign, size = (0x80, -sample) if sample < 0 else (0, sample)
    size = min(size, 32_635) + 132
    segment = size.bit_length() - 8
    return ~(sign | segment << 4 | size >> segment + 3 & 0x0F) & 0xFF


_EXPANDED = np.array([_expand(octet) for octet in range(256)], dtype=np.int16)
# By the sample's bits, so that a negative one needs no case of its own.
_COMPRESSED = np.array([_compress(bits - 65_536 if bits & 0x8000 else bits) for bits in range(65_536)], dtype=np.uint8)


def decode(octets: bytes) -> np.ndarray:
    """Samples of 16 bits."""
    return _EXPANDED[np.frombuffer(octets, dtype=np.uint8)]


def encode(samples: np.ndarray) -> bytes:
    """Mu-law of samples of 16 bits."""
    return _COMPRESSED[samples.view(np.uint16)].tobytes()


def reply() -> np.ndarray:
    """Four seconds of a tone at -20 dBFS: as much work as speech to whoever plays it."""
    time = np.arange(SECONDS_OF_REPLY * RATE)
    return (3_277 * np.sin(2 * math.pi * 440 / RATE * time)).astype(np.int16)
