// Written for archlint; no third-party part. Everything from the report is set as text, never as HTML.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const PAGE = 50;

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  // ------------------------------------------------------------------ theme
  const themes = ["auto", "light", "dark"];
  const button = $("theme");
  const applyTheme = (name) => {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    button.textContent = `Theme: ${name}`;
    button.dataset.value = name;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(button.dataset.value || "auto") + 1) % themes.length];
    applyTheme(next);
  });

  // --------------------------------------------------------------- findings
  const data = JSON.parse($("findings-data").textContent);
  const { rules, components, contexts, severities } = data;
  const rows = data.rows; // [fingerprint, severity, rule, component, context, message, path, line, advice, trace, frame, related, entry points, note]
  const byPrint = new Map(rows.map((row, index) => [row[0], index]));
  let haystack = null;
  let shown = rows.map((_, index) => index);
  let page = 0;

  const texts = () => {
    haystack ??= rows.map((r) =>
      `${rules[r[2]].id} ${r[5]} ${r[6]}:${r[7]} ${components[r[3]]} ${r[9].map((h) => h[2]).join(" ")}`.toLowerCase());
    return haystack;
  };

  const link = (path, line) => {
    const label = line ? `${path}:${line}` : path;
    if (!data.blob) return make("code", "", label);
    const a = make("a");
    a.href = `${data.blob}/${path.split("/").map(encodeURIComponent).join("/")}#L${line || 1}`;
    a.rel = "noreferrer noopener";
    a.append(make("code", "", label));
    return a;
  };

  const callPath = (trace) => {
    const list = make("ol", "path");
    list.setAttribute("aria-label", "Call path from the entry point to the finding");
    for (const [path, line, label] of trace) {
      const item = make("li");
      item.append(make("span", "path-name", label));
      const at = make("span", "at");
      at.append(link(path, line));
      item.append(at);
      list.append(item);
    }
    return list;
  };

  const codeFrame = ([start, mark, lines, packed], path) => {
    const pre = make("pre", "frame");
    pre.tabIndex = 0;
    pre.setAttribute("role", "group");
    pre.setAttribute("aria-label", `Code of ${path} from line ${start}`);
    lines.forEach((text, index) => {
      const number = start + index;
      const row = make("span", number === mark ? "row hit" : "row");
      row.append(make("span", "no", String(number)));
      let at = 0;
      for (const [, kind, length] of packed[index].matchAll(/([a-z])(\d+)/g)) {
        const piece = text.slice(at, at + Number(length));
        at += Number(length);
        row.append(kind === "p" ? document.createTextNode(piece) : make("span", `t${kind}`, piece));
      }
      if (at < text.length) row.append(document.createTextNode(text.slice(at)));
      row.append(document.createTextNode("\n"));
      pre.append(row);
    });
    return pre;
  };

  const fill = (box, row) => {
    const rule = rules[row[2]];
    const inside = make("div", "inside");
    const facts = make("p", "small-text soft");
    facts.textContent = `${components[row[3]] || "whole repo"} · ${contexts[row[4]]}` +
      (row[12] ? ` · reached by ${row[12]} entry point${row[12] === 1 ? "" : "s"}` : "") +
      (row[13] ? ` · ${row[13]}` : "");
    inside.append(facts);
    if (row[9].length > 1) inside.append(callPath(row[9]));
    if (row[10]) inside.append(codeFrame(row[10], row[6]));
    const advice = row[8] || rule.remedy;
    if (advice) inside.append(make("p", "", advice));
    if (rule.why) inside.append(make("p", "small-text soft", rule.why));
    for (const [path, line, message] of row[11]) {
      const p = make("p", "small-text");
      p.append(`${message} `, link(path, line));
      inside.append(p);
    }
    const p = make("p", "small-text soft");
    const a = make("a", "", "Link to this finding");
    a.href = `#f-${row[0]}`;
    p.append(a);
    const at = make("span", "", " · ");
    at.append(link(row[6], row[7]));
    p.append(at);
    inside.append(p);
    box.append(inside);
  };

  const element = (index) => {
    const row = rows[index];
    const box = make("details", "finding");
    box.id = `f-${row[0]}`;
    const head = make("summary");
    const level = make("span");
    level.append(make("span", `pill ${severities[row[1]]}`, severities[row[1]]));
    const body = make("span", "message");
    body.append(row[5]);
    body.append(make("br"));
    body.append(make("span", "where", `${rules[row[2]].id} · ${row[6]}:${row[7]}`));
    head.append(level, body);
    box.append(head);
    box.addEventListener("toggle", () => {
      if (box.open && box.children.length === 1) fill(box, row);
    });
    return box;
  };

  const draw = () => {
    const pages = Math.max(1, Math.ceil(shown.length / PAGE));
    page = Math.min(page, pages - 1);
    const from = page * PAGE;
    const part = shown.slice(from, from + PAGE);
    $("list").replaceChildren(...part.map(element));
    $("status").textContent = shown.length
      ? `${shown.length} of ${rows.length} findings, showing ${from + 1} to ${from + part.length}`
      : `No finding of ${rows.length} matches`;
    $("before").disabled = page === 0;
    $("after").disabled = page >= pages - 1;
  };

  const wanted = () => ({
    words: $("search").value.toLowerCase().split(/\s+/).filter(Boolean),
    severity: $("by-severity").value,
    rule: $("by-rule").value,
    component: $("by-component").value,
    context: $("by-context").value,
  });

  const filter = () => {
    const want = wanted();
    const all = want.words.length ? texts() : null;
    shown = [];
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (want.severity !== "" && row[1] !== Number(want.severity)) continue;
      if (want.rule !== "" && row[2] !== Number(want.rule)) continue;
      if (want.component !== "" && row[3] !== Number(want.component)) continue;
      if (want.context !== "" && row[4] !== Number(want.context)) continue;
      if (all && !want.words.every((word) => all[i].includes(word))) continue;
      shown.push(i);
    }
    page = 0;
    draw();
  };

  const clear = () => {
    $("search").value = "";
    for (const id of ["by-severity", "by-rule", "by-component", "by-context"]) $(id).value = "";
    filter();
  };

  const go = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id.startsWith("f-") && byPrint.has(id.slice(2))) {
      const index = byPrint.get(id.slice(2));
      if (!shown.includes(index)) clear();
      page = Math.floor(shown.indexOf(index) / PAGE);
      if (!$(id)) draw();
      const box = $(id);
      box.open = true;
      box.classList.add("target");
      box.scrollIntoView({ block: "center" });
      box.querySelector("summary").focus({ preventScroll: true });
      return;
    }
    const target = id && $(id);
    if (!target) return;
    for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    target.scrollIntoView();
  };

  if (rows.length) {
    let timer = 0;
    $("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, 90); });
    for (const id of ["by-severity", "by-rule", "by-component", "by-context"]) $(id).addEventListener("change", filter);
    $("reset").addEventListener("click", clear);
    $("before").addEventListener("click", () => { page -= 1; draw(); });
    $("after").addEventListener("click", () => { page += 1; draw(); });
    $("explorer").hidden = false;
    draw();
  }
  addEventListener("hashchange", go);
  go();
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && rows.length) {
      event.preventDefault();
      $("search").focus();
    }
  });

  // -------------------------------------------------------------- questions
  const form = $("answers");
  if (form) {
    const quote = (text) => JSON.stringify(text).replace(/\u007f/g, "\\u007f");
    const write = () => {
      const lines = [];
      for (const box of form.querySelectorAll("fieldset")) {
        const chosen = box.querySelector("input[type=radio]:checked");
        if (!chosen || !chosen.value) continue;
        lines.push(`[context.${quote(box.dataset.question)}]`, `value = ${quote(chosen.value)}`);
        const why = box.querySelector("input[type=text]").value.trim();
        if (why) lines.push(`rationale = ${quote(why)}`);
        lines.push("");
      }
      $("toml").value = lines.length ? lines.join("\n") : "# Choose answers on the left; then copy this into archlint.toml.\n";
    };
    form.addEventListener("input", write);
    form.addEventListener("submit", (event) => event.preventDefault());
    write();
    $("copy").hidden = false;
    $("copy").addEventListener("click", async () => {
      const area = $("toml");
      try { await navigator.clipboard.writeText(area.value); }
      catch { area.select(); document.execCommand("copy"); }
      $("copied").textContent = "Copied.";
    });
  }

  // ------------------------------------------------------------------ print
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.unit:not([open])")];
    for (const box of opened) box.open = true;
  });
  addEventListener("afterprint", () => { for (const box of opened) box.open = false; });
})();
