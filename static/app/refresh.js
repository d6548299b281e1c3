// New data come to the page that shows them: now and then it asks whether some landed, and puts the panels anew.
// Nothing asks while nobody can see the page, and nothing is put anew under somebody's hands.

const EVERY = 20_000; // milliseconds
const LONGEST = 300_000;
const A_MOMENT = 1_000;
const QUIET = 3_000; // since the last key typed into a field
const AS_HTMX = { "HX-Request": "true", "HX-Target": "main" };

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

let wait = EVERY;
let timer;
let typed = 0;
let over = false;
let looking = false;

function plan(after) {
  clearTimeout(timer);
  if (!document.hidden && !over) timer = setTimeout(look, after);
}

function seen() {
  const marks = $$("#app, #panels").map((one) => Number(one.dataset.generation ?? 0));
  return Math.max(...marks);
}

// An answer of the login page is none: the session is over, and the figures stay what they were.
async function ask(address, headers = AS_HTMX) {
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(15_000) });
  over = answer.headers.has("HX-Redirect");
  if (!answer.ok && !over) throw new Error(answer.status);
  return over ? undefined : answer;
}

async function look() {
  if (looking) return;
  looking = true;
  let next = wait;
  try {
    if ($("#panels")) next = await looked();
  } catch {
    next = wait = Math.min(wait * 2, LONGEST);
  }
  looking = false;
  plan(next);
}

// Something landed, as far as is known elsewhere.
export function soon() {
  plan(0);
}

async function looked() {
  const answer = await ask(`/pulse/?seen=${seen()}`);
  wait = EVERY;
  if (!answer || answer.status === 204) return wait;
  const { generation } = await answer.json();
  if (held()) return A_MOMENT;
  return (await renew(generation)) ? wait : A_MOMENT;
}

const OPEN = "dialog[open], details:is(.menu:not(#sync-menu), .pick)[open], #panels details:not(.data)[open], .htmx-request";

function held() {
  return Boolean($(OPEN)) || Date.now() - typed < QUIET;
}

// The page as it is now, of which the panels and how new they are take the place of the old ones.
async function renew(generation) {
  const address = location.href;
  const answer = await ask(address);
  if (!answer) return true;
  const page = await answer.text();
  const target = $("#panels");
  if (!target || held() || location.href !== address) return false;
  $("#app").dataset.generation = generation;
  const before = remember(target);
  htmx.swap(target, page, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 }, {
    select: "#panels",
    selectOOB: ["#page-as-of", "#page-fresh"].filter((one) => $(one)).join(","),
    contextElement: target,
    eventInfo: { target, requestConfig: { elt: target } },
    afterSwapCallback: () => restore(before),
    afterSettleCallback: () => ($("#live").textContent = "New data: updated"),
  });
  return true;
}

// --- what stays as it was: the focus, how far one has scrolled, which tables are open -----------------

// An element without an id is told by its place below the nearest one that has one.
function place(element) {
  const root = element.closest("[id]");
  return { id: root.id, tag: element.tagName, nth: root === element ? -1 : $$(element.tagName, root).indexOf(element) };
}

function at({ id, tag, nth }) {
  const root = document.getElementById(id);
  return nth < 0 || !root ? root : $$(tag, root)[nth];
}

function remember(panels) {
  const focused = document.activeElement;
  return {
    focus: panels.contains(focused) ? place(focused) : null,
    open: $$("details[open]", panels).map(place),
    scrolled: $$("*", panels)
      .filter((one) => one.scrollLeft || one.scrollTop)
      .map((one) => [place(one), one.scrollLeft, one.scrollTop]),
    top: scrollY,
  };
}

function restore({ focus, open, scrolled, top }) {
  for (const details of open.map(at)) if (details) details.open = true;
  for (const [where, left, down] of scrolled) at(where)?.scrollTo(left, down);
  const element = focus && at(focus);
  if (element?.tagName === "TR") element.tabIndex = -1;
  element?.focus({ preventScroll: true });
  scrollTo({ top, behavior: "instant" });
}

document.addEventListener("input", () => {
  typed = Date.now();
});
document.addEventListener("visibilitychange", () => plan(0));
look();
