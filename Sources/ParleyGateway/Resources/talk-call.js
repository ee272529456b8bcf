// One call over the native dialect (docs/native-dialect.md): the socket, the codecs, the microphone, the loudspeaker.

/// Samples a second on the leg: what the agent's ears are made for.
const legRate = 16000;
const frameMicroseconds = 20_000;
/// What Opus is decoded to, whatever it was made from (RFC 7845 section 5.1).
const opusDecodedRate = 48000;

const opusEncoding = {
    codec: "opus", sampleRate: legRate, numberOfChannels: 1, bitrate: 24_000,
    opus: { format: "opus", frameDuration: frameMicroseconds },
};
const opusDecoding = { codec: "opus", sampleRate: opusDecodedRate, numberOfChannels: 1 };

/// A failure in words for the person at the page.
export class CallFailure extends Error {}

/// Whether this browser both makes and reads Opus packets.
export async function speaksOpus() {
    if (!("AudioEncoder" in globalThis && "AudioDecoder" in globalThis)) return false;
    try {
        const [encoder, decoder] = await Promise.all([
            AudioEncoder.isConfigSupported(opusEncoding), AudioDecoder.isConfigSupported(opusDecoding),
        ]);
        return Boolean(encoder.supported && decoder.supported);
    } catch {
        return false;
    }
}

// MARK: The caller's voice

/// 16-bit little-endian samples, one frame a message.
class LinearEncoder {
    constructor(send) {
        this.send = send;
    }

    encode(frame) {
        const message = new DataView(new ArrayBuffer(frame.length * 2));
        frame.forEach((sample, at) => {
            message.setInt16(at * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
        });
        this.send(message.buffer);
    }

    close() {}
}

/// Opus packets, each behind its number: two bytes, big-endian, wrapping.
class OpusEncoder {
    constructor(send, failed) {
        this.number = 0;
        this.timestamp = 0;
        this.encoder = new AudioEncoder({
            output: (packet) => send(this.numbered(packet)),
            error: (error) => failed(new CallFailure(`The browser's Opus encoder failed: ${error.message}`)),
        });
        this.encoder.configure(opusEncoding);
    }

    encode(frame) {
        if (this.encoder.state !== "configured") return;
        const data = new AudioData({
            format: "f32-planar", sampleRate: legRate, numberOfFrames: frame.length, numberOfChannels: 1,
            timestamp: this.timestamp, data: frame,
        });
        this.timestamp += frameMicroseconds;
        this.encoder.encode(data);
        data.close();
    }

    numbered(packet) {
        const message = new Uint8Array(packet.byteLength + 2);
        message[0] = this.number >> 8;
        message[1] = this.number & 0xff;
        packet.copyTo(message.subarray(2));
        this.number = (this.number + 1) & 0xffff;
        return message.buffer;
    }

    close() {
        if (this.encoder.state !== "closed") this.encoder.close();
    }
}

/// The microphone, in frames of 20 ms at the leg's rate.
class Microphone {
    static async open(lost) {
        if (!navigator.mediaDevices?.getUserMedia) {
            const here = `http://127.0.0.1${location.port ? `:${location.port}` : ""}/talk`;
            throw new CallFailure(
                `Browsers lend their microphone only to pages on https or on the same machine. Open ${here} instead.`);
        }
        try {
            const stream = await navigator.mediaDevices.getUserMedia({
                audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
            });
            return new Microphone(stream, lost);
        } catch (error) {
            throw new CallFailure(Microphone.explanation(error));
        }
    }

    static explanation(error) {
        switch (error.name) {
        case "NotAllowedError":
            return "The microphone is not allowed here. Allow it in the browser's address bar, then start again.";
        case "NotFoundError": return "No microphone was found. Plug one in, then start again.";
        case "NotReadableError": return "The microphone is used by another program, or does not work.";
        default: return `The microphone could not be opened: ${error.message || error.name}`;
        }
    }

    constructor(stream, lost) {
        this.stream = stream;
        this.isMuted = false;
        for (const track of stream.getAudioTracks()) track.onended = lost;
    }

    /// Frames go to `heard`, each with its level; a muted microphone gives silence.
    listen(context, heard) {
        this.node = new AudioWorkletNode(context, "parley-microphone", {
            numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit", processorOptions: { rate: legRate },
        });
        this.node.port.onmessage = ({ data }) => {
            if (this.isMuted) data.fill(0);
            const energy = data.reduce((sum, sample) => sum + sample * sample, 0);
            heard(data, Math.sqrt(energy / data.length));
        };
        this.source = context.createMediaStreamSource(this.stream);
        this.source.connect(this.node);
    }

    close() {
        for (const track of this.stream.getTracks()) {
            track.onended = null;
            track.stop();
        }
        if (!this.node) return;
        this.source.disconnect();
        this.node.port.onmessage = null;
        this.node.port.postMessage("close");
    }
}

// MARK: The agent's voice

/// Samples as they come; nothing to wait for.
class LinearDecoder {
    constructor(play) {
        this.play = play;
    }

