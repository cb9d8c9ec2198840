/* Small comforts for pages that work without them. All words come from data attributes. */
(() => {
  "use strict";
  const all = (selector) => document.querySelectorAll(selector);

  /* form[data-autosave=URL]: save while the person writes, one save after another, the latest wins. */
  const QUIET = 600, SOON = 2000, LATE = 30000; // milliseconds

  function autosave(form) {
    const line = form.querySelector("[data-saved]");
    let changed = false, stopped = false, flight = null, timer = 0, pause = SOON;

    const say = (text) => { if (line && text) line.textContent = text; };
    const offline = () => say(line && line.dataset.offline);
    const later = (delay) => { clearTimeout(timer); timer = setTimeout(save, delay); };

    async function save() {
      clearTimeout(timer);
      if (!changed || flight || stopped) return;
      const mine = flight = new AbortController();
      changed = false;
      let next = 0;
      try {
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(form.dataset.autosave, {
          method: "POST", body, credentials: "same-origin", signal: mine.signal,
          headers: { "X-Requested-With": "fetch" },
          keepalive: String(body).length < 50000, // browsers allow 64 KiB
        });
        const { message } = await answer.json();
        if (answer.status >= 500 || answer.status === 429) throw answer;
        if (answer.status === 401 || answer.status === 409) stopped = true;
        if (message) say(message); else if (!answer.ok) offline();
        pause = SOON;
      } catch (problem) {
        if (flight !== mine) return; // a newer save took over
        changed = true;
        offline();
        next = pause;
        pause = Math.min(pause * 2, LATE);
      }
      if (flight !== mine) return;
      flight = null;
      if (changed) later(next);
    }

    const forget = () => {
      clearTimeout(timer);
      const old = flight;
      flight = null;
      if (old) old.abort();
    };
    const flush = () => { if (changed && !stopped) { forget(); save(); } };
    const now = () => { pause = SOON; save(); };
    const note = () => { changed = true; if (!flight) later(QUIET); };

    form.addEventListener("input", note);
    form.addEventListener("change", note);
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) { changed = false; forget(); } });
    addEventListener("online", now);
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  }

  /* form[data-once]: a double click sends once; the button keeps its name and value. */
  function once(form) {
    let sent = -Infinity;
    form.addEventListener("submit", (event) => {
      if (performance.now() - sent < 5000) event.preventDefault();
      else sent = performance.now();
    });
    addEventListener("pageshow", () => { sent = -Infinity; });
  }

  /* [data-copy]: shown only where copying works. */
  function copier(button) {
    if (!navigator.clipboard) return;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 4000);
    });
  }

  /* [data-exit]: leave, and take this page out of the history. */
  function exit(link) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      location.replace(link.href);
    });
  }

  /* [data-follow=URL]: look again until the answer holds [data-over]; then load the page. */
  function follow(part) {
    const look = async () => {
      try {
        const answer = await fetch(part.dataset.follow, { credentials: "same-origin" });
        if (!answer.ok) throw answer;
        part.innerHTML = await answer.text();
        if (part.querySelector("[data-over]")) return location.reload();
      } catch (problem) { /* offline, or the server restarts: look again */ }
      setTimeout(look, 2000);
    };
    setTimeout(look, 1000);
  }

  all("form[data-once]").forEach(once);
  all("[data-follow]").forEach(follow);
  all("form[data-autosave]").forEach(autosave);
  all("[data-copy]").forEach(copier);
  all("[data-exit]").forEach(exit);
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
