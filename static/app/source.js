// What becomes of a trial is asked for while somebody can see the answer, and at once when somebody can see it again.

const isTrial = (element) => element?.id === "source-trial";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && isTrial(event.target)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  const trial = document.querySelector("#source-trial[hx-get]");
  if (trial && !document.hidden) htmx.trigger(trial, "seen");
});
