// A long table is swapped alone when it is searched or sorted: the links beside it learn here what it shows now.

const OWN = ["q", "sort", "size", "group", "in", "flag", "column"];
const ALL_GONE = ".chips li:last-child a"; // the link that clears everything, the search too

function isBeside(link) {
  return link.pathname === location.pathname && !link.hash && !link.closest(".listing") && !link.matches(ALL_GONE);
}

// The heading of another table keeps the order that it is there for.
function keepUp() {
  if (!document.querySelector(".listing")) return;
  const now = [...new URLSearchParams(location.search)].filter(([name]) => OWN.includes(name));
  for (const link of document.querySelectorAll("#panels a[href]")) {
    if (!isBeside(link)) continue;
    const sorts = (name) => name === "sort" && link.closest("thead");
    const kept = [...new URLSearchParams(link.search)].filter(([name]) => !OWN.includes(name) || sorts(name));
    const query = new URLSearchParams([...kept, ...now.filter(([name]) => !sorts(name))]).toString();
    link.setAttribute("href", link.pathname + (query && `?${query}`));
  }
}

// htmx remembers where a link led when it first saw it.
function follow({ detail }) {
  if (detail.elt.matches("#panels a[hx-get]") && isBeside(detail.elt)) detail.path = detail.elt.getAttribute("href");
}

document.addEventListener("htmx:pushedIntoHistory", keepUp);
document.addEventListener("htmx:configRequest", follow);
