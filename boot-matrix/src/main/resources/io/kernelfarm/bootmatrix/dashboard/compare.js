// Two kernels side by side. The rules are those of MatrixComparison in Java, and a test holds the two together.
"use strict";

(() => {
  const { element, load } = window.kernelFarm;

  const SLOWER_FACTOR = 1.5;
  const SLOWER_SECONDS = 3;
  const CELLS_FOR_PACE = 3;
  const KINDS = ["worse", "otherwise", "slower", "faster", "better", "new", "gone"];

  /** How much is proved, the more the better. */
  const proof = (cell) => {
    if (cell.verdict === "PASS") {
      return cell.flaky ? 2 : 3;
    }
    return cell.verdict === "FAIL" ? 0 : 1;
  };

  const isSlower = (seconds, expected) =>
    seconds > expected * SLOWER_FACTOR && seconds > expected + SLOWER_SECONDS;

  const byId = (cells) => new Map(cells.map((cell) => [cell.id, cell]));

  /** What all cells that pass in both have in common: the median of how much longer they took. */
  const paceOf = (before, after) => {
    const ratios = [...after.values()]
      .filter((now) => now.verdict === "PASS")
      .map((now) => [before.get(now.id), now])
      .filter(([then]) => then && then.verdict === "PASS" && then.seconds > 0)
      .map(([then, now]) => now.seconds / then.seconds)
      .sort((one, other) => one - other);
    if (ratios.length < CELLS_FOR_PACE) {
      return 1;
    }
    const middle = Math.floor(ratios.length / 2);
    return ratios.length % 2 === 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2;
  };

  /** In which way a cell differs; empty if it does not. */
  const kindOf = (then, now, pace) => {
    if (!then) {
      return "new";
    }
    if (proof(now) < proof(then)) {
      return "worse";
    }
    if (proof(now) > proof(then)) {
      return now.verdict === "PASS" ? "better" : "otherwise";
    }
    if (now.verdict !== then.verdict) {
      return "otherwise";
    }
    if (now.verdict === "PASS") {
      const expected = then.seconds * pace;
      if (isSlower(now.seconds, expected)) {
        return "slower";
      }
      if (isSlower(expected, now.seconds)) {
        return "faster";
      }
    }
    return "";
  };

  /** The cells that differ, the worst first, how many do not, and the pace. */
  const compareCells = (a, b) => {
    const before = byId(a);
    const after = byId(b);
    const pace = paceOf(before, after);
    const changes = [...after.values()]
      .map((now) => ({ kind: kindOf(before.get(now.id), now, pace), then: before.get(now.id), now }))
      .filter(({ kind }) => kind);
    const same = after.size - changes.length;
    for (const then of before.values()) {
      if (!after.has(then.id)) {
        changes.push({ kind: "gone", then });
      }
    }
    changes.sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
    return { changes, same, pace };
  };

  /** The options that differ; what is not there is n. */
  const compareOptions = (a, b) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .sort()
      .map((name) => ({ name, before: a[name] ?? "n", after: b[name] ?? "n" }))
      .filter(({ before, after }) => before !== after);

  const what = ({ before, after }) => (before === "n" ? "added" : after === "n" ? "removed" : "changed");

  const verdict = (cell) => (cell ? cell.verdict + (cell.flaky ? " flaky" : "") : "–");
  const seconds = (cell) => (cell && cell.seconds > 0 ? cell.seconds.toFixed(1) + " s" : "–");
  const plural = (count, noun) => count + " " + noun + (count === 1 ? "" : "s");

  const size = (bytes) => (bytes < 1e6 ? (bytes / 1e3).toFixed(1) + " kB" : (bytes / 1e6).toFixed(1) + " MB");

  /** The page beside run.js that a link in it means. */
  const within = (runScript, link) => runScript.replace(/[^/]*$/, "") + link;

  const table = (caption, columns, rows) =>
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      element(
        "table",
        { class: "list" },
        element("caption", { class: "unseen" }, caption),
        element("thead", {}, element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)))),
        element("tbody", {}, ...rows),
      ),
    );

  const row = (name, ...cells) =>
    element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell)));

  const section = (title, ...content) => element("section", {}, element("h2", {}, title), ...content);

  const link = (href, text) => element("a", { href }, text);

  /** A sign that the page defines. */
  const sign = (style) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "sign");
    use.setAttribute("href", "#sign-" + style);
    svg.append(use);
    return svg;
  };

  const sideOf = (cell, runScript) => {
    if (!cell) {
      return "–";
    }
    const style = cell.flaky ? "flaky" : cell.verdict.toLowerCase();
    const badge = element("span", { class: "badge " + style }, sign(style), verdict(cell));
    return element("a", { href: within(runScript, cell.page), class: "side" }, badge);
  };

  const cellsSection = (a, b) => {
    const { changes, same } = compareCells(a.data.cells, b.data.cells);
    const rows = changes.map(({ kind, then, now }) =>
      row(
        (now ?? then).name,
        element("span", { class: "kind " + kind }, kind),
        sideOf(then, a.script),
        sideOf(now, b.script),
        seconds(then),
        seconds(now),
        (now ?? then).reason,
      ),
    );
    const asBefore = element("p", { class: "quiet prose" }, plural(same, "cell") + " as before.");
    return rows.length === 0
      ? section("Cells", asBefore)
      : section("Cells", asBefore, table("Cells that differ", ["Cell", "What", "Before", "After", "Time before", "Time after", "Why"], rows));
  };

  const optionsSection = (a, b) => {
    const differing = compareOptions(a.data.options, b.data.options);
    if (differing.length === 0) {
      return section("Options", element("p", { class: "quiet prose" }, "No option differs."));
    }
    const code = (text) => element("code", {}, text);
    const rows = differing.map((one) =>
      row(code(one.name), what(one), code(one.before), code(one.after), b.data.why[one.name] ?? ""),
    );
    return section("Options", table("Options that differ", ["Option", "What", "Before", "After", "Why"], rows));
  };

  const packagesSection = (a, b) => {
    const rows = [a, b].flatMap((side) =>
      side.data.packages.map((file) =>
        row(
          link(within(side.script, file.file), file.name),
          side === a ? "before" : "after",
          size(file.size),
          element("code", { class: "digest" }, file.sha256),
        ),
      ),
    );
    return section("Packages", table("Packages", ["File", "Of", "Size", "SHA-256"], rows));
  };

  const figures = (a, b) => {
    const times = new Map(a.data.boot_times.map((time) => [time.mode, time]));
    const rows = b.data.boot_times
      .filter((time) => times.has(time.mode))
      .map((time) => {
        const before = times.get(time.mode).median;
        const change = Math.round(100 * (time.median / before - 1));
        return row(
          time.mode,
          before.toFixed(1) + " s",
          time.median.toFixed(1) + " s",
          (change > 0 ? "+" : change < 0 ? "−" : "") + Math.abs(change) + " %",
        );
      });
    return rows.length === 0
      ? []
      : [section("Boot time", table("Median boot time by mode", ["Mode", "Before", "After", "Change"], rows))];
  };

  const facts = (side, title) =>
    element(
      "div",
      {},
      element("dt", {}, title),
      element("dd", {}, link(within(side.script, "index.html"), side.data.release), " ", element("span", { class: "quiet" }, side.data.source)),
    );

  const whole = (a, b) => {
    const { changes, same, pace } = compareCells(a.data.cells, b.data.cells);
    const counts = KINDS.map((kind) => [changes.filter((one) => one.kind === kind).length, kind]).filter(([count]) => count > 0);
    const image = a.data.image_sha256 === b.data.image_sha256;
    const kernels = image ? b.data.release + ", the same image, in both" : b.data.release + " against " + a.data.release;
    return (
      kernels + ": " +
      (counts.length === 0
        ? "nothing differs in " + plural(same, "cell")
        : counts.map(([count, kind]) => count + " " + kind).join(", ") + ", " + same + " as before") +
      "; together they took " + pace.toFixed(2) + " times as long."
    );
  };

  const page = () => {
    const selects = [...document.querySelectorAll(".choice select")];
    if (selects.length === 0) {
      return;
    }
    const said = document.getElementById("whole");
    const place = document.getElementById("comparison");
    let asked = 0;

    const chosen = () => selects.map((select) => select.value);

    const choose = (runs) => selects.forEach((select, i) => (select.value = runs[i]));

    const show = async () => {
      const mine = ++asked;
      try {
        const sides = [];
        for (const select of selects) {
          const script = select.selectedOptions[0].dataset.run;
          sides.push({ script, data: await load(script) });
        }
        if (mine !== asked) {
          return;
        }
        const [a, b] = sides;
        document.title = b.data.release + " against " + a.data.release + " – Kernel Farm";
        said.textContent = whole(a, b);
        place.replaceChildren(
          element("dl", { class: "facts" }, facts(a, "Before"), facts(b, "After")),
          cellsSection(a, b),
          ...figures(a, b),
          optionsSection(a, b),
          packagesSection(a, b),
        );
      } catch {
        said.textContent = "What these runs say cannot be loaded.";
        place.replaceChildren();
      }
    };

    /** What the address asks for; where it does not, the newest kernel against the one before. */
    const fromAddress = () => {
      const known = new Set([...selects[0].options].map((option) => option.value));
      const asks = new URLSearchParams(location.search);
      const options = selects[0].options;
      const pick = (name, otherwise) => (known.has(asks.get(name)) ? asks.get(name) : otherwise);
      choose([pick("a", options[1].value), pick("b", options[0].value)]);
      const missing = ["a", "b"].map((name) => asks.get(name)).filter((run) => run !== null && !known.has(run));
      if (missing.length > 0) {
        said.textContent = "There is no run " + missing.join(" nor ") + ".";
        place.replaceChildren();
        return;
      }
      show();
    };

    selects.forEach((select) =>
      select.addEventListener("change", () => {
        const [a, b] = chosen();
        history.pushState(null, "", "?" + new URLSearchParams({ a, b }));
        show();
      }),
    );
    window.addEventListener("popstate", fromAddress);
    fromAddress();
  };

  window.kernelFarm.compareCells = compareCells;
  page();
})();
