// What there is to check about a screen of the kiosk.
const rect = (element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return [left, top, right, bottom];
};
const seen = (css) =>
  [...document.querySelectorAll(css)].filter((element) =>
    element.checkVisibility({ visibilityProperty: true }),
  );
const named = (elements) => elements.map((element) => element.ariaLabel || element.innerText);
const overflows = (element) =>
  element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1;
const leaves = (element) => {
  const [left, top, right, bottom] = rect(element.closest("#stage, #choices, .top, .bar"));
  const own = rect(element);
  return own[0] < left - 1 || own[1] < top - 1 || own[2] > right + 1 || own[3] > bottom + 1;
};
const boxes = [document.documentElement, document.body, ...seen("#stage, #choices")];
return {
  scrolls: boxes.filter(overflows).map((element) => element.id || element.tagName),
  cut: named(
    seen("#stage .said, #stage .item, .choose, .control > button:first-child").filter(
      (element) => leaves(element) || overflows(element),
    ),
  ),
  small: named(seen("button").filter((one) => one.offsetWidth < 48 || one.offsetHeight < 48)),
  silent: named(
    seen(".choice, .said, .item, .control").filter((one) => !one.querySelector(".speaker")),
  ),
  nameless: seen("button").filter((one) => !(one.ariaLabel || one.innerText.trim())).length,
  repeat: rect(document.querySelector('[data-control="repeat"]')),
  help: rect(document.querySelector('[data-control="help"]')),
  values: seen("#choices .choose").map((element) => element.dataset.value),
  said: document.getElementById("stage").innerText,
  step: document.body.dataset.step,
};
