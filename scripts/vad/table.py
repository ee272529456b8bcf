"""The network as `SpeechModelTable.swift` holds it."""

import numpy as np

import features
from model import Network

PATH = features.SWIFT / "SpeechModelTable.swift"


def write(network, path=PATH):
    def row(name, *numbers):
        return " ".join([name] + [f"{number:.3f}" for number in numbers])

    weights, bias, speech, offset = network.parameters
    rows = [
        row(name, mean, spread, *by_unit)
        for name, mean, spread, by_unit in zip(features.names(), network.mean, network.spread, weights)
    ]
    rows += [row("bias", *bias), row("speech", *offset, *speech)]
    text = "".join(f"        {each}\n" for each in rows)
    path.write_text(
        "/// What `SpeechModel` weighs: made by `scripts/vad/fit.sh`, not by hand.\n"
        f'enum SpeechModelTable {{\n    static let text = """\n{text}        """\n}}\n')


def read(path=PATH):
    """What is there, with the three decimals that are written."""
    lines = path.read_text().split('"""')[1].split("\n")
    rows = {line.split()[0]: [float(number) for number in line.split()[1:]] for line in lines if line.strip()}
    by_feature = np.array([rows[name] for name in features.names()])
    mean, spread, weights = by_feature[:, 0], by_feature[:, 1], by_feature[:, 2:]
    offset, *speech = rows["speech"]
    return Network(mean, spread, [weights, np.array(rows["bias"]), np.array(speech), np.array([offset])])
