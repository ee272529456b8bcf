// Two conveniences; the page is complete without them. A legend button hides its detector in every chart, and the
// pointer shows the nearest point of a chart, or the time in a picture of a file.
"use strict";
const tip = document.body.appendChild(Object.assign(document.createElement("div"), { id: "tip" }));

for (const button of document.querySelectorAll(".legend button")) {
    button.addEventListener("click", () => {
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", shown);
        for (const series of document.querySelectorAll(`.series.${button.dataset.family}`)) series.classList.toggle("off", !shown);
    });
}

function say(text, event) {
    tip.textContent = text;
    tip.style.visibility = "visible";
    const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${Math.max(8, event.clientY - tip.offsetHeight - 12)}px`;
}

function follow(svg, show, hide) {
    svg.addEventListener("pointermove", show);
    svg.addEventListener("pointerdown", show);
    svg.addEventListener("pointerleave", () => { tip.style.visibility = "hidden"; hide(); });
}

function within(svg, event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
}

for (const chart of document.querySelectorAll(".chart")) {
    const finger = chart.querySelector(".finger");
    const all = [...chart.querySelectorAll(".series")].map((series) => [series, JSON.parse(series.dataset.points)]);
    follow(chart, (event) => {
        const at = within(chart, event);
        let nearest = null, best = 45;
        for (const [series, points] of all) {
            if (series.classList.contains("off")) continue;
            for (const [x, y, text] of points) {
                const far = Math.hypot(x - at.x, y - at.y);
                if (far < best) { best = far; nearest = { x, y, text }; }
            }
        }
        finger.style.visibility = nearest ? "visible" : "hidden";
        if (!nearest) { tip.style.visibility = "hidden"; return; }
        finger.setAttribute("cx", nearest.x);
        finger.setAttribute("cy", nearest.y);
        say(nearest.text, event);
    }, () => { finger.style.visibility = "hidden"; });
}

for (const picture of document.querySelectorAll(".timeline")) {
    const { left, right, seconds } = picture.dataset;
    const now = document.createElementNS("http://www.w3.org/2000/svg", "path");
    now.setAttribute("class", "now");
    picture.appendChild(now);
    follow(picture, (event) => {
        const at = within(picture, event);
        const second = (at.x - left) / (right - left) * seconds;
        const on = second >= 0 && second <= seconds;
        now.style.visibility = on ? "visible" : "hidden";
        if (!on) { tip.style.visibility = "hidden"; return; }
        now.setAttribute("d", `M${at.x} 20V${picture.viewBox.baseVal.height - 26}`);
        say(`${second.toFixed(2)} s`, event);
    }, () => { now.style.visibility = "hidden"; });
}
