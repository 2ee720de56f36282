// Lets one drag a service onto another to put it into that one's lot, or onto the list of lots for a lot of its own.
// It fills in the form and sends it: nothing is possible here that the form alone does not do.
const OVER = "app-board--over";

export function letDrag(form) {
  const lots = form.elements.namedItem("to_lot");
  const cells = form.querySelectorAll("[data-unit]");
  let dragged = null;

  function move(target) {
    const box = dragged.querySelector("input");
    if (!box.checked) form.querySelectorAll("input[name=units]").forEach((other) => (other.checked = false));
    box.checked = true;
    lots.value = target;
    form.requestSubmit();
  }

  function accept(element, target) {
    element.addEventListener("dragover", (event) => {
      if (!dragged || dragged === element) return;
      event.preventDefault();
      element.classList.add(OVER);
    });
    element.addEventListener("dragleave", () => element.classList.remove(OVER));
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      element.classList.remove(OVER);
      if (dragged && dragged !== element) move(target);
    });
  }

  cells.forEach((cell) => {
    cell.draggable = true;
    cell.addEventListener("dragstart", (event) => {
      dragged = cell;
      event.dataTransfer.setData("text/plain", cell.querySelector("input").value);
    });
    cell.addEventListener("dragend", () => (dragged = null));
    accept(cell, cell.dataset.unit);
  });
  accept(lots.closest(".govuk-form-group"), "new");
}
