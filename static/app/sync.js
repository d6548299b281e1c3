// A sync is asked for and followed: every 2 seconds at first, then less often, until the answer says that it is
// over (286), and not at all while nobody can see the page. What landed is then put into the page by refresh.js.

const FIRST = 2_000; // milliseconds
const LONGEST = 10_000;
const AT_REST = 120_000; // the next sync begins by itself
const GROWS = 1.4;
const OVER = 286;
const AS_HTMX = { "HX-Request": "true" };

const $ = (selector, root = document) => root.querySelector(selector);
const menu = () => $("#sync-menu");
const isBusy = () => menu()?.hasAttribute("data-busy");

let wait = FIRST;
let timer;
let ended = false; // the session is over

function plan(after) {
  clearTimeout(timer);
  if (!document.hidden && !ended && menu()) timer = setTimeout(look, after);
}

function say(text) {
  $("#live").textContent = text;
}

const word = () => $("#sync-told .tone")?.textContent.trim() ?? "";

async function look() {
  const wasBusy = isBusy();
  try {
    const answer = await fetch(menu().dataset.state, { headers: AS_HTMX, signal: AbortSignal.timeout(15_000) });
    ended = answer.headers.has("HX-Redirect");
    if (ended || !answer.ok) throw new Error(answer.status);
    show(await answer.text());
    if (answer.status === OVER) wait = FIRST;
    if (wasBusy && answer.status === OVER) landed();
  } catch {
    wait = LONGEST;
  }
  plan(isBusy() ? wait : AT_REST);
  wait = Math.min(wait * GROWS, LONGEST);
}

// The parts that tell, and nothing that somebody may have the focus on.
function show(html) {
  const fresh = $("#sync-menu", new DOMParser().parseFromString(html, "text/html"));
  if (!fresh || !menu()) return;
  const before = word();
  for (const place of ["#sync-summary", "#sync-told"]) $(place).replaceChildren(...$(place, fresh).childNodes);
  menu().toggleAttribute("data-busy", fresh.hasAttribute("data-busy"));
  if (word() !== before) say(word());
}

async function landed() {
  const { soon } = await import(document.documentElement.dataset.refresh);
  soon();
  const told = $("[data-synced]");
  if (told && !told.contains(document.activeElement)) {
    const address = location.href;
    const page = await (await fetch(address)).text();
    const fresh = $(`#${told.id}`, new DOMParser().parseFromString(page, "text/html"));
    if (fresh && told.isConnected && location.href === address) {
      told.replaceWith(fresh);
      htmx.process(fresh);
    }
  }
}

export async function ask() {
  const form = $("#sync-now");
  const button = $("button", form);
  if (button.disabled) return;
  button.disabled = true;
  say("Asking for a sync");
  try {
    const answer = await fetch(form.dataset.api, { method: "POST", body: new FormData(form), signal: AbortSignal.timeout(15_000) });
    if (answer.redirected) return location.reload();
    const told = await answer.json();
    say(told.detail ?? "Sync started");
    if (told.code !== "too_soon") menu().setAttribute("data-busy", "");
  } catch {
    say("The sync could not be asked for: no connection");
  } finally {
    button.disabled = false;
  }
  wait = FIRST;
  plan(0);
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "sync-now") return;
  event.preventDefault();
  ask();
});
document.addEventListener("visibilitychange", () => plan(0));
plan(isBusy() ? 0 : AT_REST);
