// Shows the items that fit, at once and without leaving the page; the address follows, so that a reload shows the same.
let form = null;

const FIELDS = ["state", "risk", "point", "section", "q"];

function value(name) {
  return form.elements[name]?.value ?? "";
}

function textOf(card) {
  return [...card.querySelectorAll(".item__title, .item__quote, .item__description, .item__suggestion")]
    .map((part) => part.textContent)
    .join(" ")
    .toLocaleLowerCase();
}

function fits(card) {
  const { dataset } = card;
  const words = value("q").trim().toLocaleLowerCase();
  return (
    (!value("state") || dataset.state === value("state")) &&
    (!value("risk") || dataset.risk === value("risk")) &&
    (!value("point") || dataset.points.split(" ").includes(value("point"))) &&
    (!value("section") || dataset.sectionId === value("section")) &&
    (!words || textOf(card).includes(words))
  );
}

function writeCounts() {
  const counts = document.querySelector("#desk-counts .counts");
  if (!counts) return;
  for (const place of document.querySelectorAll("[data-count]")) place.textContent = counts.dataset[place.dataset.count];
}

// Applies the filter to the cards as they are now.
export function applyFilter() {
  if (!form?.isConnected) return;
  let shown = 0;
  const cards = [...document.querySelectorAll(".item[data-item-id]")];
  for (const card of cards) {
    card.hidden = !card.matches(".item--editing") && !fits(card);
    shown += card.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector(".item:not([hidden])");
  const isFiltered = FIELDS.some((name) => value(name));
  document.querySelector("[data-shown-count]").textContent = shown;
  document.querySelector("[data-total-count]").textContent = cards.length;
  document.querySelector("[data-nothing-fits]").hidden = shown > 0 || cards.length === 0;
  document.querySelector("[data-filter-clear]").hidden = !isFiltered;
  writeCounts();
}

function keepAddress() {
  const address = new URL(window.location.href);
  for (const name of FIELDS) {
    if (value(name)) address.searchParams.set(name, value(name));
    else address.searchParams.delete(name);
  }
  address.hash = "";
  window.history.replaceState(window.history.state, "", address);
}

export function setFilter(values) {
  for (const name of FIELDS) {
    const wanted = values[name] ?? "";
    if (name === "state") form.elements.state.value = wanted;
    else form.elements[name].value = wanted;
  }
  applyFilter();
  keepAddress();
}

export default function itemFilter(bar) {
  form = bar.querySelector("form");
  const onChange = () => {
    applyFilter();
    keepAddress();
  };
  // The fields lie around the form, not in it: their news passes the bar.
  bar.addEventListener("input", (event) => event.target.form === form && onChange());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onChange();
  });
  document.querySelector("[data-filter-clear]").addEventListener("click", (event) => {
    event.preventDefault();
    setFilter({});
    form.elements.q.focus();
  });
  // Somebody jumps to an item that the filter hides: the item wins.
  document.addEventListener("prism:reveal", (event) => {
    if (event.target.matches(".item")) setFilter({});
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.matches?.(".item, .counts, #desk-counts")) applyFilter();
  });
  // The counts come beside the card, and after it.
  document.body.addEventListener("htmx:oobAfterSwap", writeCounts);
  document.body.addEventListener("prism:remark-removed", () => setTimeout(applyFilter));
  applyFilter();
}
