/* form[data-drop]: a file dropped anywhere on the page is chosen in its file field and sent. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-drop]");
  const field = form && form.querySelector("input[type=file]");
  if (!field || !("DataTransfer" in window)) return;
  form.querySelector("[data-drop-words]").hidden = false;
  const holdsFile = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  addEventListener("dragover", (event) => { if (holdsFile(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!holdsFile(event) || !event.dataTransfer.files.length) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    form.requestSubmit();
  });
})();
