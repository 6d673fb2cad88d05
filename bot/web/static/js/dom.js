// Building elements. Text always goes in as text, never as HTML.

/** An element. `props` sets properties and, for names with a dash or `role`, attributes;
 *  functions become listeners; children are elements, strings or nothing. */
export function el(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") made.addEventListener(key, value);
    else if (key.includes("-") || key === "role" || key === "lang") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A decorative picture by address; the words beside it say the same. */
export function picture(src, className = "picture") {
  return src ? el("img", { src, className, alt: "", decoding: "async" }) : null;
}

/** A picture of ours by concept name. */
export function icon(name, className = "icon") {
  return picture(`/static/icons/${name}.svg`, className);
}

/** Numbers that look like an identity number, hidden before anything shows or keeps them. */
export function masked(text) {
  return text.replace(/\d(?:[ .-]?\d){8,}/g, (found) => found.replace(/\d/g, "•"));
}
