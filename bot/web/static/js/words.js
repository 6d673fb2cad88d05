// Words of the page in the chosen language. Vietnamese comes with the page.

import * as api from "./api.js";

export const page = JSON.parse(document.getElementById("data").textContent);

const known = new Map([[page.language, page.words]]);
let current = page.words;
let code = page.language;

export const language = () => code;

/** The word's text, with {placeholders} filled. */
export function word(id, values = {}) {
  const text = (current[id] ?? page.words[id])?.text ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Link to the spoken word, or null. */
export const wordAudio = (id) => (current[id] ?? page.words[id])?.audio ?? null;

/** Change the language of the page's words; keeps the old ones when they can't be fetched. */
export async function useLanguage(wanted) {
  if (wanted === code) return;
  try {
    if (!known.has(wanted)) known.set(wanted, await api.words(wanted));
  } catch {
    return;
  }
  current = known.get(wanted);
  code = wanted;
  label(document);
  document.dispatchEvent(new Event("languagechange-page"));
}

/** Write the words into every element that names one in `data-word` or `data-label`. */
export function label(root) {
  document.documentElement.lang = code;
  for (const element of root.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(element.dataset.label));
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.placeholder = word(element.dataset.placeholder);
  }
}
