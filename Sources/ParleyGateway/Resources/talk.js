// The page at /talk: shows one call as it goes. What comes from the gateway is set as text, never as markup.

import { Call, speaksOpus } from "/talk/talk-call.js";

const byID = (id) => document.getElementById(id);

/// An element with a class, text and children.
function element(tag, { className = "", text = "", data = {}, children = [] } = {}) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    Object.assign(made.dataset, data);
    made.append(...children);
    return made;
}

const clockText = (milliseconds) => {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

// MARK: Who holds the floor

class FloorView {
    static words = {
        free: "Nobody is talking", caller: "You have the floor", agent: "The agent has the floor",
        overlap: "Both are talking",
    };

    constructor() {
        this.floor = byID("floor");
        this.holder = byID("holder");
        this.discs = { caller: byID("party-caller").firstElementChild, agent: byID("party-agent").firstElementChild };
    }

    show(floor) {
        this.floor.dataset.floor = floor;
        this.holder.textContent = FloorView.words[floor] ?? "";
    }

    rest(words) {
        this.floor.dataset.floor = "none";
        this.holder.textContent = words;
        this.level("caller", 0);
        this.level("agent", 0);
    }

    /// A level as an ear takes it: -55 dBFS is nothing, -15 dBFS is all.
    level(party, amplitude) {
        const decibels = 20 * Math.log10(Math.max(amplitude, 1e-6));
        const share = Math.max(0, Math.min(1, (decibels + 55) / 40));
        this.discs[party].style.setProperty("--level", share.toFixed(2));
    }
}

// MARK: The conversation

/// Turns that are settled go into a log that screen readers follow; what may still change stands below it.
class TranscriptView {
    static phrases = {
        one_moment: "One moment, please.", say_again: "Sorry, please say that again.",
        no_speech_goodbye: "I did not hear anything. Goodbye.",
        cannot_continue: "I am sorry, we cannot continue. Goodbye.",
    };

    constructor() {
        this.turns = byID("turns");
        this.pending = byID("pending");
        this.scroll = byID("scroll");
    }

    clear() {
        this.turns.replaceChildren();
        this.settle();
    }

    settle() {
        this.pending.replaceChildren();
        this.partial = null;
        this.speaking = null;
    }

    /// Three dots while the agent talks: its words are known when they have been heard.
    agentTalks(isTalking) {
        if (!isTalking) {
            this.speaking?.remove();
            this.speaking = null;
        } else if (!this.speaking) {
            const dots = element("p", { className: "said dots", children: [1, 2, 3].map(() => element("span")) });
            this.speaking = element("div", { className: "turn agent", children: [dots] });
            this.keepAtEnd(() => this.pending.prepend(this.speaking));
        }
    }

    hearing(note) {
        if (!note.text) return;
        if (this.partial?.dataset.turn !== String(note.turn)) {
            this.partial?.remove();
            this.partial = element("div", {
                className: "turn caller partial", data: { turn: note.turn },
                children: [element("p", { className: "said" })],
            });
            this.keepAtEnd(() => this.pending.append(this.partial));
        }
        this.partial.firstElementChild.textContent = note.text;
    }

    callerTurn(note) {
        if (this.partial?.dataset.turn === String(note.turn)) {
            this.partial.remove();
            this.partial = null;
        }
        if (!note.text) return;
        const said = element("p", { className: "said" });
        const key = (digit) => element("span", { className: "key", text: digit });
        if (note.keyed) said.append(...[...note.text].map(key));
        else said.textContent = note.text;
        const what = note.keyed ? "You, by keys" : note.backchannel ? "You, in passing" : "You";
        this.add("caller", what, note.began_ms, said, note.backchannel ? " aside" : "");
    }

    agentTurn(note) {
        this.agentTalks(false);
        if (!note.heard && !note.unheard) return;
        const said = element("p", { className: "said" });
        said.append(note.heard);
        if (note.unheard) said.append(note.heard ? " " : "", element("del", { text: note.unheard }));
        this.add("agent", note.cut ? "Agent, interrupted" : "Agent", note.began_ms, said);
    }

    bridged(note) {
        this.event(`The agent needed a moment and said: “${TranscriptView.phrases[note.phrase] ?? note.phrase}”`);
    }

    bargeIn(note) {
        if (note.state === "confirmed") this.event("You took the floor");
        if (note.state === "resumed") this.event("The agent went on from where it stopped");
    }

    add(party, who, began, said, also = "") {
        const turn = element("li", {
            className: `turn ${party}${also}`, data: { party, began: Math.round(began) },
            children: [element("span", { className: "who", text: `${who} · ${clockText(began)}` }), said],
        });
        // An agent's words are known at their end, so an interruption may have been noted before them.
        const later = [...this.turns.children].find((other) => Number(other.dataset.began) > began);
        this.keepAtEnd(() => this.turns.insertBefore(turn, later ?? null));
    }

    event(words) {
        this.keepAtEnd(() => this.turns.append(element("li", { className: "event", text: words })));
    }

    /// Follows the talk, unless somebody has scrolled up to read.
    keepAtEnd(change) {
        const isAtEnd = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80;
        change();
        if (isAtEnd) this.scroll.scrollTop = this.scroll.scrollHeight;
    }
}

// MARK: What came of it

class SettledView {
    constructor() {
        this.list = byID("settled");
    }

    clear() {
        this.list.replaceChildren();
    }

    show(note) {
        const name = String(note.name);
        const value = String(note.value);
        // `when.date` and `when.time` are parts of `when`, which is shown whole: kept, for who looks closer.
        const row = [...this.list.children].find((other) => other.dataset.name === name)
            ?? this.list.appendChild(element("div", { data: { name }, children: [element("dt"), element("dd")] }));
        row.dataset.value = value;
        row.hidden = name.includes(".");
        row.firstElementChild.textContent = SettledView.words(name);
        row.lastElementChild.textContent = SettledView.reading(value);
    }

    static words(name) {
        const spaced = name.replaceAll("_", " ");
        return spaced.charAt(0).toUpperCase() + spaced.slice(1);
    }

    /// A date and time as people say it; the flow has resolved it in its own zone, so no zone is applied here.
    static reading(value) {
        const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?$/.exec(value);
        if (!parts) return value.replaceAll("_", " ");
        const [year, month, day, hour = 0, minute = 0] = parts.slice(1).map((part) => Number(part ?? 0));
        const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
        const shown = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
        if (parts[4]) Object.assign(shown, { hour: "2-digit", minute: "2-digit" });
        return new Intl.DateTimeFormat("en-GB", shown).format(date);
    }
}

class MessagesView {
    constructor() {
        this.list = byID("messages");
    }

    clear() {
        this.list.replaceChildren();
    }

    consent(note) {
        const verdict = element("strong", { text: note.granted ? "✓ You agreed" : "✗ You declined" });
        const wording = element("details", {
            children: [element("summary", { text: "to what was asked" }), element("p", { text: note.wording })],
        });
        this.list.append(element("div", {
            className: "consent", data: { granted: note.granted ? "yes" : "no", purpose: note.purpose },
            children: [verdict, wording],
        }));
    }

    message(note) {
        const segments = note.segments === 1 ? "1 segment" : `${note.segments} segments`;
        this.list.append(
            element("p", { className: "sms", text: note.body, data: { to: note.to, state: note.state } }),
            element("p", { className: "sms-foot", text: `To ${note.to} · ${note.state} · ${segments}` }));
    }

    /// An action that came to nothing is worth knowing; one that was done shows by what it did.
    action(note) {
        if (note.outcome === "committed") return;
        const name = SettledView.words(note.name).toLowerCase();
        this.list.append(element("p", { className: "sms-foot", text: `${name} ${note.outcome}` }));
    }
}

/// One bar a turn: from the caller's last voiced sound to the answer's first frame, all on one scale.
class AnswersView {
    static stages = [
        { name: "wait", words: "waiting for silence", from: "last_voiced_ms", to: "endpoint_ms" },
        { name: "words", words: "last words", from: "endpoint_ms", to: "final_ms" },
        { name: "think", words: "agent", from: "final_ms", to: "first_clause_ms" },
        { name: "voice", words: "voice", from: "first_clause_ms", to: "first_audio_ms" },
        { name: "send", words: "sending", from: "first_audio_ms", to: "first_frame_ms" },
    ];

    constructor() {
        this.list = byID("answers");
        this.median = byID("median");
        this.clear();
    }

    clear() {
        this.answers = [];
        this.list.replaceChildren();
        this.median.textContent = "";
    }

    show(note) {
        // Only an answer to speech has a last sound to count from: not the greeting, not keys.
        if (typeof note.edge_ms !== "number") return;
        const stages = AnswersView.stages
            .map((stage) => ({ ...stage, milliseconds: Math.max(0, note[stage.to] - note[stage.from]) }))
            .filter((stage) => Number.isFinite(stage.milliseconds));
        this.answers.push({ turn: note.turn, edge: note.edge_ms, stages });
        this.draw();
    }

    draw() {
        const scale = Math.max(1000, Math.ceil(Math.max(...this.answers.map((answer) => answer.edge)) / 500) * 500);
        const used = AnswersView.stages.filter((stage) => this.takes(stage.name));
        this.list.replaceChildren(
            ...this.answers.map((answer, at) => this.row(answer, at + 1, scale)),
            element("div", {
                className: "axis", children: [0, scale / 2, scale].map((mark) => element("span", { text: `${mark}` })),
            }),
            element("div", {
                className: "legend", children: used.map((stage) => element("span", {
                    children: [element("i", { className: `stage-${stage.name}` }), stage.words],
                })),
            }));
        const sorted = this.answers.map((answer) => answer.edge).sort((a, b) => a - b);
        const middle = sorted.length >> 1;
        const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        this.median.textContent = `median ${Math.round(median)} ms`;
    }

    takes(name) {
        return this.answers.some(
            ({ stages }) => stages.some((stage) => stage.name === name && stage.milliseconds >= 10));
    }

    row(answer, number, scale) {
        const spelt = answer.stages.map((stage) => `${stage.words} ${Math.round(stage.milliseconds)} ms`).join(", ");
        const bar = element("span", { className: "bar", children: answer.stages.map((stage) => {
            const part = element("span", { className: `stage-${stage.name}` });
            part.style.width = `${(stage.milliseconds / scale) * 100}%`;
            // As much as fits: the rest is told by the title and the label.
            if (stage.milliseconds / scale > 0.13) part.textContent = String(Math.round(stage.milliseconds));
            part.title = `${stage.words} ${Math.round(stage.milliseconds)} ms`;
            return part;
        }) });
        bar.setAttribute("role", "img");
        bar.setAttribute("aria-label", spelt);
        return element("div", { className: "answer", data: { edge: Math.round(answer.edge) }, children: [
            element("span", { className: "label", text: `Turn ${number}` }), bar,
            element("span", { className: "total", text: `${Math.round(answer.edge)} ms` }),
        ] });
    }
}

// MARK: Keys

class KeypadView {
    static digits = [..."123456789*0#"];
    static names = { "*": "star", "#": "hash" };

    constructor(press) {
        this.press = press;
        this.buttons = new Map(KeypadView.digits.map((digit) => {
            const button = element("button", { text: digit, data: { digit } });
            button.type = "button";
            if (KeypadView.names[digit]) button.setAttribute("aria-label", KeypadView.names[digit]);
            button.addEventListener("click", () => this.strike(digit));
            return [digit, button];
        }));
        byID("keypad").append(...this.buttons.values());
        document.addEventListener("keydown", (event) => {
            const isTyping = event.target instanceof Element && event.target.closest("input, select, textarea");
            if (isTyping || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
            if (this.buttons.has(event.key)) this.strike(event.key);
        });
        this.isEnabled = false;
    }

    set isEnabled(isEnabled) {
        for (const button of this.buttons.values()) button.disabled = !isEnabled;
    }

    strike(digit) {
        const button = this.buttons.get(digit);
        if (button.disabled) return;
        this.press(digit);
        button.classList.add("pressed");
        setTimeout(() => button.classList.remove("pressed"), 150);
    }
}

// MARK: The page

class TalkPage {
    /// What the one button does.
    static doings = { idle: "Start call", connecting: "Cancel", live: "Hang up", ended: "Call again" };
    static endings = {
        caller_hung_up: "You hung up.", agent_ended: "The agent ended the call.",
        transferred: "The agent passed the call on.", no_speech: "The call ended: nothing was said for too long.",
        engine_failed: "The call ended: a speech engine or the agent failed.",
        media_timeout: "The call ended: no audio came from this page.",
        slow_peer: "The call ended: this page took the audio too slowly.", peer_lost: "The connection was lost.",
        protocol_error: "The call ended: the gateway did not understand this page.",
        shutdown: "The call ended: the gateway is being stopped.",
    };

    constructor() {
        this.floor = new FloorView();
        this.transcript = new TranscriptView();
        this.settled = new SettledView();
        this.messages = new MessagesView();
        this.answers = new AnswersView();
        this.keypad = new KeypadView((digit) => this.call?.press(digit));
        this.toggle = byID("toggle");
        this.muteButton = byID("mute");
        this.from = byID("from");
        this.codec = byID("codec");
        this.toggle.addEventListener("click", () => (this.call ? this.hangUp() : this.start()));
        this.muteButton.addEventListener(
            "click", () => this.mute(this.muteButton.getAttribute("aria-pressed") !== "true"));
        byID("settings").addEventListener("submit", (event) => {
            event.preventDefault();
            if (!this.call) this.start();
        });
        addEventListener("pagehide", () => this.call?.finish(""));
        this.state = "idle";
    }

    async open() {
        this.watchGateway();
        if (await speaksOpus()) return;
        const opus = this.codec.querySelector('[value="opus"]');
        opus.disabled = true;
        opus.textContent = "Opus: not in this browser";
        this.codec.value = "linear16";
    }

    set state(state) {
        document.body.dataset.state = state;
        const isOn = state === "connecting" || state === "live";
        this.toggle.textContent = TalkPage.doings[state];
        this.muteButton.disabled = state !== "live";
        this.from.disabled = isOn;
        this.codec.disabled = isOn;
        this.keypad.isEnabled = state === "live";
    }

    start() {
        const from = this.from.value.replace(/[\s().-]/g, "");
        const isNumber = from === "" || /^\+?[0-9]{3,15}$/.test(from);
        this.from.setAttribute("aria-invalid", String(!isNumber));
        if (!isNumber) return this.trouble("Your number should be digits with a + in front, for example +15550100001.");
        this.trouble("");
        byID("outcome").hidden = true;
        for (const view of [this.transcript, this.settled, this.messages, this.answers]) view.clear();
        Object.assign(document.body.dataset, { end: "", codec: this.codec.value, agentAudibleMs: "0", agentPeak: "0" });
        this.mute(false);
        this.floor.rest("Connecting…");
        this.state = "connecting";
        this.call = new Call(this, { codec: this.codec.value, from });
        this.call.start();
    }

    hangUp() {
        this.toggle.disabled = true;
        this.call.hangUp();
    }

    mute(isMuted) {
        this.muteButton.setAttribute("aria-pressed", String(isMuted));
        this.muteButton.textContent = isMuted ? "Muted" : "Mute";
        if (this.call) this.call.isMuted = isMuted;
    }

    trouble(words) {
        byID("trouble").textContent = words;
        byID("trouble").hidden = !words;
    }

    // MARK: What the call tells

    started(id) {
        this.state = "live";
        this.floor.show("free");
        this.began = performance.now();
        this.ticking = setInterval(() => this.tick(), 250);
        this.tick();
        const code = element("code", { text: `parley ledger call ${id}` });
        byID("record").replaceChildren("This call in the record: ", code);
    }

    tick() {
        byID("clock").textContent = clockText(performance.now() - this.began);
    }

    note(note) {
        switch (note.kind) {
        case "floor":
            this.floor.show(note.floor);
            this.transcript.agentTalks(note.floor === "agent" || note.floor === "overlap");
            break;
        case "partial": this.transcript.hearing(note); break;
        case "caller_turn": this.transcript.callerTurn(note); break;
        case "agent_turn": this.transcript.agentTurn(note); break;
        case "answered": this.answers.show(note); break;
        case "barge_in": this.transcript.bargeIn(note); break;
        case "bridged": this.transcript.bridged(note); break;
        case "variable": this.settled.show(note); break;
        case "consent": this.messages.consent(note); break;
        case "message": this.messages.message(note); break;
        case "action": this.messages.action(note); break;
        case "ended": this.ending = note.reason; break;
        }
    }

    callerLevel(level) {
        this.floor.level("caller", level);
    }

    agentLevel({ level, peak, audibleMS }) {
        this.floor.level("agent", level);
        document.body.dataset.agentAudibleMs = String(audibleMS);
        document.body.dataset.agentPeak = peak.toFixed(3);
    }

    warning(words) {
        this.trouble(words);
    }

    over(words) {
        clearInterval(this.ticking);
        const { marksReturned, isStarted, dropped } = this.call;
        Object.assign(document.body.dataset, { end: this.ending ?? "", marksReturned, dropped });
        this.transcript.settle();
        const ending = this.ending ?? "caller_hung_up";
        const outcome = TalkPage.endings[ending] ?? `The call ended: ${ending}.`;
        if (words) this.trouble(words);
        if (isStarted && !words) {
            byID("outcome").textContent = outcome;
            byID("outcome").hidden = false;
        }
        this.call = null;
        this.ending = null;
        this.toggle.disabled = false;
        this.floor.rest(isStarted ? "Call ended" : "No call yet");
        this.state = isStarted ? "ended" : "idle";
        this.watchGateway();
    }

    // MARK: Is there a gateway to call

    /// Asks until the answer is yes: engines take a few seconds to load.
    async watchGateway() {
        clearTimeout(this.asking);
        const [ready, words] = await TalkPage.askGateway();
        byID("gateway").dataset.ready = ready ? "yes" : "no";
        byID("gateway").textContent = words;
        if (!ready) this.asking = setTimeout(() => this.watchGateway(), 2000);
    }

    static async askGateway() {
        try {
            const answer = await fetch("/health/ready", { cache: "no-store" });
            if (answer.ok) return [true, `Ready at ${location.host}`];
            return [false, `Not ready: ${(await answer.text()).trim()}`];
        } catch {
            return [false, "The gateway cannot be reached"];
        }
    }
}

new TalkPage().open();
