// Runs on their way: asks for each one's live.js again and again, and shows its stages and cells as they come.
"use strict";

(() => {
  const PAUSE = 1500;
  // A run writes every few seconds, whether or not something happens.
  const PATIENCE = 60_000;
  const SIGNS = { PASS: "✓", FAIL: "✕", ERROR: "!", MISS: "○", SKIP: "–" };
  const element = kernelFarm.element;

  const duration = (seconds) => {
    const whole = Math.round(seconds);
    return whole < 100 ? whole + " s" : Math.floor(whole / 60) + " min " + String(whole % 60).padStart(2, "0") + " s";
  };

  const isBad = (cell) => ["FAIL", "ERROR", "MISS"].includes(cell.verdict);

  // LiveRun.sentence says the same.
  const sentence = (run) => {
    const judged = run.cells.filter((cell) => cell.verdict).length;
    const bad = run.cells.filter(isBad).length;
    return (
      "Stage: " +
      (run.stages.length ? run.stages[run.stages.length - 1].stage : "begins") +
      (run.cells.length ? ", " + judged + " of " + run.cells.length + " cells have their verdicts" : "") +
      (bad ? ", " + bad + " did not pass" : "") +
      "."
    );
  };

  const stage = (one) => {
    const took = one.verdict || one.seconds >= 1 ? duration(one.seconds) : "";
    const usual = !one.verdict && one.estimate > 0 ? "of about " + duration(one.estimate) : "";
    return element(
      "li",
      { class: one.verdict ? one.verdict.toLowerCase() : "now" },
      element("span", { "aria-hidden": "true" }, one.verdict ? SIGNS[one.verdict] : "▸"),
      element("span", { class: "name" }, one.stage),
      element("span", { class: "quiet" }, [took, usual].filter(Boolean).join(" ")),
      element("span", { class: "unseen" }, one.verdict || "on its way"),
    );
  };

  const cell = (one) => {
    const look = one.flaky ? "flaky" : one.verdict ? one.verdict.toLowerCase() : one.state ? "now" : "waiting";
    const words = one.verdict
      ? one.verdict + (one.flaky ? ", flaky" : "")
      : one.state
        ? one.state.toLowerCase() + (one.attempt > 1 ? ", attempt " + one.attempt : "")
        : "waits";
    return element(
      "li",
      { class: look },
      element("span", { class: "name" }, one.name),
      element("span", { class: "state" }, (one.verdict ? (one.flaky ? "↻" : SIGNS[one.verdict]) + " " : "") + words),
    );
  };

  const watch = (section) => {
    const status = section.querySelector(".status");
    const stages = element("ol", { class: "live-stages", "aria-label": "Stages" });
    const detail = element("p", { class: "quiet detail" });
    const cells = element("ul", { class: "live-cells", "aria-label": "Cells" });
    section.append(stages, detail, cells);
    let last = "";
    let changed = Date.now();

    // Only what is new is spoken, and a screen reader is not told the same twice.
    const say = (text) => {
      if (status.textContent !== text) {
        status.textContent = text;
      }
    };

    const show = (run) => {
      stages.replaceChildren(...run.stages.map(stage));
      const now = run.stages[run.stages.length - 1];
      detail.textContent = now && !now.verdict ? now.detail : "";
      cells.replaceChildren(...run.cells.map(cell));
      say(sentence(run));
    };

    const end = (state, text) => {
      section.classList.add("over", state);
      say(text);
    };

    const lost = () => end("lost", "Nothing was heard of this run for a minute: it was killed, or its machine is gone.");

    const look = async () => {
      try {
        const run = await kernelFarm.load(section.dataset.live);
        if (run.at !== last) {
          last = run.at;
          changed = Date.now();
          show(run);
        }
        if (run.state === "done") {
          const bad = run.stages.some((one) => one.verdict !== "PASS");
          end("done", "The run is done" + (bad ? ", and not all of it passed." : ", and all of it passed.") + " Its page is there now.");
          return;
        }
        if (run.state === "interrupted") {
          end("lost", "The run was interrupted.");
          return;
        }
      } catch {
        // Gone, or just not there: the patience below decides.
      }
      if (Date.now() - changed > PATIENCE) {
        lost();
        return;
      }
      setTimeout(look, PAUSE);
    };
    look();
  };

  document.querySelectorAll("[data-live]").forEach(watch);
})();
