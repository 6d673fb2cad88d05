// Filters the list while somebody types. Without this script the form searches, and finds more.
const marks = /\p{M}/gu;
const box = document.getElementById("q");
const rows = [...document.querySelectorAll("[data-key]")];
const nothing = document.getElementById("nothing");

function bare(text) {
  return text.toLowerCase().normalize("NFD").replace(marks, "").replace(/đ/g, "d").replace(/ƀ/g, "b").trim();
}

function filter() {
  const words = bare(box.value).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => row.dataset.key.includes(word));
    left += row.hidden ? 0 : 1;
  }
  for (const theme of document.querySelectorAll(".theme")) {
    theme.hidden = !theme.querySelector("[data-key]:not([hidden])");
  }
  nothing.hidden = left > 0;
}

if (rows.length) {
  box.addEventListener("input", filter);
  filter();
}
