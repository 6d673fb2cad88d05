// What a screen of the kiosk is filled with. A reply is cut into units (a text, a line of a list);
// as many units go on a screen as fit without scrolling.

/** Units of a reply's messages, in order. `group` counts lists, which begin a screen each. */
export function units(messages) {
  const made = [];
  messages.forEach((message, number) => {
    const items = message.items ?? [];
    made.push({
      kind: "text",
      message: number,
      list: items.length > 0,
      asks: number === messages.length - 1 && !items.length,
      text: items.length ? (message.head ?? "") : message.text,
      vi: items.length ? null : (message.vi ?? null),
      draft: message.draft,
      language: message.language,
      picture: message.picture,
      audio: message.head_audio ?? message.audio,
    });
    for (const item of items) {
      const unit = { ...item, kind: "item", message: number, language: message.language };
      made.push(unit);
    }
  });
  return made;
}

/** The unit in two, at a line or sentence near the middle; null where it can't be cut. */
function halves(unit) {
  const parts = unit.text.split(/(?<=\n)|(?<=[.!?…;])\s+/).filter((part) => part.trim());
  if (parts.length < 2) return null;
  const middle = Math.ceil(parts.length / 2);
  const first = { ...unit, text: parts.slice(0, middle).join(" "), items: [] };
  const second = { ...unit, text: parts.slice(middle).join(" "), picture: null, audio: null };
  return [{ ...first, vi: null }, second];
}

/** Cut units into screens. `fits(units, last)` tells whether a screen of them needs no scrolling;
 *  the last screen also holds the choices. */
export function screens(all, fits) {
  const done = [];
  let now = [];
  const close = () => {
    if (now.length) done.push(now);
    now = [];
  };
  const queue = [...all];
  while (queue.length) {
    const unit = queue.shift();
    if (unit.list && now.some((other) => other.kind === "item")) close();
    if (fits([...now, unit], false)) {
      now.push(unit);
    } else if (now.length) {
      close();
      queue.unshift(unit);
    } else {
      const cut = halves(unit);
      if (cut) queue.unshift(...cut);
      else done.push([unit]);
    }
  }
  close();
  return withChoices(done, fits);
}

/** Make room for the choices beside the end of what is said. */
function withChoices(done, fits) {
  const last = done.pop() ?? [];
  const before = [];
  while (last.length > 1 && !fits(last, true)) before.push(last.shift());
  if (last.length === 1 && !fits(last, true)) {
    const cut = halves(last[0]);
    if (cut) return withChoices([...done, ...(before.length ? [before] : []), [cut[0]], [cut[1]]], fits);
  }
  if (before.length) done.push(before);
  return [...done, last];
}
