// The options of a kernel: filtered as one types, and on demand those too that nobody asked for.
"use strict";

(() => {
  const filter = document.querySelector("[data-options]");
  if (!filter) {
    return;
  }
  const { element, load } = window.kernelFarm;
  const text = filter.querySelector("input[type=search]");
  const all = filter.querySelector("input[type=checkbox]");
  const status = filter.querySelector("[role=status]");
  const asked = document.querySelector(".options tbody");
  const others = element("tbody");
  asked.after(others);

  // A configuration has thousands; a reader looks at some tens.
  const AT_MOST = 400;
  let rest = null;

  const row = ([name, value]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, element("code", {}, name)),
      element("td", {}, element("code", {}, value)),
      element("td", { class: "rest quiet" }, "default, or needed by another option"),
    );

  const readRest = async () => {
    const { options, why } = await load(filter.dataset.options);
    return Object.entries(options).filter(([name]) => !(name in why));
  };

  const show = async () => {
    // CONFIG_XEN is what people paste, XEN what stands here.
    const words = text.value.toLowerCase().replace(/config_/g, "").split(/\s+/).filter(Boolean);
    const fits = (line) => words.every((word) => line.includes(word));
    let shown = 0;
    for (const one of asked.rows) {
      one.hidden = !fits([...one.cells].map((cell) => cell.textContent).join(" ").toLowerCase());
      shown += one.hidden ? 0 : 1;
    }
    if (all.checked && !rest) {
      try {
        rest = await readRest();
      } catch {
        all.checked = false;
        status.textContent = "The others cannot be loaded.";
        return;
      }
    }
    const found = all.checked ? rest.filter(([name, value]) => fits((name + " " + value).toLowerCase())) : [];
    others.replaceChildren(...found.slice(0, AT_MOST).map(row));
    const left = found.length - others.rows.length;
    status.textContent =
      shown + others.rows.length + " shown" + (left > 0 ? ", " + left + " more: type to narrow it down" : "");
  };

  filter.hidden = false;
  text.addEventListener("input", show);
  all.addEventListener("change", show);
  show();
})();
