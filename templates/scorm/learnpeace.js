/* One module in a SCORM 1.2 platform: marks the quiz and the questions inside the text as the
   learnpeace server does (learning/marking.py), keeps answers, reports status and points.
   Part of learnpeace, Apache-2.0. Nothing is loaded or sent but through the platform's API. */
"use strict";

(() => {
  const LONGEST = 4096; // characters of cmi.suspend_data
  const words = JSON.parse(document.body.dataset.words);
  const form = document.querySelector("[data-quiz]");
  const quiz = form && JSON.parse(form.dataset.quiz);
  const again = document.querySelector("[data-again]");
  const began = Date.now();
  let state = { a: {}, in: 0, best: null, pick: [] };
  let platform = null, isOver = false, isWarned = false, waiting = 0;

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const fieldsets = within => all("[data-question]", within).filter(one => !one.hidden);
  const specOf = fieldset => JSON.parse(fieldset.dataset.question);

  /* The platform */

  function climb(from) {
    let here = from;
    for (let step = 0; here && step < 20; step++) {
      try {
        if (here.API) return here.API;
      } catch { /* a window of another site */ }
      if (here.parent === here) break;
      here = here.parent;
    }
    return null;
  }

  function findPlatform() {
    const found = climb(window);
    if (found) return found;
    try {
      return window.top.opener ? climb(window.top.opener) : null;
    } catch {
      return null;
    }
  }

  const get = name => (platform ? String(platform.LMSGetValue(name) ?? "") : "");
  const took = answer => String(answer) === "true";

  function set(values) {
    if (!platform || isOver) return;
    let isKept = true;
    try {
      for (const [name, value] of Object.entries(values)) {
        isKept = took(platform.LMSSetValue(name, String(value))) && isKept;
      }
      isKept = took(platform.LMSCommit("")) && isKept;
    } catch {
      isKept = false;
    }
    say("unkept", !isKept);
  }

  function keep() {
    if (!form) return;
    let text = JSON.stringify(state);
    say("long", text.length > LONGEST);
    if (text.length > LONGEST) {
      const open = new Set(fieldsets(form).map(specOf).filter(spec => spec.kind === "open").map(spec => spec.id));
      const rest = Object.fromEntries(Object.entries(state.a).filter(([id]) => !open.has(id)));
      text = JSON.stringify({ ...state, a: rest });
    }
    if (text.length <= LONGEST) set({ "cmi.suspend_data": text });
  }

  function begin() {
    platform = findPlatform();
    if (platform && !took(platform.LMSInitialize(""))) platform = null;
    say("alone", !platform);
    if (!platform) return;
    const status = get("cmi.core.lesson_status");
    const values = { "cmi.core.exit": "suspend" };
    if (status === "" || status === "not attempted" || status === "browsed") values["cmi.core.lesson_status"] = "incomplete";
    set(values);
    if (status === "completed" && !form) say("read", true);
    try {
      state = { ...state, ...JSON.parse(get("cmi.suspend_data")) };
    } catch { /* nothing kept yet */ }
    const raw = parseFloat(get("cmi.core.score.raw"));
    if (state.best === null && raw >= 0) state.best = raw;
  }

  function end() {
    if (!platform || isOver) return;
    clearTimeout(waiting);
    keep();
    const seconds = Math.round((Date.now() - began) / 1000);
    const two = number => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    set({
      "cmi.core.session_time": `${String(hours).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`,
      "cmi.core.exit": "suspend",
    });
    isOver = true;
    platform.LMSFinish("");
  }

  /* Answers: read from the page, and put back */

  function read(fieldset, spec) {
    switch (spec.kind) {
      case "one": case "scale":
        return fieldset.querySelector("input:checked")?.value ?? null;
      case "several": {
        const chosen = all("input:checked", fieldset).map(box => box.value);
        return chosen.length ? chosen : null;
      }
      case "order": case "match": {
        const chosen = all("select", fieldset).filter(one => one.value).map(one => [one.dataset.row, one.value]);
        return chosen.length ? Object.fromEntries(chosen) : null;
      }
      default:
        return fieldset.querySelector("input, textarea").value.trim() || null;
    }
  }

  function put(fieldset, spec, answer) {
    for (const box of all("input[type=radio], input[type=checkbox]", fieldset)) {
      box.checked = Array.isArray(answer) ? answer.includes(box.value) : box.value === answer;
    }
    for (const select of all("select", fieldset)) select.value = answer?.[select.dataset.row] ?? "";
    for (const field of all("input[type=text], textarea", fieldset)) field.value = answer ?? "";
  }

  function isWhole(fieldset, answer) {
    const rows = all("select", fieldset).length;
    return rows ? Object.keys(answer ?? {}).length === rows : answer !== null;
  }

  /* Marking: points as [part, whole], so that no rounding decides who passes */

  const full = isRight => [isRight ? 1 : 0, 1];

  function mark(spec, answer) {
    if (answer === null) return [0, 1];
    const points = part(spec, answer);
    return spec.whole ? full(points[0] === points[1]) : points;
  }

  function part(spec, answer) {
    const { right } = spec;
    switch (spec.kind) {
      case "one":
        return full(right.includes(answer));
      case "several": {
        const hits = answer.filter(id => right.includes(id)).length;
        return [Math.max(0, 2 * hits - answer.length), right.length || 1];
      }
      case "order": {
        let pairs = 0, inOrder = 0;
        for (let first = 0; first < right.length; first++) {
          for (let second = first + 1; second < right.length; second++) {
            pairs++;
            if (Number(answer[right[first]]) < Number(answer[right[second]])) inOrder++;
          }
        }
        return [inOrder, pairs || 1];
      }
      case "match": {
        const rows = spec.rows;
        const hits = rows.filter(id => answer[id] in right && right[answer[id]] === right[id]).length;
        return [hits, rows.length || 1];
      }
      case "short":
        return full(right.map(bare).includes(bare(answer)));
      case "number": {
        const found = number(answer);
        return full(found !== null && Number(spec.least) <= found && found <= Number(spec.most));
      }
      default:
        return [0, 1];
    }
  }

  /* Case, accents, marks and spaces do not count. Twice: some letters become capitals only by the second pass. */
  function bare(text) {
    const folded = text.normalize("NFKD").toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFKD");
    return [...folded].filter(sign => !/[\p{P}\p{Z}\p{S}\p{C}]/u.test(sign) && !isAccent(sign)).join("");
  }

  /* A mark with a combining class, but no virama (class 9), which changes letters. The browser
     tells the class only by the order into which it puts marks. */
  function isAccent(sign) {
    if (!/\p{M}/u.test(sign)) return false;
    const movesBehind = mark => (sign + mark).normalize("NFD") !== sign + mark;
    const movesBefore = mark => (mark + sign).normalize("NFD") !== mark + sign;
    if (!movesBehind("\u0334") && !movesBefore("\u0301")) return false;
    const isVirama = movesBehind("\u093c") && movesBefore("\u05b0") && sign !== "\u3099" && sign !== "\u309a";
    return !isVirama;
  }

  function number(text) {
    const plain = [...text.trim()].map(digit).join("").replace(/[,٫]/g, ".").replaceAll("−", "-");
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
  }

  function digit(sign) {
    const isDigit = code => /\p{Nd}/u.test(String.fromCodePoint(code));
    let code = sign.codePointAt(0), value = 0;
    if (!isDigit(code)) return sign;
    while (value < 9 && isDigit(code - 1)) { code--; value++; }
    return String(value);
  }

  /* What is told afterwards */

  function tell(fieldset, spec, answer) {
    const points = mark(spec, answer);
    const outcome = !spec.points ? "open" : points[0] === points[1] ? "right" : points[0] ? "partly" : "wrong";
    const line = fieldset.querySelector("[data-outcome]");
    line.className = `result result--${outcome}`;
    line.textContent = words[outcome];
    line.hidden = false;
    for (const box of all("[data-reason]", fieldset)) {
      const isChosen = Array.isArray(answer) ? answer.includes(box.dataset.reason) : answer === box.dataset.reason;
      const isRight = spec.right.includes(box.dataset.reason);
      box.querySelector("small").textContent = words[(isChosen ? "chosen" : "left") + (isRight ? "Right" : "Wrong")];
      box.hidden = false;
    }
    const told = fieldset.querySelector("[data-answer]");
    told.hidden = !told.textContent.trim();
  }

  function clear(fieldset) {
    for (const one of all("[data-outcome], [data-reason], [data-answer]", fieldset)) one.hidden = true;
  }

  function say(name, isShown, values = {}) {
    const place = document.querySelector(`[data-say="${name}"]`);
    if (!place) return null;
    place.hidden = !isShown;
    if (!isShown) return place;
    for (const line of place.children.length ? all("p", place) : [place]) {
      line.dataset.words ??= line.textContent;
      line.textContent = line.dataset.words.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
    }
    return place;
  }

  /* The quiz */

  function choose() {
    const every = all("[data-question]", form);
    if (!quiz.pick || quiz.pick >= every.length) return;
    const ids = every.map(one => specOf(one).id);
    if (!state.pick.length || state.pick.some(id => !ids.includes(id))) {
      const left = [...ids];
      while (left.length > quiz.pick) left.splice(Math.floor(Math.random() * left.length), 1);
      state.pick = left;
    }
    for (const one of every) {
      one.hidden = !state.pick.includes(specOf(one).id);
      const number = one.querySelector(".question__number");
      if (number && !one.hidden) number.textContent = number.textContent.replace(/\d+/, state.pick.indexOf(specOf(one).id) + 1);
    }
  }

  function percent() {
    let part = 0, whole = 1, count = 0;
    for (const spec of fieldsets(form).map(specOf).filter(one => one.points)) {
      const [some, most] = mark(spec, state.a[spec.id] ?? null);
      [part, whole] = lowest(part * most + some * whole, whole * most);
      count++;
    }
    return count ? Math.floor((part * 100) / (whole * count)) : 100;
  }

  function lowest(part, whole) {
    let [a, b] = [whole, part];
    while (b) [a, b] = [b, a % b];
    return [part / a, whole / a];
  }

  function show(score, moves) {
    const isPassed = score >= quiz.pass;
    const withAnswers = quiz.show === "handed-in" || (quiz.show === "passed" && isPassed);
    for (const fieldset of fieldsets(form)) {
      const spec = specOf(fieldset);
      if (withAnswers) tell(fieldset, spec, state.a[spec.id] ?? null);
      for (const field of all("input, select, textarea", fieldset)) field.disabled = true;
    }
    form.querySelector("[data-hand-in]").hidden = true;
    again.hidden = false;
    say("missing", false);
    say(isPassed ? "failed" : "passed", false);
    const place = say(isPassed ? "passed" : "failed", true, { score });
    if (moves) place.focus();
  }

  function handIn(event) {
    event.preventDefault();
    remember();
    const missing = fieldsets(form).filter(one => !isWhole(one, state.a[specOf(one).id] ?? null)).length;
    if (missing && !isWarned) {
      isWarned = true;
      say("missing", true, { missing }).focus();
      return;
    }
    const score = percent();
    state.in = 1;
    state.best = quiz.keep === "last" || state.best === null ? score : Math.max(state.best, score);
    keep();
    set({
      "cmi.core.score.min": 0,
      "cmi.core.score.max": 100,
      "cmi.core.score.raw": state.best,
      "cmi.core.lesson_status": state.best >= quiz.pass ? "passed" : "failed",
    });
    show(score, true);
  }

  function tryAgain() {
    state.a = {};
    state.in = 0;
    state.pick = [];
    isWarned = false;
    choose();
    for (const fieldset of all("[data-question]", form)) {
      clear(fieldset);
      put(fieldset, specOf(fieldset), null);
      for (const field of all("input, select, textarea", fieldset)) field.disabled = false;
    }
    for (const name of ["passed", "failed", "missing", "long"]) say(name, false);
    form.querySelector("[data-hand-in]").hidden = false;
    again.hidden = true;
    keep();
    fieldsets(form)[0].querySelector("input, select, textarea").focus();
  }

  function remember() {
    if (state.in) return;
    for (const fieldset of fieldsets(form)) {
      const spec = specOf(fieldset);
      const answer = read(fieldset, spec);
      if (answer === null) delete state.a[spec.id];
      else state.a[spec.id] = answer;
    }
  }

  function rememberSoon() {
    remember();
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1000);
  }

  function startQuiz() {
    choose();
    for (const fieldset of fieldsets(form)) {
      const spec = specOf(fieldset);
      put(fieldset, spec, state.a[spec.id] ?? null);
    }
    form.addEventListener("input", rememberSoon);
    form.addEventListener("submit", handIn);
    again.addEventListener("click", tryAgain);
    if (state.in) show(percent(), false);
  }

  function startCheck(check) {
    const fieldset = check.querySelector("[data-question]");
    check.addEventListener("submit", event => {
      event.preventDefault();
      const spec = specOf(fieldset);
      tell(fieldset, spec, read(fieldset, spec));
    });
    check.addEventListener("input", () => clear(fieldset));
  }

  begin();
  all("[data-check]").forEach(startCheck);
  if (form) startQuiz();
  document.querySelector("[data-read]")?.addEventListener("click", event => {
    event.target.hidden = true;
    set({ "cmi.core.lesson_status": "completed" });
    say("read", true).focus();
  });
  addEventListener("pagehide", end);
  addEventListener("beforeunload", () => { if (form && !isOver) keep(); });
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
})();
