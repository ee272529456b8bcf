"""Runs `parley vad` over the corpus, once for each way of asking it."""

import re
import subprocess
from dataclasses import dataclass


class Failed(Exception):
    """`parley vad` did not do what it was asked."""


@dataclass(frozen=True)
class Run:
    """One row of the table: an identifier, what people read, and the words behind `parley vad`."""
    id: str
    title: str
    arguments: tuple


RUNS = (
    Run("speech", "Parley, speech", ("--mode", "speech")),
    Run("confirmed", "Parley, confirmed", ("--mode", "bargein")),
    Run("no_reference", "Parley, no reference", ("--mode", "speech", "--no-reference")),
)
SECOND_OPINION = (
    Run("second_speech", "+ second opinion, speech", ("--mode", "speech", "--second-opinion", "on")),
    Run("second_confirmed", "+ second opinion, confirmed", ("--mode", "bargein", "--second-opinion", "on")),
)


def detect(parley, wavs, folder, run):
    """Writes the CSVs of one run into `folder`.

    - Returns: the mean cost of a 20 ms frame in microseconds, or None when the command does not say.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.csv"):  # a file the command forgets must not be scored from an earlier run
        old.unlink()
    command = [str(parley), "vad", *map(str, wavs), "--csv", str(folder), *run.arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise Failed(f"{parley} cannot be run ({error.strerror}); `make build` makes it") from None
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
        raise Failed(f"`parley vad {' '.join(run.arguments)}` failed: {said[-1]}")
    missing = [wav.stem for wav in wavs if not (folder / f"{wav.stem}.csv").exists()]
    if missing:
        raise Failed(f"`parley vad {' '.join(run.arguments)}` wrote no CSV for {len(missing)} files, e.g. {missing[0]}")
    return microseconds(done.stderr)


def microseconds(said):
    """From a last line such as `mean 1.9 us, worst file p99 4.2 us over 149000 frames`."""
    lines = said.strip().splitlines()
    found = re.search(r"\bmean ([0-9.]+) ?[uµ]s\b", lines[-1]) if lines else None
    return float(found.group(1)) if found else None
