// Elements made, and elements brought up to date without losing focus, scroll or what a reader has opened.
(function () {
  "use strict";
  const mufakat = (window.mufakat = window.mufakat || {});

  // make("p", { class: "note" }, "text", node): attributes by name, true for those without a value, none where null or false; then children,
  // text or nodes.
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      element.setAttribute(name, value === true ? "" : value);
    }
    add(element, children);
    return element;
  }

  function add(element, children) {
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined && child !== false) element.append(child);
    }
  }

  // Makes the children of an element those of another, changing what differs alone.
  function patchChildren(old, fresh) {
    const wanted = Array.from(fresh.childNodes);
    wanted.forEach((child, at) => {
      const present = old.childNodes[at];
      if (present) patch(present, child);
      else old.append(child);
    });
    while (old.childNodes.length > wanted.length) old.lastChild.remove();
  }

  function patch(old, fresh) {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || name(old) !== name(fresh)) {
      old.replaceWith(fresh);
    } else if (old.nodeType === Node.ELEMENT_NODE) {
      patchAttributes(old, fresh);
      patchChildren(old, fresh);
    } else if (old.data !== fresh.data) {
      old.data = fresh.data;
    }
  }

  // What makes two elements of one kind different things.
  function name(node) {
    return node.nodeName === "DETAILS" ? node.firstChild && node.firstChild.textContent : node.id || "";
  }

  function patchAttributes(old, fresh) {
    for (const { name, value } of Array.from(fresh.attributes)) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of Array.from(old.attributes)) {
      // A reader opens and closes details.
      if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
    }
  }

  // Puts nodes into an element in place of those that are there.
  function fill(element, ...children) {
    const fresh = document.createElement("div");
    add(fresh, children);
    patchChildren(element, fresh);
  }

  const byId = (id) => document.getElementById(id);

  // 1000 as 1,000.
  function count(number) {
    return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  mufakat.dom = { make, fill, byId, count };
})();
