"""How much each frame counts in the fit."""

import numpy as np

# What must not stop the agent counts more; a doubtful label counts less. Other people's voices are doubtful: the corpus
# calls them no speech, and nothing but their level tells them from a caller.
BY_CONDITION = {
    "noise_only_street": 2.5, "noise_only_office": 2.5, "noise_only_line": 2.5,
    "noise_only_babble": 0.3, "noise_only_cafe": 0.3, "meeting_hand": 0.3,
    "babble_5dB": 0.5, "babble_0dB": 0.5, "cafe_5dB": 0.5, "cafe_0dB": 0.5,
    "tones": 4, "echo-20dB_silent": 1.5, "echo-30dB_silent": 1.5,
    "made_noise": 1.5, "made_echo": 1.5,
}
IMPULSE = 2.5
# The first 100 ms of speech, on which the delay of a barge-in depends.
ONSET_FRAMES = 5
ONSET = 2


def of(recording):
    """One weight for each frame."""
    by_condition = BY_CONDITION.get(recording.condition, 1)
    if recording.condition.startswith("impulse_"):
        by_condition = IMPULSE
    weights = np.full(len(recording.is_speech), float(by_condition))
    began = np.flatnonzero(np.diff(recording.is_speech.astype(int), prepend=0) == 1)
    for frame in began:
        weights[frame:frame + ONSET_FRAMES] *= ONSET
    return weights
