// Draws one screen of the kiosk and keeps it free of scrolling.

import { el, picture } from "./dom.js";
import { PICK_DATE, label, speaker, words } from "./parts.js";

export const CHOICES = 4; // on one screen
const TIGHTEST = 3; // steps of smaller type and pictures, see kiosk.css

export const stage = document.getElementById("stage");
const choiceBox = document.getElementById("choices");

function unit(part) {
  const speak = [{ audio: part.audio }];
  if (part.kind === "text") {
    return el(
      `section.said.${part.list ? "head" : part.asks ? "question" : "aside"}`,
      {},
      picture(part.picture),
      el("div", {}, words(part, part.language)),
      speaker(speak, part.text),
    );
  }
  const inner = (part.items ?? []).map((row) => 
    el("div.detail", {}, words({ ...row, draft: row.draft && !part.draft }, part.language)),
  );
  return el(
    "section.item",
    {},
    picture(part.picture),
    el("div", {}, words(part, part.language), inner),
    speaker(speak, part.text),
  );
}

/** A big button with its own speaker. */
export function choiceButton(choice, tongue, tap) {
  return el(
    "div.choice",
    {},
    el(
      "button.choose",
      { type: "button", click: () => tap(choice), "data-value": choice.value },
      picture(choice.picture, "choice-picture"),
      label(choice, tongue),
    ),
    speaker([{ audio: choice.audio }], choice.label),
  );
}

/** Draw units and buttons; returns what can be spoken, in order. */
export function draw(parts, buttons) {
  const said = parts.map(unit);
  stage.replaceChildren(el("div.said-all", {}, said));
  drawChoices(buttons);
  const texts = parts.map((part, index) => ({ audio: part.audio, element: said[index] }));
  return [...texts, ...spokenChoices(buttons)];
}

export function drawChoices(buttons) {
  const acts = buttons.every(({ value }) => /^(act|page):/.test(value) && value !== PICK_DATE);
  choiceBox.className = `choices of-${buttons.length}${acts ? " acts" : ""}`;
  choiceBox.replaceChildren(...buttons.map((button) => button.element));
}

const spokenChoices = (buttons) =>
  buttons.map((button) => ({ audio: button.audio, element: button.element }));

/** On lying screens the buttons share a height too. */
const tooTall = (box) =>
  box.scrollHeight > box.clientHeight + 1 ||
  [...box.querySelectorAll(".choose")].some((one) => one.scrollHeight > one.clientHeight + 1);

function overflows() {
  const sides = stage.scrollWidth > stage.clientWidth + 1;
  return sides || stage.scrollHeight > stage.clientHeight + 1 || tooTall(choiceBox);
}

/** Whether units and buttons fit, set as large as possible: tries smaller type before giving up.
 *  `loosest` and `tightest` bound how small. */
export function fit(parts, buttons, tightest = 0) {
  for (let step = 0; step <= tightest; step += 1) {
    document.body.dataset.tight = step;
    draw(parts, buttons);
    if (!overflows()) return true;
  }
  return false;
}

/** Draw for good, as tight as it must be. */
export function settle(parts, buttons) {
  fit(parts, buttons, TIGHTEST);
  return draw(parts, buttons);
}
