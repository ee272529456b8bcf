"""Cut-offs and delays of `parley study --endpoints` over the turns of a corpus, by its labels."""

import concurrent.futures, glob, json, os, subprocess, sys

parley, corpus = sys.argv[1:]
labels = {}
for path in sorted(glob.glob(os.path.join(corpus, "labels", "*.json"))):
    label = json.load(open(path, encoding="utf-8"))
    if label.get("turns"):
        labels[os.path.join(corpus, label["file"])] = label


def run(files):
    done = subprocess.run([parley, "study", "--endpoints", *files], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.splitlines()


files = sorted(labels)
ends = {}
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for lines in pool.map(run, [files[0::2], files[1::2]]):
        for line in lines:
            path, policy, *times = line.split(" ")
            ends[path, policy] = [int(time) / 1000 for time in times]


def judge(policy, chosen):
    """Turns, cut off, missed, and the delays of the others, in ms. A turn is cut when one of its pauses is taken for its end."""
    cut, missed, delays = 0, 0, []
    for path in chosen:
        turns = labels[path]["turns"]
        for index, turn in enumerate(turns):
            # What is declared in the turn's last 20 ms is its end, a frame early.
            next_start = turns[index + 1]["start"] if index + 1 < len(turns) else float("inf")
            if any(turn["start"] < end < turn["end"] - 0.02 for end in ends[path, policy]):
                cut += 1
            after = [end for end in ends[path, policy] if turn["end"] - 0.02 <= end < next_start]
            if after:
                delays.append((after[0] - turn["end"]) * 1000)
            else:
                missed += 1
    return cut, missed, sorted(delays)


def at(values, share):
    return f"{values[max(0, -int(-share * len(values) // 1) - 1)]:.0f}" if values else "-"


print(f"{'turns':<34}{'n':>5}  {'policy':<10}{'cut':>5}{'missed':>8}{'median':>8}{'p95':>7}")
for title, chosen in [
    ("of whole calls", [path for path in files if labels[path]["condition"] == "call"]),
    ("of whole calls, without echo", [path for path in files
                                      if labels[path]["condition"] == "call" and "reference" not in labels[path]]),
    ("all", files),
]:
    count = sum(len(labels[path]["turns"]) for path in chosen)
    for policy, name in [("fixed", "500 ms"), ("policy", "answer")]:
        cut, missed, delays = judge(policy, chosen)
        print(f"{title:<34}{count:>5}  {name:<10}{cut:>5}{missed:>8}{at(delays, 0.5):>8}{at(delays, 0.95):>7}")
