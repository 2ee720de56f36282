// Nothing on a page needs this file: it makes GOV.UK Frontend's components livelier, spares reloading while a job runs
// and saves a section while somebody types.
import { keepSaved } from "./autosave.js";
import { letDrag } from "./board.js";
import { offerPasskey } from "./passkeys.js";
import { keepFresh } from "./refresh.js";
import { sortByKeys } from "./sorting.js";
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js";

const POLL_EVERY = 2000;
const POLL_AFTER_TROUBLE = 10000;

async function poll(element) {
  let wait = POLL_EVERY;
  try {
    const answer = await fetch(element.dataset.progressUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`progress answered ${answer.status}`);
    const progress = await answer.json();
    // Only a change is written, so that a screen reader speaks only when there is news.
    if (element.textContent !== progress.text) element.textContent = progress.text;
    if (progress.finished) {
      window.location.reload();
      return;
    }
  } catch {
    wait = POLL_AFTER_TROUBLE;
  }
  window.setTimeout(poll, wait, element);
}

initAll();
document.querySelectorAll("[data-progress-url]").forEach((element) => window.setTimeout(poll, POLL_EVERY, element));
document.querySelectorAll("form[data-autosave-url]").forEach(keepSaved);
document.querySelectorAll("[data-refresh-url]").forEach(keepFresh);
document.querySelectorAll("form[data-passkey]").forEach(offerPasskey);
document.querySelectorAll("form[data-board]").forEach(letDrag);
document.querySelectorAll("form[data-sort-keys]").forEach(sortByKeys);
document.querySelectorAll("form[data-send-at-once]").forEach((form) => form.requestSubmit());
document.querySelectorAll("input[data-shows]").forEach((range) => {
  range.addEventListener("input", () => { document.getElementById(range.dataset.shows).textContent = range.value; });
});
