// Keeps a part of a page up to date: fetched again every half minute, but not while nobody looks at it.
const EVERY = 30000;

export function keepFresh(element) {
  async function refresh() {
    if (document.hidden || element.contains(document.activeElement)) return;
    try {
      const answer = await fetch(element.dataset.refreshUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) return;
      const { html } = await answer.json();
      const open = [...element.querySelectorAll("details")].map((details) => details.open);
      element.innerHTML = html;
      element.querySelectorAll("details").forEach((details, place) => (details.open = open[place] ?? false));
    } catch {
      // The connection is away. The next time may do better, and the link beneath always works.
    }
  }
  window.setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
}
