"""Places the calls of one stage and writes what came of each to calls.json in the stage's directory."""

import argparse, concurrent.futures, glob, json, os, re, subprocess, sys, threading

import recording

NODS_AT_ONCE, INTERRUPTIONS_AT_ONCE, NOISES_AT_ONCE = 4, 2, 3

# Said over the agent, and meant.
INTERRUPTIONS = [
    "No wait, I meant Wednesday.",
    "Stop.",
    "Hold on a second.",
    "Excuse me, can I ask something?",
    "Actually I'd like to cancel.",
    "Wait.",
    "Sorry, what was that?",
    "That is not what I want.",
    "How much does it cost?",
    "Please tell me the address again.",
    "I need to speak to somebody.",
    "Can you hear me?",
]
CALLERS = ["rms", "slt", "awb"]
# Beside the fixture's "uh-huh" and cough: said over the agent, and only to show that one listens.
NODS = [("awb", "Uh-huh."), ("rms", "Okay."), ("rms", "Yeah."), ("awb", "Right.")]
ECHOES = ["-12:60", "-12:180", "-18:60", "-18:180", "-24:120", "-30:250"]

parser = argparse.ArgumentParser()
parser.add_argument("stage")
parser.add_argument("--parley", required=True)
parser.add_argument("--port", help="of the gateway; without, the calls are played in virtual time")
parser.add_argument("--flow", help="the agent's, in virtual time")
parser.add_argument("--directory", required=True)
parser.add_argument("--corpus", required=True)
options = parser.parse_args()
url = f"ws://127.0.0.1:{options.port}/media/twilio"
speaking = threading.Lock()


def spoken(voice, text):
    """A WAV of these words, made once."""
    words = re.sub("[^a-z]+", "-", text.lower()).strip("-")
    path = os.path.join(os.path.dirname(options.directory), "said", f"{words}-{voice}.wav")
    with speaking:
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            subprocess.run([options.parley, "say", "--voice", voice, "--text", text, "--out", path], check=True,
                           stdout=subprocess.DEVNULL)
    return path


def prepare(name, lines, hangup, longest=90, arguments=()):
    """Writes one call's script. A line is (wav, cue); the folder of the call keeps all that is known of it."""
    folder = os.path.join(options.directory, name)
    os.makedirs(folder, exist_ok=True)
    script = ["utterances:" if lines else "utterances: []"]
    for number, (wav, cue) in enumerate(lines):
        link = os.path.join(folder, f"line{number + 1}.wav")
        if os.path.lexists(link):
            os.remove(link)
        os.symlink(os.path.abspath(wav), link)
        script.append(f"  - {{wav: line{number + 1}.wav, text: {os.path.basename(wav)[:-4]}, say: {{{cue}}}}}")
    script += [f"hangup: {{{hangup}}}", f"expect: {{max_duration: {longest}s}}"]
    with open(os.path.join(folder, "call.yaml"), "w", encoding="utf-8") as file:
        file.write("\n".join(script) + "\n")
    return name, folder, arguments


