// Pieces that both pages show: a text with its draft mark and Vietnamese, a speaker button.

import { el, icon } from "./dom.js";
import { player } from "./player.js";
import { word } from "./words.js";

/** Value of the button that stands for a calendar; never sent. */
export const PICK_DATE = "act:pick_date";

/** A text: lines as paragraphs; drafts marked; the Vietnamese beneath where there is some. */
export function words(part, language, tag = "p") {
  const lines = (text) => text.split("\n").filter(Boolean).map((line) => el(tag, {}, line));
  return [
    el("div.text", { lang: language }, lines(part.text)),
    part.draft ? draftMark() : null,
    part.vi ? el("div.vi", { lang: "vi" }, lines(part.vi)) : null,
  ];
}

/** The mark of a translation no speaker has checked. */
const draftMark = () => el("span.draft", {}, "✎ ", word("ui.draft"));

/** A label: on a button only spans are allowed, and the mark is its dotted line. */
export function label(part, language) {
  return el(
    "span.label",
    {},
    el("span", { lang: language, className: part.draft ? "drafted" : "" }, part.label),
    part.vi ? el("span.vi", { lang: "vi" }, part.vi) : null,
  );
}

/** A button that speaks prompts; pressed again it stops. Null where there is nothing to hear. */
export function speaker(prompts, name, withWord = false) {
  const heard = prompts.filter((prompt) => prompt.audio);
  if (!heard.length) return null;
  const button = el(
    "button.speaker",
    { type: "button", "aria-label": `${word("ui.listen")}: ${name}` },
    icon("listen"),
    withWord ? el("span", { "aria-hidden": "true" }, word("ui.listen")) : null,
  );
  button.addEventListener("click", () => {
    const own = heard.some(({ element }) => element && element === player.playing);
    if (own || player.playing === button) player.stop();
    else player.play(heard.map((prompt) => ({ element: button, ...prompt })));
  });
  return button;
}

/** Days as people write them here: d/m/yyyy. */
export const written = (year, month, day) => `${day}/${month}/${year}`;

/** Today: the pretended day if the server has one. */
export function today(pretended) {
  const day = pretended ? new Date(`${pretended}T12:00`) : new Date();
  return { year: day.getFullYear(), month: day.getMonth() + 1, day: day.getDate() };
}
