// A file can be dropped where it can be chosen, and is sent at once; without this script it is chosen and sent with a button.
// What becomes of a file is asked for while somebody can see the answer, and at once when somebody can see it again.

const form = document.querySelector("[data-drop]");
const input = form?.querySelector("input[type=file]");
const carries = ({ dataTransfer }) => [...(dataTransfer?.types ?? [])].includes("Files");

function over(event) {
  if (!carries(event)) return;
  event.preventDefault();
  form.classList.toggle("over", event.type === "dragover");
}

function drop(event) {
  if (!carries(event)) return;
  over(event);
  const [file] = event.dataTransfer.files;
  if (!file) return;
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  form.requestSubmit();
}

function sending() {
  const says = form.querySelector("[data-says]");
  says.hidden = false;
  says.textContent = `Sending ${input.files[0]?.name ?? "the file"} …`;
  document.querySelector("#live").textContent = says.textContent;
  form.querySelector("button").disabled = true;
}

const isState = (element) => element?.id === "upload-state";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && isState(event.target)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  const state = document.querySelector("#upload-state[hx-get]");
  if (state && !document.hidden) htmx.trigger(state, "seen");
});

if (form) {
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", over);
  form.addEventListener("drop", drop);
  form.addEventListener("submit", sending);
}
