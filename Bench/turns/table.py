"""The table, as text for a terminal; page.py draws the same columns."""

# key of a row's figures, heading, decimals
COLUMNS = (
    ("auc", "AUC", 3), ("f1", "F1", 3), ("clean_onset_ms", "onset", 0),
    ("echo_silent", "echo", 0), ("impulse", "impulse", 0), ("tones", "tones", 0), ("noise_only", "noise", 0),
    ("talkers", "talkers", 0), ("all", "all", 0), ("bi50", "bi50@120", 0),
    ("cut_calls", "cut calls", 1), ("cut_all", "cut all", 1), ("us", "us/frame", 1),
)
WHAT_THEY_MEAN = """\
onset: median delay on clean speech, ms. echo .. all: false barge-ins an hour under the 120 ms rule, by what is on the line.
bi50@120: median delay from a turn's start until the 120 ms rule fires, ms. cut: turns cut off by 500 ms of silence, per 100.
us/frame: per 20 ms on one core; the anchors' on the machine that made anchors.json."""


def shown(value, digits):
    """Halves go up, as people round; `None` is a dash. Zero stays a bare zero: here it is a claim."""
    if value is None:
        return "-"
    return "0" if value == 0 else f"{value + 1e-9:.{digits}f}"


def text(rows):
    """- Parameter rows: [(title, figures)], or None for a rule between groups."""
    lines = [["detector", *(heading for _, heading, _ in COLUMNS)]]
    lines += [None if row is None else [row[0], *(shown(row[1].get(key), digits) for key, _, digits in COLUMNS)]
              for row in rows]
    width = [max(len(line[column]) for line in lines if line) for column in range(len(lines[0]))]
    rule = "-" * (sum(width) + 2 * len(width) - 2)
    return "\n".join(rule if line is None else
                     "  ".join(cell.ljust(wide) if column == 0 else cell.rjust(wide)
                               for column, (cell, wide) in enumerate(zip(line, width))) for line in lines)
