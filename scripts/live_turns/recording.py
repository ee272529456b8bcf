"""What a caller heard: the right channel of a recording, 8 kHz."""

import array, math, wave

FRAME = 80           # 10 ms
AUDIBLE_DBFS = -45   # what parley call takes for the agent speaking
WORD_GAP = 12        # frames of quiet that part two words of a list; those inside a word are shorter
WORD_FRAMES = 4      # shorter than this is no word, but the rest of one


class Heard:
    def __init__(self, path):
        with wave.open(path, "rb") as file:
            assert file.getframerate() == 8000 and file.getnchannels() == 2
            samples = array.array("h", file.readframes(file.getnframes()))
        self.samples = samples[1::2]
        floor = (10 ** (AUDIBLE_DBFS / 20) * 32768) ** 2 * FRAME
        self.loud = [sum(s * s for s in self.samples[at:at + FRAME]) >= floor
                     for at in range(0, len(self.samples) - FRAME + 1, FRAME)]

    def audible(self):
        """Milliseconds in which the agent was audible."""
        return sum(self.loud) * 10

    def span(self):
        """When the agent was first and last audible, in milliseconds."""
        if not any(self.loud):
            return [0, 0]
        return [self.loud.index(True) * 10, (len(self.loud) - self.loud[::-1].index(True)) * 10]

    def words(self):
        """Stretches of sound as [from, to] in milliseconds: the words, where the agent pauses after each."""
        found = []
        for index, is_loud in enumerate(self.loud):
            if not is_loud:
                continue
            if found and index - found[-1][1] < WORD_GAP:
                found[-1][1] = index + 1
            else:
                found.append([index, index + 1])
        return [[a * 10, b * 10] for a, b in found if b - a >= WORD_FRAMES]

    def repeated(self, stopped, resumed):
        """Milliseconds of what was heard before the stop that were played again; 0 where the agent went on from there.

        Found sample by sample: what is played again is the same audio.
        """
        cut, start = round(stopped * 8), round(resumed * 8)
        first = next((at for at in range(start, min(start + 8000, len(self.samples))) if abs(self.samples[at]) > 200), None)
        if first is None:
            return 0
        for length in (400, 160):
            piece = self.samples[first:first + length].tobytes()
            past = self.samples[max(0, cut - 16000):cut].tobytes()
            at = past.rfind(piece)
            while at > 0 and at % 2:
                at = past.rfind(piece, 0, at + len(piece) - 1)
            if at >= 0:
                place = max(0, cut - 16000) + at // 2
                return max(0, (cut - (place - (first - start))) / 8)
        return 0
