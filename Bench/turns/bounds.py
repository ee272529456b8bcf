"""What the detector must hold, from bounds.json: each bound against its measured value."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    run: str
    figure: str
    bound: str            # as people read it: "at least 0.965"
    value: float | None   # None: this run was not made
    holds: bool | None

    @property
    def word(self):
        return {True: "pass", False: "FAIL", None: "not run"}[self.holds]


def judged(bounds, rows):
    """- Parameter bounds: {run: {figure: {"at_least" or "at_most": number}}}. rows: {run: {figure: number}}."""
    verdicts = []
    for run, figures in bounds.items():
        for figure, bound in figures.items():
            (kind, limit), = bound.items()
            if kind not in ("at_least", "at_most"):
                raise ValueError(f"bounds: {run}.{figure} says '{kind}'; it is at_least or at_most")
            value = rows[run][figure] if run in rows else None
            # A run that has no such figure has not kept its bound.
            holds = None if run not in rows else value is not None and (
                value >= limit if kind == "at_least" else value <= limit)
            verdicts.append(Verdict(run, figure, f"{kind.replace('_', ' ')} {limit:g}", value, holds))
    return verdicts


def load(path):
    return json.loads(path.read_text())
