"""What a detector with these log-odds would do, by the corpus' own scorer.

The decisions are those of `VoiceActivityDetector`, but for its tone detector, which needs the spectrum: tones, and the
little speech it takes for tones, are judged by the network alone.
"""

import importlib.util
import pathlib
import re

import numpy as np
from scipy.signal import lfilter

import features

SMOOTHING = 0.8  # of `VoiceActivityDetector.odds`
STARTING_ODDS = -4


def load_scorer(folder):
    """CORPUS/score_vad.py as a module."""
    spec = importlib.util.spec_from_file_location("score_vad", pathlib.Path(folder, "score_vad.py"))
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def rules():
    """`VoiceActivityDetector.Rule`: name: (odds, frames)."""
    source = (features.SWIFT / "VoiceActivityDetector.swift").read_text()
    found = re.findall(r"static let (\w+): \(odds: Float, frames: Int\) = \((-?[\d.]+), (\d+)\)", source)
    return {name: (float(odds), int(frames)) for name, odds, frames in found}


def smoothed(odds):
    kept = 1 - SMOOTHING
    return lfilter([SMOOTHING], [1, -kept], odds, zi=[kept * STARTING_ODDS])[0]


def hysteresis(odds, on, off, is_allowed):
    """On when the odds have been high for some frames, off when they have been low for some."""
    decisions = np.zeros(len(odds), bool)
    is_on, run = False, 0
    for frame, value in enumerate(odds):
        if not is_allowed[frame]:
            is_on, run = False, 0
            continue
        argues = value < off[0] if is_on else value >= on[0]
        run = run + 1 if argues else 0
        if run >= (off[1] if is_on else on[1]):
            is_on, run = not is_on, 0
        decisions[frame] = is_on
    return decisions


def decide(odds):
    """-> speech, confirmed"""
    rule = rules()
    speech = hysteresis(odds, rule["on"], rule["off"], np.ones(len(odds), bool))
    return speech, hysteresis(odds, rule["confirmed"], rule["lost"], speech)


def score(recordings, decisions, scores, scorer):
    """-> figures over all, figures by group; as score_vad.py has them"""
    everything, groups = scorer.stats(), {}
    for recording, decision, each in zip(recordings, decisions, scores):
        frames = int(recording.label["duration"] / scorer.HOP)
        missing = max(0, frames - len(decision))
        decision = np.pad(decision[:frames], (0, missing))
        each = np.pad(each[:frames], (0, missing), constant_values=each.min())
        group = groups.setdefault(scorer.group_of(recording.condition), scorer.stats())
        for stats in (everything, group):
            scorer.score_file(recording.label, decision, each, stats)
    return scorer.finish(everything), {name: scorer.finish(stats) for name, stats in groups.items()}


def figures(recordings, raw_odds, scorer):
    """The few by which two fits are compared: name: value."""
    odds = [smoothed(each) for each in raw_odds]
    decisions = [decide(each) for each in odds]
    speech, speech_groups = score(recordings, [each[0] for each in decisions], odds, scorer)
    confirmed, confirmed_groups = score(recordings, [each[1] for each in decisions], odds, scorer)
    false, delay, cut = "false_bargein_per_h_120", "bargein_delay_median_ms_120", "cutoffs_per_100_turns_500"
    return {
        "AUC": speech["auc"],
        "AUC at most 5 dB": speech_groups["noise<=5dB"]["auc"],
        "F1": speech["f1"],
        "onset, median ms": speech["onset_delay_median_ms"],
        "cut-offs at 500 ms per 100 turns, calls": speech_groups["call"][cut],
        "cut-offs at 500 ms per 100 turns, all": speech[cut],
        "false stops/h": speech[false],
        "false stops/h, echo": speech_groups["echo_silent"][false],
        "false stops/h, impulses": speech_groups["impulse"][false],
        "confirmed false stops/h": confirmed[false],
        "confirmed false stops/h, echo": confirmed_groups["echo_silent"][false],
        "confirmed false stops/h, impulses": confirmed_groups["impulse"][false],
        "confirmed false stops/h, noise without voices": confirmed_groups["noise_only"][false],
        "confirmed false stops/h, at most 5 dB": confirmed_groups["noise<=5dB"][false],
        "confirmed barge-in, median ms (bi50)": confirmed[delay],
        "confirmed barge-in, missed %": confirmed["bargein_missed_pct_120"],
    }


def tell(title, values):
    print(title)
    for name, value in values.items():
        print(f"  {name:<48}{value:>9.4g}", flush=True)
