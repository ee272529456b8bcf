"""Reads the calls of the stages, prints one table, and exits with 1 when a bound was not kept."""

import json, math, os, re, sys

directory, *stages = sys.argv[1:]
calls = {stage: json.load(open(os.path.join(directory, stage, "calls.json"), encoding="utf-8")) for stage in stages}
PEOPLE = ("noise_only_babble", "noise_only_cafe")  # other people talk in these
failures = 0


def words(flow):
    """The agent's words of the first reply in a flow of this folder, as one text."""
    text = open(os.path.join(os.path.dirname(__file__), flow), encoding="utf-8").read()
    steps = re.findall(r"(?<!re)(?:say|prompt): (?:>-\n((?:      .*\n)+)|\"(.*)\")", text)
    return " ".join(" ".join((block or line).split()) for block, line in steps)


LIST, TALK = words("list.yaml"), words("talk.yaml")
COUNT = len(LIST.split())


def percentile(values, share):
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def number(value):
    return "-" if value is None else "never" if value == math.inf else f"{value:.0f}"


def row(what, values, bound="", verdict=None):
    global failures
    if verdict is False:
        failures += 1
    shown = ["-", "-", "-"]
    if values is not None:
        shown = [number(percentile(values, 0.5)), number(percentile(values, 0.95)), number(max(values, default=None))]
    n = "" if values is None else len(values)
    mark = {None: "", True: "pass", False: "FAIL"}[verdict]
    print(f"{what:<58}{n:>5}{shown[0]:>8}{shown[1]:>8}{shown[2]:>8}  {bound:<34}{mark}".rstrip())


def count(what, found, of, bound, verdict):
    global failures
    if verdict is False:
        failures += 1
    mark = {None: "", True: "pass", False: "FAIL"}[verdict]
    print(f"{what:<58}{of:>5}{found:>24}  {bound:<34}{mark}".rstrip())


def heading(text):
    print(f"\n{text:<58}{'n':>5}{'p50':>8}{'p95':>8}{'max':>8}  bound")


def flat(lists):
    return [item for items in lists for item in items]


details = []


def nods(stage):
    plain = [call for call in calls[stage] if call["name"].startswith("undisturbed")]
    over = [call for call in calls[stage] if call not in plain]
    heading(f"A  coughs and nods over a list of {COUNT} words")
    stops = flat(call["stops"] for call in over)
    odd = {call["name"] for call in over if any(s["verdict"] != "resumed" for s in call["stops"])}
    count("   stops that were not taken back", sum(s["verdict"] != "resumed" for s in stops), len(stops), "0", not odd)
    whole = [call["name"] for call in over if call["agent"] and call["agent"][0] == [LIST, ""]]
    count("   calls on record with all of it heard", len(whole), len(over), "all", len(whole) == len(over))
    odd |= {call["name"] for call in over} - set(whole)
    # No two calls have the same samples, so the words are counted; one that is cut and said again counts twice.
    count("   undisturbed: calls with each word counted", sum(len(call["words"]) == COUNT for call in plain), len(plain),
          "all", all(len(call["words"]) == COUNT for call in plain))
    lost = {call["name"] for call in over if len(call["words"]) < COUNT}
    again = {call["name"] for call in over if len(call["words"]) > COUNT + len(call["stops"])}
    odd |= lost | again
    count("   calls with a word lost", len(lost), len(over), "0", not lost)
    count("   calls with more than a word again, a stop", len(again), len(over), "0", not again)
    row("   audio played again, a stop, with the pause in it, ms",
        [stop["repeated"] for stop in stops if stop["verdict"] == "resumed"])
    usual = sum(call["audible"] for call in plain) / len(plain)
    more = [call["audible"] - usual for call in over]
    row("   audible more than undisturbed, ms", more)
    row("   from clear to resumed audio, ms", [s["after"] for s in stops if s["verdict"] == "resumed"])
    note(stage, [call for call in over if call["name"] in odd or call["stops"]])


def note(stage, of):
    for call in of:
        happened = ", ".join(f"{s['verdict']} {number(s['after'])} ms after {s['at'] / 1000:.2f} s" for s in call["stops"])
        details.append(f"{stage}/{call['name']}: {happened or 'no stop'}; understood {call['understood']}")


def prefix(call, text):
    """The number of the text's words on record as heard, and whether heard and unheard make up the text."""
    heard, unheard = call["agent"][0] if call["agent"] else ["", ""]
    return len(heard.split()), f"{heard} {unheard}".split() == text.split()