    decode(message) {
        const bytes = new DataView(message);
        const samples = new Float32Array(bytes.byteLength >> 1);
        for (let at = 0; at < samples.length; at++) samples[at] = bytes.getInt16(at * 2, true) / 32768;
        this.play(samples, legRate);
    }

    afterDecoded(action) {
        action();
    }

    clear() {}
    close() {}
}

/// Packets become samples a little later, so what belongs behind them waits for them.
class OpusDecoder {
    /// Waited for a packet that the decoder swallowed.
    static patienceMS = 200;

    constructor(play, failed) {
        this.play = play;
        this.failed = failed;
        this.given = 0;
        this.decoded = 0;
        this.cleared = 0;
        this.waiting = [];
        this.decoder = new AudioDecoder({
            output: (audio) => this.receive(audio),
            error: (error) => failed(new CallFailure(`The browser's Opus decoder failed: ${error.message}`)),
        });
        this.decoder.configure(opusDecoding);
    }

    decode(message) {
        if (this.decoder.state !== "configured" || message.byteLength < 3) return;
        const packet = new EncodedAudioChunk({
            type: "key", timestamp: this.given * frameMicroseconds, data: new Uint8Array(message, 2),
        });
        this.given += 1;
        this.decoder.decode(packet);
    }

    receive(audio) {
        // Which packet this was: counted, as a decoder may shift its timestamps by its own delay.
        this.decoded += 1;
        if (this.decoded > this.cleared) {
            const samples = new Float32Array(audio.numberOfFrames);
            audio.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
            this.play(samples, audio.sampleRate);
        }
        audio.close();
        this.release();
    }

    /// Runs the action when every packet given so far has become samples.
    afterDecoded(action) {
        const waiting = { packet: this.given, action };
        this.waiting.push(waiting);
        this.release();
        if (!this.waiting.includes(waiting)) return;
        waiting.timer = setTimeout(() => this.release(waiting.packet), OpusDecoder.patienceMS);
    }

    release(through = this.decoded) {
        while (this.waiting.length > 0 && this.waiting[0].packet <= through) {
            const { action, timer } = this.waiting.shift();
            clearTimeout(timer);
            action();
        }
    }

    /// What was given before is not played any more.
    clear() {
        this.cleared = this.given;
        for (const { timer } of this.waiting) clearTimeout(timer);
        this.waiting = [];
    }

    close() {
        this.clear();
        if (this.decoder.state !== "closed") this.decoder.close();
    }
}

/// The loudspeaker and its marks. A mark is returned once: when it was played, or when a clear took what it stood
/// behind.
class Playback {
    constructor(context, returnMark, measured) {
        this.context = context;
        this.returnMark = returnMark;
        this.open = [];
        this.node = new AudioWorkletNode(context, "parley-playback", { numberOfInputs: 0, outputChannelCount: [1] });
        this.node.connect(context.destination);
        this.node.port.onmessage = ({ data }) => {
            if (data.kind === "mark") this.reached(data.name);
            else measured(data);
        };
    }

    play(samples, rate) {
        this.node.port.postMessage({ kind: "audio", samples, rate }, [samples.buffer]);
    }

    expect(name) {
        this.open.push(name);
    }

    mark(name) {
        this.node.port.postMessage({ kind: "mark", name });
    }

    /// The samples have left this thread; the loudspeaker is later by its own latency, and heard means heard.
    reached(name) {
        const latency = this.context.outputLatency || this.context.baseLatency || 0;
        setTimeout(() => this.giveBack(name), Math.min(latency, 0.5) * 1000);
    }

    giveBack(name) {
        const at = this.open.indexOf(name);
        if (at < 0) return;
        this.open.splice(at, 1);
        this.returnMark(name);
    }

    clear() {
        this.node.port.postMessage({ kind: "clear" });
        for (const name of this.open.splice(0)) this.returnMark(name);
    }

    close() {
        this.node.port.onmessage = null;
        this.node.port.postMessage({ kind: "close" });
        this.node.disconnect();
    }
}

// MARK: The call

/// Tells its listener `started(id)`, `note(note)`, `callerLevel(level)`, `agentLevel(report)`, `warning(words)` and,
/// last and once, `over(words)`: words only where something failed.
export class Call {
    /// More than this unsent, and the line is too slow for live audio: packets are made and dropped.
    static fullestLine = 64 * 1024;
    static connectMS = 10_000;

    constructor(listener, { codec, from }) {
        this.listener = listener;
        this.codec = codec;
        this.from = from;
        this.isStarted = false;
        this.isOver = false;
        this.marksReturned = 0;
        this.dropped = 0;
    }

