"use strict";
// What happens on the host is shown without a reload, and charts can be looked into. Every page is whole without this.
(() => {
  const body = document.body;
  const say = (name) => body.dataset[name] || "";

  // ---- Live: an event has the page's own sections fetched anew, so that the server alone says what stands there.
  const state = document.getElementById("state");
  const arrivals = document.getElementById("arrivals");

  function show(text, isLost) {
    if (!state) return;
    state.hidden = false;
    state.textContent = text;
    state.classList.toggle("lost", isLost);
  }

  let waiting = null;
  let isLoading = false;
  let isAskedAgain = false;

  async function refresh() {
    waiting = null;
    if (isLoading) { isAskedAgain = true; return; }
    isLoading = true;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
      if (answer.redirected && new URL(answer.url).pathname === "/login") { show(say("ended"), true); return; }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const old of document.querySelectorAll("[data-section]")) {
        const next = fresh.getElementById(old.id);
        // Who is at a control in there is not interrupted.
        if (!next || old.contains(document.activeElement)) continue;
        if (old.innerHTML === next.innerHTML) continue;
        const known = new Set([...old.querySelectorAll("tbody tr")].map((row) => row.textContent));
        old.replaceChildren(...next.childNodes);
        if (next.id !== "jobs") {
          for (const row of old.querySelectorAll("tbody tr")) if (!known.has(row.textContent)) row.classList.add("fresh");
        }
      }
    } catch { /* The stream says that the connection is lost. */ } finally {
      isLoading = false;
      if (isAskedAgain) { isAskedAgain = false; later(); }
    }
  }

  function later() { if (waiting === null) waiting = setTimeout(refresh, 250); }

  function listen() {
    const events = new EventSource(body.dataset.live);
    events.onopen = () => { show(say("connected"), false); };
    events.onerror = () => {
      show(say("lost"), true);
      // A browser gives up where the answer was no stream: the session may have ended, or the host is being started.
      if (events.readyState === EventSource.CLOSED) setTimeout(() => { refresh(); listen(); }, 5000);
    };
    for (const kind of ["job", "message", "backtest", "sweep", "correction", "reload", "reset"]) {
      events.addEventListener(kind, later);
    }
    events.addEventListener("signal", (event) => {
      later();
      try {
        const signal = JSON.parse(event.data).data;
        const words = [signal.strategy, signal.direction, signal.symbol].filter(Boolean).join(" ");
        arrivals.textContent = `${say("arrived")}: ${words}`;
      } catch { /* The list says it all the same. */ }
    });
    addEventListener("pagehide", () => events.close());
  }
  if (body.dataset.live && window.EventSource) listen();
  // How far work is, is no event.
  setInterval(() => { if (document.querySelector("progress") && !document.hidden) later(); }, 1500);

  // ---- Charts
  for (const figure of document.querySelectorAll("[data-chart-source]")) {
    fetch(figure.dataset.chartSource, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((data) => { if (data.times.length > 1) draw(figure, data); })
      .catch(() => { /* The drawing stays. */ });
  }

  function draw(figure, data) {
    const count = data.times.length;
    const canvas = document.createElement("canvas");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${figure.querySelector("figcaption").textContent}. ${say("chart")}`);
    const reading = document.createElement("p");
    reading.className = "reading";
    reading.setAttribute("aria-live", "polite");
    const handles = document.createElement("p");
    handles.className = "handles";
    const drawing = figure.querySelector(".drawing");
    drawing.replaceChildren(canvas, reading, handles);

    const calls = new Map();
    for (const call of data.signals) {
      if (!calls.has(call.bar)) calls.set(call.bar, []);
      calls.get(call.bar).push(call);
    }
    let first = Math.max(0, count - 250);
    let last = count - 1;
    let cursor = null;

    function limit() {
      const width = Math.min(count - 1, Math.max(15, Math.round(last - first)));
      first = Math.round(first);
      if (first < 0) first = 0;
      if (first + width > count - 1) first = count - 1 - width;
      last = first + width;
    }
    function zoom(factor, at) {
      const width = (last - first) * factor;
      const share = (at - first) / Math.max(1, last - first);
      first = at - width * share;
      last = first + width;
      limit();
      paint();
    }
    function move(bars) { first += bars; last += bars; limit(); paint(); }

    const look = getComputedStyle(document.documentElement);
    const colour = (name) => look.getPropertyValue(name).trim();
    const plain = (value) => (value === null ? "–" : value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 4 : 2 }));

    function paint() {
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [canvas.clientWidth, canvas.clientHeight];
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const pen = canvas.getContext("2d");
      pen.scale(ratio, ratio);
      pen.clearRect(0, 0, width, height);
      pen.font = "12px system-ui, sans-serif";
      const right = width - 62;
      const foot = height - 24;
      const top = 14;
      let low = Infinity;
      let high = -Infinity;
      for (let bar = first; bar <= last; bar++) {
        if (data.low[bar] !== null) low = Math.min(low, data.low[bar]);
        if (data.high[bar] !== null) high = Math.max(high, data.high[bar]);
      }
      if (!(low < high)) { low -= 1; high += 1; }
      const margin = (high - low) * 0.08;
      low -= margin;
      high += margin;
      const step = right / (last - first + 1);
      const x = (bar) => (bar - first + 0.5) * step;
      const y = (value) => foot - ((value - low) / (high - low)) * (foot - top);

      pen.strokeStyle = colour("--line");
      pen.fillStyle = colour("--quiet");
      pen.textBaseline = "middle";
      const raw = (high - low) / 5;
      const size = 10 ** Math.floor(Math.log10(raw));
      const tick = [1, 2, 5, 10].map((n) => n * size).find((n) => n >= raw);
      for (let value = Math.ceil(low / tick) * tick; value < high; value += tick) {
        pen.beginPath();
        pen.moveTo(0, y(value));
        pen.lineTo(right, y(value));
        pen.stroke();
        pen.fillText(plain(Number(value.toPrecision(10))), right + 6, y(value));
      }
      pen.textAlign = "center";
      const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, Math.floor(right / 110))));
      for (let bar = first + Math.floor(every / 2); bar <= last; bar += every) {
        pen.fillText(data.times[bar].slice(0, data.daily ? 10 : 16).replace("T", " "), x(bar), foot + 13);
      }
      pen.textAlign = "left";

      const thick = Math.max(1, Math.min(14, step * 0.62));
      if (step < 2.5) {
        pen.strokeStyle = colour("--ink");
        pen.beginPath();
        let isDown = false;
        for (let bar = first; bar <= last; bar++) {
          if (data.close[bar] === null) { isDown = false; continue; }
          if (isDown) pen.lineTo(x(bar), y(data.close[bar])); else pen.moveTo(x(bar), y(data.close[bar]));
          isDown = true;
        }
        pen.stroke();
      } else {
        for (let bar = first; bar <= last; bar++) {
          const [open, close] = [data.open[bar], data.close[bar]];
          if (open === null || close === null || data.low[bar] === null || data.high[bar] === null) continue;
          const rises = close >= open;
          pen.strokeStyle = pen.fillStyle = colour("--price");
          pen.beginPath();
          pen.moveTo(x(bar), y(data.high[bar]));
          pen.lineTo(x(bar), y(data.low[bar]));
          pen.stroke();
          const [upper, lower] = [y(Math.max(open, close)), y(Math.min(open, close))];
          if (rises) {
            pen.fillStyle = colour("--card");
            pen.fillRect(x(bar) - thick / 2, upper, thick, Math.max(1, lower - upper));
            pen.strokeRect(x(bar) - thick / 2, upper, thick, Math.max(1, lower - upper));
          } else {
            pen.fillRect(x(bar) - thick / 2, upper, thick, Math.max(1, lower - upper));
          }
        }
      }
      // A hollow triangle is an exit; up below the price, down above it.
      for (const [bar, here] of calls) {
        if (bar < first || bar > last) continue;
        for (const call of here) {
          const isBelow = call.direction === "buy" || call.direction === "exit_short";
          const edge = isBelow ? data.low[bar] : data.high[bar];
          if (edge === null) continue;
          const tip = y(edge) + (isBelow ? 5 : -5);
          const base = tip + (isBelow ? 10 : -10);
          pen.beginPath();
          pen.moveTo(x(bar), tip);
          pen.lineTo(x(bar) + 6, base);
          pen.lineTo(x(bar) - 6, base);
          pen.closePath();
          pen.strokeStyle = pen.fillStyle = colour(isBelow ? "--up" : "--down");
          if (call.direction.startsWith("exit")) { pen.fillStyle = colour("--card"); }
          pen.fill();
          pen.stroke();
        }
      }
      if (cursor !== null && cursor >= first && cursor <= last) {
        pen.strokeStyle = colour("--link");
        pen.setLineDash([4, 3]);
        pen.beginPath();
        pen.moveTo(x(cursor), top - 6);
        pen.lineTo(x(cursor), foot);
        if (data.close[cursor] !== null) {
          pen.moveTo(0, y(data.close[cursor]));
          pen.lineTo(right, y(data.close[cursor]));
        }
        pen.stroke();
        pen.setLineDash([]);
        tell();
      }
    }

    function tell() {
      const time = data.times[cursor].slice(0, data.daily ? 10 : 16).replace("T", " ");
      const said = (calls.get(cursor) || []).map((call) => `${call.words}${call.reason ? ": " + call.reason : ""}`);
      const values = ["open", "high", "low", "close"].map((name) => `${data.names[name]} ${plain(data[name][cursor])}`);
      reading.textContent = [time, ...values, ...said].join(" · ");
    }

    const barAt = (event) => {
      const box = canvas.getBoundingClientRect();
      const share = (event.clientX - box.left) / (box.width - 62);
      return Math.max(first, Math.min(last, first + Math.floor(share * (last - first + 1))));
    };
    let held = null;
    canvas.addEventListener("pointermove", (event) => {
      if (held && event.buttons) {
        const bars = Math.round((held.x - event.clientX) / ((canvas.clientWidth - 62) / (held.last - held.first + 1)));
        first = held.first + bars;
        last = held.last + bars;
        limit();
      }
      cursor = barAt(event);
      paint();
    });
    canvas.addEventListener("pointerdown", (event) => {
      held = { x: event.clientX, first, last };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointerup", () => { held = null; });
    canvas.addEventListener("pointerleave", () => { if (!held) { cursor = null; paint(); } });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, barAt(event));
    }, { passive: false });
    canvas.addEventListener("dblclick", () => { first = 0; last = count - 1; limit(); paint(); });
    canvas.addEventListener("keydown", (event) => {
      const middle = cursor ?? Math.round((first + last) / 2);
      const far = event.shiftKey ? 10 : 1;
      const go = (bar) => {
        cursor = Math.max(0, Math.min(count - 1, bar));
        if (cursor < first) move(cursor - first); else if (cursor > last) move(cursor - last); else paint();
      };
      switch (event.key) {
        case "ArrowLeft": go((cursor ?? last + 1) - far); break;
        case "ArrowRight": go((cursor ?? last - 1) + far); break;
        case "Home": go(0); break;
        case "End": go(count - 1); break;
        case "PageUp": move(-(last - first)); break;
        case "PageDown": move(last - first); break;
        case "+": case "=": case "ArrowUp": zoom(0.8, middle); break;
        case "-": case "ArrowDown": zoom(1.25, middle); break;
        case "Escape": cursor = null; reading.textContent = ""; paint(); break;
        default: return;
      }
      event.preventDefault();
    });
    for (const [label, name, press] of [
      ["+", data.names.closer, () => zoom(0.6, cursor ?? last)], ["−", data.names.wider, () => zoom(1.7, cursor ?? last)],
      ["←", data.names.earlier, () => move(-Math.round((last - first) / 2))],
      ["→", data.names.later, () => move(Math.round((last - first) / 2))],
      [data.names.all, data.names.all, () => { first = 0; last = count - 1; limit(); paint(); }],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.setAttribute("aria-label", name);
      button.addEventListener("click", press);
      handles.append(button);
    }
    new ResizeObserver(paint).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
    paint();
  }
})();