def interruptions(names):
    over = flat(calls[name] for name in names)
    heading("B  interruptions")
    delays = []
    for call in over:
        turn = call["turns"][0]
        cleared = turn.get("clearedMS")
        delays.append(math.inf if cleared is None else cleared - turn["firstVoicedMS"])
    row("   first voiced frame to clear, ms", delays, "p50 <= 120, p95 <= 200, n >= 30",
        len(delays) >= 30 and percentile(delays, 0.5) <= 120 and percentile(delays, 0.95) <= 200)
    won = [call for call in over if any(stop["verdict"] == "confirmed" for stop in call["stops"])]
    count("   that took the floor", len(won), len(over), "all", len(won) == len(over))
    flaps = sum(stop["verdict"] == "resumed" for call in over for stop in call["stops"])
    count("   stops taken back on the way", flaps, len(over), "", None)
    row("   clear to floor given, ms", [s["after"] for c in won for s in c["stops"] if s["verdict"] == "confirmed"])
    split = [call for name in names for call in calls[name]
             if call in won and call["agent"] and call["agent"][0][1] and prefix(call, LIST if "list" in name else TALK)[1]]
    count("   heard and unheard on record make up the reply", len(split), len(won), "all", len(split) == len(won))
    # In the list every word stands alone: those on record as heard are no more than those that were begun, and no fewer
    # than those that were over one mark (200 ms) and its travel before the sound stopped.
    excess, short = [], []
    for call in flat(calls[name] for name in names if "list" in name):
        if call not in won:
            continue
        at = next(stop["at"] for stop in call["stops"] if stop["verdict"] == "confirmed")
        repeats = sum(stop["verdict"] == "resumed" for stop in call["stops"])
        begun = sum(a < at for a, b in call["words"])
        over_by = sum(b < at - 300 for a, b in call["words"])
        on_record = prefix(call, LIST)[0]
        excess.append(max(0, on_record - begun))
        short.append(max(0, over_by - repeats - on_record))
    count("   words on record that were not played", sum(excess), len(excess), "0", sum(excess) == 0)
    count("   words played and not on record", sum(short), len(short), "0", sum(short) == 0)
    late = dict(zip(map(id, over), delays))
    for name in names:
        note(name, [call for call in calls[name]
                    if call not in won or len(call["stops"]) > 1 or late[id(call)] > 200])


def spoken_minutes(of):
    """Agent's speech with its own pauses, without the gaps that stops made in it."""
    total = sum(call["span"][1] - call["span"][0] - sum(s["after"] or 0 for s in call["stops"]) for call in of)
    return total / 60000


def noises(stage, title):
    groups = {}
    for call in calls[stage]:
        groups.setdefault(re.sub(r"(_\d+)?-\d+$", "", call["name"]), []).append(call)
    print(f"\n{title:<58}{'min':>5}{'stops':>7}{'a min':>7}{'confirmed':>10}{'gap p50':>9}{'p95':>6}{'max':>6}")

    def line(name, of):
        stops = flat(call["stops"] for call in of)
        gaps = [stop["after"] for stop in stops if stop["verdict"] == "resumed"]
        confirmed = sum(stop["verdict"] == "confirmed" for stop in stops)
        minutes = spoken_minutes(of)
        print(f"   {name:<55}{minutes:>5.1f}{len(stops):>7}{len(stops) / max(minutes, 0.01):>7.1f}{confirmed:>10}"
              f"{number(percentile(gaps, 0.5)):>9}{number(percentile(gaps, 0.95)):>6}{number(max(gaps, default=None)):>6}")
        return stops, gaps, confirmed, minutes

    for name, of in sorted(groups.items()):
        line(name, of)
        note(stage, [call for call in of if call["stops"]])
    people = flat(of for name, of in groups.items() if name in PEOPLE)
    if people:
        line("all with other people's voices", people)
    late = [call["name"] for call in calls[stage] if call["span"][0] > 3000]
    if late:
        print(f"   the agent was first heard after 3 s and more in {len(late)} calls: {', '.join(late)}")
    stops, gaps, confirmed, minutes = line("all without" if people else "all", [c for c in calls[stage] if c not in people])
    heading("")
    back = sum(stop["verdict"] == "resumed" for stop in stops)
    count("   stops taken back, a minute of speech", f"{back / minutes:.2f}", back, "<= 2", back / minutes <= 2)
    row("   from clear to resumed audio, ms", gaps, "each <= 600", max(gaps, default=0) <= 600)
    count("   stops confirmed", confirmed, len(stops), "0", confirmed == 0)
    if people:
        voices = sum(stop["verdict"] == "confirmed" for call in people for stop in call["stops"])
        count("   stops confirmed by other people's voices", voices, len(people), "0", voices == 0)


for stage in stages:
    if stage == "nods":
        nods(stage)
if "interruptions-list" in stages:
    interruptions(["interruptions-list", "interruptions-talk"])
if "noises" in stages:
    noises("noises", "C  noises over an agent that talks on")
if "echoes" in stages:
    noises("echoes", "C  its own echo, over an agent that talks on")
if details:
    print("\nCalls to look at:")
    for detail in details:
        print("  " + detail)
print(f"\n{failures} bounds not kept" if failures else "\nall bounds kept")
sys.exit(1 if failures else 0)
