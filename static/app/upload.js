// A file can be dropped where it can be chosen, and is sent at once; without this script it is chosen and sent with a button.

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

if (form) {
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", over);
  form.addEventListener("drop", drop);
  form.addEventListener("submit", sending);
}