def place(job):
    """One call through the gateway."""
    name, folder, arguments = prepare(*job)
    done = subprocess.run([options.parley, "call", url, "--fixture", folder, "--json", f"{folder}/report.json",
                           "--record", f"{folder}/call.wav", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(f"{folder}/call.txt", "w", encoding="utf-8") as file:
        file.write(done.stdout)
    if done.returncode > 1:
        sys.exit(f"live-turns: no call was made:\n{done.stdout}")
    return outcome(name, folder)


def study(jobs):
    """The calls in virtual time: those with the same arguments by one process."""
    prepared = [prepare(*job) for job in jobs]
    groups = {}
    for _, folder, arguments in prepared:
        groups.setdefault(tuple(arguments), []).append(folder)

    def run(group):
        arguments, folders = group
        done = subprocess.run([options.parley, "study", "--keep", "--network-delay", "0", "--flow", options.flow,
                               *arguments, *folders],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode > 1:
            sys.exit(f"live-turns: no call was made:\n{done.stdout}")

    halves = [(arguments, folders[half::2]) for arguments, folders in groups.items() for half in (0, 1)
              if folders[half::2]]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(run, halves))
    return [outcome(name, folder) for name, folder, _ in prepared]


def agent_turns(report):
    """[heard, unheard] of each reply: from the ledger, where there is one."""
    if not options.port:
        return [[turn["heard"], turn["unheard"]] for turn in report["agentTurns"]]
    ledger = subprocess.run(
        [options.parley, "ledger", "call", report["callID"], "--json", "--ledger",
         os.path.join(options.directory, "ledger.sqlite")], stdout=subprocess.PIPE, text=True, check=True)
    return [[turn["text"], turn["unheard"]] for turn in json.loads(ledger.stdout)["turns"] if turn["side"] == "agent"]


def outcome(name, folder):
    """What came of one call."""
    report = json.load(open(f"{folder}/report.json", encoding="utf-8"))["calls"][0]["report"]
    heard = recording.Heard(f"{folder}/call.wav")
    return {
        "name": name,
        "turns": report["turns"],
        "understood": [turn["text"] for turn in report["callerTurns"]],
        "nods": sum(turn["isBackchannel"] for turn in report["callerTurns"]),
        "agent": agent_turns(report),
        "stops": stops(open(f"{folder}/call.txt", encoding="utf-8").read(), heard),
        "end": report["endReason"],
        "stuck": report.get("stuck"),
        "audible": heard.audible(),
        "words": heard.words(),
        "span": heard.span(),
    }


def stops(output, heard):
    """Every time the agent was stopped, on the caller's clock: [{at, verdict, after, repeated}] in milliseconds."""
    found = []
    for seconds, state in re.findall(r"^ *\+(\d+\.\d+)  event +barge-in (\w+)", output, re.MULTILINE):
        at = float(seconds) * 1000
        if state == "paused":
            found.append({"at": at, "verdict": "none", "after": None, "repeated": None})
        elif found:
            found[-1].update(verdict=state, after=at - found[-1]["at"])
            if state == "resumed":
                found[-1]["repeated"] = heard.repeated(found[-1]["at"], at)
    return found


def together(count, jobs):
    if not options.port:
        return study(jobs)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(place, jobs))


def nods():
    """Each sound once by itself, and four in one call; beside three calls in which nobody says anything."""
    fixture = "Fixtures/mhm-and-cough/"
    sounds = [fixture + "mhm.wav", fixture + "cough.wav"] + [spoken(*nod) for nod in NODS]
    quiet = "after_quiet: 1s"
    jobs = [(f"undisturbed-{number}", [], quiet) for number in range(3)]
    for number, sound in enumerate(sounds):
        name = os.path.basename(sound)[:-4]
        for offset in (800 + 130 * number, 3000 + 370 * number, 6100 - 210 * number):
            jobs.append((f"{name}-{offset}", [(sound, f"into_agent: {offset}ms")], quiet))
    mhm, cough = sounds[:2]
    jobs.append(("mhm-cough-mhm-cough", [(mhm, "into_agent: 1s"), (cough, "into_agent: 900ms"),
                                         (mhm, "into_agent: 1300ms"), (cough, "into_agent: 700ms")], quiet))
    return together(NODS_AT_ONCE, jobs)


def interruptions(is_list):
    jobs = []
    for number, text in enumerate(INTERRUPTIONS):
        for turn, voice in enumerate(CALLERS):
            if (turn == number % 3) != is_list:
                continue
            # Spread over the agent's words: 0.6 to 6 s into them.
            offset = 600 + (number * 3 + turn) * 1373 % 5400
            jobs.append((f"{number + 1:02}-{voice}-{offset}", [(spoken(voice, text), f"into_agent: {offset}ms")],
                         "after_quiet: 1500ms", 60))
    if not is_list:
        said = ["barges-in/reason", "barges-in/when", "refuses-the-text/reason", "books-a-cleaning/when"]
        for number, name in enumerate(said):
            jobs.append((name.replace("/", "-"), [(f"Fixtures/{name}.wav", f"into_agent: {900 + 700 * number}ms")],
                         "after_quiet: 1500ms", 60))
    return together(INTERRUPTIONS_AT_ONCE, jobs)


def noises():
    """Files of the corpus in which nobody speaks to the agent; those with an echo hold that of another agent."""
    jobs = []
    for path in sorted(glob.glob(os.path.join(options.corpus, "labels", "*.json"))):
        label = json.load(open(path, encoding="utf-8"))
        if label["segments"] or "reference" in label:
            continue
        wav = os.path.join(options.corpus, label["file"])
        name = os.path.basename(wav)[:-4]
        # Twice, so that it meets the agent's words at other places.
        for offset in (1000, 2300):
            hangup = f"at: {offset / 1000 + label['duration'] + 4:.1f}s"
            jobs.append((f"{name}-{offset}", [(wav, f"into_agent: {offset}ms")], hangup))
    return together(NOISES_AT_ONCE, jobs)


def echoes():
    jobs = [(f"echo{echo.replace(':', '-')}", [], "at: 30s", 90, ["--echo", echo]) for echo in ECHOES]
    return together(3, jobs)


calls = {
    "nods": nods,
    "interruptions-list": lambda: interruptions(True), "interruptions-talk": lambda: interruptions(False),
    "noises": noises, "echoes": echoes,
}[options.stage]()
with open(os.path.join(options.directory, "calls.json"), "w", encoding="utf-8") as file:
    json.dump(calls, file, indent=1)
print(f"{options.stage}: {len(calls)} calls")
