/* A preview loads itself again when a file of the course changes. Without this, the page has a link for it. */
(() => {
  "use strict";
  const { changed } = document.querySelector("script[data-mark]").dataset;
  let { mark } = document.querySelector("script[data-mark]").dataset;
  let line = null, live = "";
  const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
  const seen = () => new Promise((done) => {
    if (!document.hidden) return done();
    document.addEventListener("visibilitychange", done, { once: true });
  });
  const say = (text) => { if (line && line.textContent !== text) line.textContent = text; };

  function greet() {
    line = document.querySelector("[data-live]");
    if (!line) return;
    live = line.textContent;
    line.hidden = false;
  }

  /* Around a phone only the bar is made anew: the page in the frame loads itself and keeps its place. */
  async function renew(now) {
    if (!document.querySelector(".phone")) return location.reload();
    const page = await (await fetch(location.href)).text();
    const bar = new DOMParser().parseFromString(page, "text/html").querySelector(".draft");
    document.querySelector(".draft").replaceWith(bar);
    mark = now;
    greet();
    return null;
  }

  async function watch() {
    for (;;) {
      await seen(); // a browser opens few connections to one server; tabs nobody sees leave theirs
      try {
        const answer = await fetch(`${changed}?since=${mark}`, { cache: "no-store" });
        const now = await answer.json();
        say(live);
        if (now.mark !== mark) await renew(now.mark);
      } catch (_problem) {
        if (line) say(line.dataset.lost);
        await pause(1000);
      }
    }
  }
  greet();
  watch();
})();
