"""One file as a picture: what was said, what was labelled, what was decided, on one line of time."""

import html

import numpy

import curves

WIDTH, LEFT, RIGHT = 1100, 92, 12
CALLER, AGENT, STRIP = 118, 52, 13  # heights


def draw(file, caller, agent, score, strips):
    """- Parameter strips: [(heading, class, decision per frame)]; false stops are marked on each."""
    seconds = len(file.truth) * curves.HOP
    across = lambda second: LEFT + second / seconds * (WIDTH - LEFT - RIGHT)  # noqa: E731
    top, parts = 22, []
    bottom = top + CALLER + (8 + AGENT if agent is not None else 0)
    for start, end in file.label["segments"]:
        parts.append(box("spoken", across(start), across(min(end, seconds)), top, bottom - top))
    for start, end in file.label.get("events", []):
        parts.append(box("event", across(start), across(end), top - 7, 5))
    parts.append(lane("caller", caller, across, top, CALLER))
    if agent is not None:
        parts.append(lane("agent", agent[:len(caller)], across, top + CALLER + 8, AGENT))
    line = "L".join(f"{across((frame + 1) * curves.HOP):.1f} {top + CALLER * (1 - value):.1f}"
                    for frame, value in simplified(score))
    parts.append(f'<path class="score" d="M{line}"/>')
    parts.append(heading("caller", top + CALLER / 2 + 4))
    parts.append(f'<text class="small score-end" x="{LEFT - 6}" y="{top + 9}">1</text>'
                 f'<text class="small score-end" x="{LEFT - 6}" y="{top + CALLER}">0</text>')
    if agent is not None:
        parts.append(heading("agent", top + CALLER + 8 + AGENT / 2 + 4))
    for title, kind, decision in strips:
        bottom += 10
        parts.append(f'<path class="rail" d="M{LEFT} {bottom + STRIP / 2}H{WIDTH - RIGHT}"/>' + heading(title, bottom + STRIP - 2))
        for first, past in zip(*curves.runs(decision)):
            parts.append(box(f"said {kind}", across(first * curves.HOP), across(past * curves.HOP), bottom, STRIP))
        for frame in curves.firings(decision, 6):
            if file.outside[frame]:
                at = across((frame + 1) * curves.HOP)
                parts.append(f'<path class="false" d="M{at:.1f} {bottom + 4}l-5.5 -9h11z"/>')
        bottom += STRIP
    step = 5 if seconds > 12 else 1
    for second in range(0, int(seconds) + 1, step):
        at = across(second)
        parts.append(f'<path class="time" d="M{at:.1f} {top}V{bottom + 6}"/>'
                     f'<text class="small" x="{at:.1f}" y="{bottom + 22}" text-anchor="middle">{second}'
                     f'{" s" if second == 0 else ""}</text>')
    return (f'<svg class="timeline" viewBox="0 0 {WIDTH} {bottom + 28}" role="img" data-left="{LEFT}" data-right="{WIDTH - RIGHT}" '
            f'data-seconds="{seconds:.2f}" aria-label="{html.escape(file.name)} over time">' + "".join(parts) + "</svg>")


def lane(kind, samples, across, top, height, columns=700):
    """Peaks of the samples around the middle of a lane. Loudness as its square root: quiet speech stays visible."""
    wide = max(1, len(samples) // columns)
    peaks = numpy.abs(samples[:len(samples) // wide * wide]).reshape(-1, wide).max(axis=1) ** 0.5
    middle = top + height / 2
    at = [(across((column + 0.5) * wide / 8000), peak * height / 2) for column, peak in enumerate(peaks)]
    up = "L".join(f"{x:.1f} {middle - y:.1f}" for x, y in at)
    down = "L".join(f"{x:.1f} {middle + y:.1f}" for x, y in reversed(at))
    return f'<path class="wave {kind}" d="M{up}L{down}z"/>'


def simplified(score, tolerance=0.015):
    """(frame, score) without the points that a straight line between their neighbours draws as well."""
    kept = [0]
    for frame in range(1, len(score) - 1):
        last = kept[-1]
        between = score[last + 1:frame + 1]
        straight = score[last] + (score[frame + 1] - score[last]) * numpy.arange(1, frame - last + 1) / (frame + 1 - last)
        if numpy.abs(between - straight).max() > tolerance:
            kept.append(frame)
    return [(frame, float(min(1, max(0, score[frame])))) for frame in [*kept, len(score) - 1]]


def box(kind, start, end, top, height):
    return f'<rect class="{kind}" x="{start:.1f}" y="{top}" width="{max(0.8, end - start):.1f}" height="{height}"/>'


def heading(text, y):
    return f'<text class="lane" x="{LEFT - 18}" y="{y:.0f}">{html.escape(text)}</text>'
