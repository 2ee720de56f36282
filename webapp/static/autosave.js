// Saves a section's form some seconds after somebody stops typing. It says "Saved" only when the server has said so.

const AFTER_TYPING = 3000;
const AFTER_TROUBLE = 5000;
const PATIENCE = 10000;

// What the form would send, without the revision, which is the server's, and without what only the page itself sends.
function contents(form) {
  const sent = new URLSearchParams(new FormData(form));
  sent.delete("revision");
  form.querySelectorAll("[data-not-autosaved]").forEach((box) => sent.delete(box.name));
  return sent.toString();
}

export function keepSaved(form) {
  const status = form.querySelector("[data-autosave-status]");
  const { revision } = form.elements;
  let confirmed = contents(form);
  // Sent, with no answer: it may be saved or not. Sending just this again does no harm, sending anything else might
  // clash with it.
  let unconfirmed = null;
  let saving = null;
  let timer = null;
  let over = false;
  let leaving = false;

  function say(text) {
    if (status.textContent !== text) status.textContent = text;
    uncover();
  }

  // The words stand at the foot of the window: the box that somebody types in must not be behind them.
  function uncover() {
    const box = document.activeElement;
    const words = status.getBoundingClientRect();
    const { top, bottom } = box.getBoundingClientRect();
    if (form.contains(box) && top < words.bottom && bottom > words.top) box.scrollIntoView({ block: "nearest" });
  }

  function plan(wait) {
    window.clearTimeout(timer);
    if (!over && !leaving) timer = window.setTimeout(save, wait);
  }

  function heed(told, sent) {
    unconfirmed = null;
    over = told.is_over;
    if (told.revision !== null) {
      revision.value = told.revision;
      confirmed = sent;
    }
    say(told.text);
  }

  async function send(sent) {
    unconfirmed = sent;
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(`${sent}&revision=${revision.value}`),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) heed(await answer.json(), sent);
      else if (answer.status >= 500) say(form.dataset.notAvailableText);
      else heed({ text: form.dataset.signedOutText, revision: null, is_over: true }, sent);
    } catch {
      say(form.dataset.noConnectionText);
    }
  }

  async function save() {
    if (saving !== null) return;
    const sent = unconfirmed ?? contents(form);
    if (sent === confirmed) return;
    saving = send(sent);
    await saving;
    saving = null;
    if (unconfirmed !== null) plan(AFTER_TROUBLE);
    else if (contents(form) !== sent) plan(AFTER_TYPING);
  }

  function changed() {
    // Leaving a box is a change too: what stands below must not move from under a finger that is on its way to a button.
    if (over || contents(form) === confirmed) return;
    if (unconfirmed === null) say("");
    plan(AFTER_TYPING);
  }

  // A save under way is waited for, since what follows would clash with it.
  async function finish(event) {
    window.clearTimeout(timer);
    const waiting = saving !== null || unconfirmed !== null;
    if (leaving || !waiting) {
      leaving = true;
      return;
    }
    event.preventDefault();
    leaving = true;
    await (saving ?? save());
    form.requestSubmit(event.submitter);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", finish);
  window.addEventListener("online", () => plan(0));
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && contents(form) !== confirmed) event.preventDefault();
  });
}