    async start() {
        try {
            // Both first, inside the click that asked for them: later, a browser may refuse.
            this.context = new AudioContext({ latencyHint: "interactive" });
            const [microphone] = await Promise.all([
                Microphone.open(() => this.listener.warning("The microphone is gone. The agent hears silence.")),
                this.context.resume(),
                this.loadWorklets(),
            ]);
            this.microphone = microphone;
            if (this.isOver) return this.close();
            this.makeCodecs();
            this.connect();
        } catch (error) {
            this.finish(error instanceof CallFailure ? error.message : `The call could not start: ${error.message}`);
        }
    }

    async loadWorklets() {
        try {
            await this.context.audioWorklet.addModule("/talk/talk-worklets.js");
        } catch {
            throw new CallFailure(await Call.refusal());
        }
    }

    makeCodecs() {
        const failed = (failure) => this.finish(failure.message);
        const send = (message) => this.sendAudio(message);
        this.playback = new Playback(
            this.context, (name) => this.returnMark(name), (report) => this.listener.agentLevel(report));
        const play = (samples, rate) => this.playback.play(samples, rate);
        const isOpus = this.codec === "opus";
        this.encoder = isOpus ? new OpusEncoder(send, failed) : new LinearEncoder(send);
        this.decoder = isOpus ? new OpusDecoder(play, failed) : new LinearDecoder(play);
    }

    connect() {
        const scheme = location.protocol === "https:" ? "wss:" : "ws:";
        this.socket = new WebSocket(`${scheme}//${location.host}/media/native`);
        this.socket.binaryType = "arraybuffer";
        this.socket.onopen = () => this.opened();
        this.socket.onmessage = ({ data }) => (typeof data === "string" ? this.receive(data) : this.hear(data));
        this.socket.onclose = (event) => this.closed(event);
        this.timer = setTimeout(() => this.finish("The gateway does not answer."), Call.connectMS);
    }

    opened() {
        const format = { codec: this.codec, sample_rate: legRate };
        this.send({ event: "start", format, from: this.from, parameters: {} });
        this.microphone.listen(this.context, (frame, level) => {
            this.listener.callerLevel(level);
            this.encoder.encode(frame);
        });
    }

    hear(message) {
        if (!this.isOver) this.decoder.decode(message);
    }

    receive(text) {
        let message;
        try {
            message = JSON.parse(text);
        } catch {
            return;
        }
        if (this.isOver || message === null || typeof message !== "object") return;
        switch (message.event) {
        case "started":
            clearTimeout(this.timer);
            this.isStarted = true;
            this.listener.started(String(message.call));
            break;
        case "mark": {
            const name = String(message.name);
            this.playback.expect(name);
            this.decoder.afterDecoded(() => this.playback.mark(name));
            break;
        }
        case "clear":
            this.decoder.clear();
            this.playback.clear();
            break;
        case "note":
            if (message.kind === "ended") this.hasEnded = true;
            this.listener.note(message);
            break;
        }
    }

    set isMuted(isMuted) {
        if (this.microphone) this.microphone.isMuted = isMuted;
    }

    press(digit) {
        this.send({ event: "dtmf", digit });
    }

    /// The caller hangs up. The gateway then says how the call ended and closes; a silent one is not waited for.
    hangUp() {
        if (!this.isStarted) return this.finish("");
        this.send({ event: "stop" });
        this.timer = setTimeout(() => this.finish(""), 2000);
    }

    returnMark(name) {
        this.marksReturned += 1;
        this.send({ event: "mark", name });
    }

    send(message) {
        if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    }

    sendAudio(message) {
        if (this.socket?.readyState !== WebSocket.OPEN) return;
        if (this.socket.bufferedAmount > Call.fullestLine) this.dropped += 1;
        else this.socket.send(message);
    }

    async closed(event) {
        if (this.isOver) return;
        if (this.hasEnded || event.code === 1000) return this.finish("");
        const reason = event.reason ? `: ${event.reason}` : "";
        if (this.isStarted) return this.finish(`The connection was lost (close code ${event.code}${reason}).`);
        this.finish(await Call.refusal());
    }

    /// Why nothing came from the gateway: browsers do not tell, its health does.
    static async refusal() {
        try {
            const answer = await fetch("/health/ready", { cache: "no-store" });
            if (answer.ok) {
                return "The gateway refused the call. It takes calls from this page only on its own machine, "
                    + "with insecure: true.";
            }
            return `The gateway is not ready: ${(await answer.text()).trim()}`;
        } catch {
            return "The gateway cannot be reached. Is it running?";
        }
    }

    finish(words) {
        if (this.isOver) return;
        this.isOver = true;
        this.close();
        this.listener.over(words);
    }

    close() {
        clearTimeout(this.timer);
        this.microphone?.close();
        this.encoder?.close();
        this.decoder?.close();
        this.playback?.close();
        if (this.socket) {
            this.socket.onclose = null;
            this.socket.close();
        }
        if (this.context && this.context.state !== "closed") this.context.close();
    }
}
