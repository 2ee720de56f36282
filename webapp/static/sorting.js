// Sorts statements by single keys. Each key presses a button of the form or moves the focus in it: nothing is possible
// here that the form alone does not do. Keys rest while somebody types, and can be switched off for good.
const REMEMBERED = "soundings.sort-keys";
const TYPED_INTO = "input:not([type=checkbox]), textarea, select, [contenteditable]";

export function sortByKeys(form) {
  const help = document.getElementById(form.dataset.sortKeys);
  const enabled = help.querySelector("input[type=checkbox]");
  const boxes = [...form.querySelectorAll("input[name=chosen]")];
  const act = (value) => form.querySelector(`button[name=act][value=${value}]`);

  function step(by) {
    const at = boxes.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : boxes.length - 1) : Math.min(Math.max(at + by, 0), boxes.length - 1);
    boxes[next]?.focus();
  }

  function chooseFocused() {
    if (boxes.includes(document.activeElement) && !boxes.some((box) => box.checked)) document.activeElement.checked = true;
  }

  function goTo(name) {
    chooseFocused();
    form.elements.namedItem(name).focus();
  }

  function press(value) {
    chooseFocused();
    act(value).click();
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    x: () => boxes.includes(document.activeElement) && document.activeElement.click(),
    c: () => press("confirm"),
    s: () => press("set_aside"),
    m: () => goTo("to"),
    n: () => goTo("title"),
    u: () => document.querySelector("button[form=undo]")?.click(),
  };

  help.hidden = false;
  enabled.checked = window.localStorage.getItem(REMEMBERED) !== "off";
  enabled.addEventListener("change", () => window.localStorage.setItem(REMEMBERED, enabled.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing && !event.defaultPrevented;
    if (!enabled.checked || !isPlain || event.target.closest(TYPED_INTO) || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    if (!event.repeat || event.key === "j" || event.key === "k") keys[event.key]();
  });
  form.elements.namedItem("to").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && enabled.checked) {
      event.preventDefault();
      act("move").click();
    }
  });
}
