"""Which files to look at: the ones a detector is worst at, without twelve times the same complaint."""


def harm(file, decision, fired):
    """(F1 loss or None where nobody speaks, false stops a minute or None with less than 6 s without speech)."""
    spoken, said = file.truth, decision
    both = int((spoken & said).sum())
    loss = 1 - 2 * both / max(1, int(spoken.sum()) + int(said.sum())) if spoken.any() else None
    minutes = file.seconds_outside / 60
    # In two seconds of silence one stop is "thirty a minute": that says nothing.
    rate = int(file.outside[fired].sum()) / minutes if minutes >= 0.1 else None
    return loss, rate


def choose(harms, count=12, each=2):
    """Names of the `count` worst files: half by F1 loss, half by false stops a minute, worst first.

    - Parameter harms: [(name, condition, F1 loss or None, false stops a minute or None)].
    - Parameter each: at most so many of one condition, until there is nothing else left.
    - Returns: [(name, "f1" or "stops")]: why it was chosen. No file twice; none without a fault.
    """
    ranked = {"f1": sorted((row for row in harms if row[2]), key=lambda row: (-row[2], row[0])),
              "stops": sorted((row for row in harms if row[3]), key=lambda row: (-row[3], row[0]))}
    chosen, seen = [], {}

    def take(kind, limit, most):
        for name, condition, *_ in ranked[kind]:
            if sum(why == kind for _, why in chosen) >= most or len(chosen) >= count:
                return
            if any(name == other for other, _ in chosen) or seen.get(condition, 0) >= limit:
                continue
            chosen.append((name, kind))
            seen[condition] = seen.get(condition, 0) + 1

    take("stops", each, count // 2)
    take("f1", each, count - count // 2)
    for limit in (each, count):       # one kind may have too few files, or conditions
        for kind in ("f1", "stops"):
            take(kind, limit, count)
    return sorted(chosen, key=lambda row: row[1] != "stops")
