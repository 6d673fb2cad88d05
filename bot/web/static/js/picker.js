// A date by taps: year, month, day; each a screen of big buttons.

import { el } from "./dom.js";
import { written } from "./parts.js";
import { word } from "./words.js";

const YEARS = 12;

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Show the picker in `stage`. `done(text)` gets the day as d/m/yyyy. Days after `today` are not
 *  offered. Returns a function that goes one screen back and tells whether there was one. */
export function pickDate(stage, today, done) {
  const chosen = {};
  let newest = today.year;

  function grid(name, numbers, tap, more = []) {
    const buttons = numbers.map((number) =>
      el("button", { type: "button", click: () => tap(number) }, String(number)),
    );
    stage.replaceChildren(
      el(
        "div.picker",
        {},
        el("h2", {}, name, summary()),
        el(`div.numbers.of-${Math.min(numbers.length, 31) > 12 ? "days" : "few"}`, {}, buttons),
        more.length ? el("div.more", {}, more) : null,
      ),
    );
  }

  function summary() {
    const parts = [chosen.month, chosen.year].filter(Boolean);
    return parts.length ? el("small", {}, ` ${parts.join("/")}`) : null;
  }

  function years() {
    const older = el(
      "button",
      { type: "button", click: () => { newest -= YEARS; years(); } },
      `← ${word("ui.year")} ${newest - YEARS}`,
    );
    const list = range(newest - YEARS + 1, newest).reverse();
    grid(word("ui.year"), list, (year) => { chosen.year = year; months(); }, [older]);
  }

  function months() {
    delete chosen.month;
    const last = chosen.year === today.year ? today.month : 12;
    grid(word("ui.month"), range(1, last), (month) => { chosen.month = month; days(); });
  }

  function days() {
    const length = new Date(chosen.year, chosen.month, 0).getDate();
    const thisMonth = chosen.year === today.year && chosen.month === today.month;
    const last = thisMonth ? today.day : length;
    grid(word("ui.day"), range(1, last), (day) => done(written(chosen.year, chosen.month, day)));
  }

  years();
  return () => {
    if (chosen.month) {
      months();
    } else if (chosen.year) {
      delete chosen.year;
      years();
    } else if (newest !== today.year) {
      newest += YEARS;
      years();
    } else {
      return false;
    }
    return true;
  };
}
