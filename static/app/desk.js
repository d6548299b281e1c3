// Names for what select2 draws in place of a choice: the label of the choice that it stands for.

const $ = django.jQuery;

function nameOf(select) {
  const label = select.labels[0];
  if (label && !label.id) label.id = `${select.id}_label`;
  return label;
}

function name(select) {
  const drawn = select.nextElementSibling?.querySelector(".select2-selection");
  const label = nameOf(select);
  if (!drawn || !label) return;
  drawn.setAttribute("aria-labelledby", `${label.id} select2-${select.id}-container`);
  // What is chosen is text within the box that opens the choice, not a field of its own.
  for (const role of ["role", "aria-readonly"]) drawn.firstElementChild.removeAttribute(role);
}

$(() => $("select.admin-autocomplete").each((_, select) => name(select)));
$(document).on("select2:open", ({ target }) => {
  const field = document.querySelector(".select2-container--open .select2-search__field");
  field?.setAttribute("aria-label", `Search: ${nameOf(target)?.textContent.replace(/:$/, "") ?? ""}`);
  field?.focus();
});
