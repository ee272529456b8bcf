// What runs on the browser's audio thread: the microphone's frames out, the agent's audio in.

/// Converts a stream of samples between two rates: a windowed sinc, one set of taps per output phase.
class Resampler {
    /// Zero crossings of the sinc on each side, at the lower of both rates.
    static crossings = 16;

    constructor(from, to) {
        this.from = from;
        const divisor = Resampler.divisor(from, to);
        this.up = to / divisor;
        this.down = from / divisor;
        const narrowing = Math.min(1, to / from);
        this.half = Math.ceil(Resampler.crossings / narrowing);
        this.taps = this.makeTaps(0.94 * narrowing);
        this.held = new Float32Array(2 * this.half - 1);
        // The output instant, as a whole input sample in `held` and a phase between it and the next.
        this.index = this.half - 1;
        this.phase = 0;
    }

    /// Takes samples of the one rate and returns what they complete at the other.
    process(samples) {
        if (this.up === this.down) return samples;
        const input = new Float32Array(this.held.length + samples.length);
        input.set(this.held);
        input.set(samples, this.held.length);
        const output = new Float32Array(Math.ceil((samples.length * this.up) / this.down) + 1);
        let count = 0;
        while (this.index + this.half < input.length) {
            const taps = this.taps[this.phase];
            let sum = 0;
            const first = this.index - this.half + 1;
            for (let tap = 0; tap < taps.length; tap++) sum += taps[tap] * input[first + tap];
            output[count++] = sum;
            this.phase += this.down;
            this.index += Math.floor(this.phase / this.up);
            this.phase %= this.up;
        }
        const kept = input.length - this.held.length;
        this.held.set(input.subarray(kept));
        this.index -= kept;
        return output.subarray(0, count);
    }

    makeTaps(cutoff) {
        return Array.from({ length: this.up }, (_, phase) => {
            const taps = new Float32Array(2 * this.half);
            let sum = 0;
            for (let tap = 0; tap < taps.length; tap++) {
                const distance = tap - this.half + 1 - phase / this.up;
                const angle = Math.PI * distance * cutoff;
                const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / this.half);
                taps[tap] = (angle === 0 ? 1 : Math.sin(angle) / angle) * window;
                sum += taps[tap];
            }
            return taps.map((tap) => tap / sum);
        });
    }

    static divisor(a, b) {
        return b === 0 ? a : Resampler.divisor(b, a % b);
    }
}

/// Cuts the microphone into frames of 20 ms at the leg's rate. Silence is sent too: the gateway lives by these frames.
class MicrophoneProcessor extends AudioWorkletProcessor {
    constructor(options) {
        super();
        const rate = options.processorOptions.rate;
        this.resampler = new Resampler(sampleRate, rate);
        this.frame = new Float32Array(rate / 50);
        this.filled = 0;
        this.silence = new Float32Array(128);
        this.isOpen = true;
        this.port.onmessage = () => { this.isOpen = false; };
    }

    process(inputs) {
        // A microphone that was unplugged has no channel: the call goes on in silence.
        const samples = this.resampler.process(inputs[0][0] ?? this.silence);
        for (let at = 0; at < samples.length;) {
            const count = Math.min(samples.length - at, this.frame.length - this.filled);
            this.frame.set(samples.subarray(at, at + count), this.filled);
            this.filled += count;
            at += count;
            if (this.filled < this.frame.length) break;
            this.port.postMessage(this.frame.slice());
            this.filled = 0;
        }
        return this.isOpen;
    }
}

/// Plays what it is given in order, says when a mark is passed, and forgets everything at a clear.
class PlaybackProcessor extends AudioWorkletProcessor {
    /// The gateway sends 400 ms ahead at most; a queue this long is a broken peer.
    static longestQueueSeconds = 10;
    /// A cut at full level would click.
    static fadeSeconds = 0.004;
    static reportSeconds = 0.05;
    /// Quieter than -50 dBFS does not count as the agent's voice.
    static audibleLevel = 0.00316;

    constructor() {
        super();
        this.queue = [];
        this.offset = 0;
        this.written = 0;
        this.played = 0;
        this.marks = [];
        this.resampler = null;
        this.isOpen = true;
        this.audible = 0;
        this.peak = 0;
        this.energy = 0;
        this.measured = 0;
        this.port.onmessage = ({ data }) => this.receive(data);
    }

    receive(message) {
        switch (message.kind) {
        case "audio": this.enqueue(message.samples, message.rate); break;
        case "mark": this.marks.push({ name: message.name, at: this.written }); break;
        case "clear": this.clear(); break;
        case "close": this.isOpen = false; break;
        }
    }

    enqueue(samples, rate) {
        if (this.resampler?.from !== rate) this.resampler = new Resampler(rate, sampleRate);
        const converted = this.resampler.process(samples);
        const queued = this.written - this.played;
        if (converted.length === 0 || queued > PlaybackProcessor.longestQueueSeconds * sampleRate) return;
        this.queue.push(converted);
        this.written += converted.length;
    }

    clear() {
        const tail = new Float32Array(Math.round(PlaybackProcessor.fadeSeconds * sampleRate));
        const count = this.take(tail);
        for (let at = 0; at < count; at++) tail[at] *= 1 - at / count;
        this.marks = [];
        this.queue = count > 0 ? [tail.subarray(0, count)] : [];
        this.offset = 0;
        this.played = 0;
        this.written = count;
    }

    /// Moves queued samples to `output` and returns how many there were.
    take(output) {
        let filled = 0;
        while (filled < output.length && this.queue.length > 0) {
            const head = this.queue[0];
            const count = Math.min(output.length - filled, head.length - this.offset);
            output.set(head.subarray(this.offset, this.offset + count), filled);
            filled += count;
            this.offset += count;
            if (this.offset < head.length) break;
            this.queue.shift();
            this.offset = 0;
        }
        this.played += filled;
        return filled;
    }

    process(_, outputs) {
        const output = outputs[0][0];
        this.take(output);
        for (let channel = 1; channel < outputs[0].length; channel++) outputs[0][channel].set(output);
        while (this.marks.length > 0 && this.marks[0].at <= this.played) {
            this.port.postMessage({ kind: "mark", name: this.marks.shift().name });
        }
        this.measure(output);
        return this.isOpen;
    }

    measure(output) {
        let energy = 0;
        for (const sample of output) {
            energy += sample * sample;
            this.peak = Math.max(this.peak, Math.abs(sample));
        }
        if (energy / output.length > PlaybackProcessor.audibleLevel ** 2) this.audible += output.length;
        this.energy += energy;
        this.measured += output.length;
        if (this.measured < PlaybackProcessor.reportSeconds * sampleRate) return;
        this.port.postMessage({
            kind: "level", level: Math.sqrt(this.energy / this.measured), peak: this.peak,
            audibleMS: Math.round((this.audible / sampleRate) * 1000),
        });
        this.energy = 0;
        this.measured = 0;
    }
}

registerProcessor("parley-microphone", MicrophoneProcessor);
registerProcessor("parley-playback", PlaybackProcessor);
