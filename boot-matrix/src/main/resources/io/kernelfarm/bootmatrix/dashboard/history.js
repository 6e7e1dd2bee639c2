// The history's charts, and a heat map that arrow keys move in.
"use strict";

(() => {
  const { load } = window.kernelFarm;

  /** The heat map is one stop of the tab key, not two thousand. */
  const makeStops = (table) => {
    const rows = [...table.tBodies[0].rows];
    const links = [...table.tBodies[0].querySelectorAll("td > a")];
    const to = (link) => {
      links.forEach((one) => (one.tabIndex = one === link ? 0 : -1));
      link.focus();
    };
    const step = (from, down, right) => {
      let row = rows.indexOf(from.closest("tr"));
      let column = from.parentElement.cellIndex;
      for (;;) {
        row += down;
        column += right;
        const cell = rows[row]?.cells[column];
        if (!cell || column < 1) {
          return;
        }
        const link = cell.querySelector("a");
        if (link) {
          return to(link);
        }
      }
    };
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    links.forEach((link, i) => (link.tabIndex = i === 0 ? 0 : -1));
    table.addEventListener("keydown", (event) => {
      const link = event.target.closest("td > a");
      if (link && event.key in steps && !event.altKey && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        step(link, ...steps[event.key]);
      }
    });
  };

  const seconds = (value) => {
    if (value === null || value === undefined) {
      return "–";
    }
    return value < 100 ? value.toFixed(1) + " s" : Math.round(value / 6) / 10 + " min";
  };

  const FIGURES = { boot: "boot_seconds", stages: "stage_seconds" };
  // Lines differ by more than their colour.
  const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 3], [1, 2], [12, 4]];
  const HEIGHT = 300;

  const draw = (plot, trends, series) => {
    const style = getComputedStyle(plot);
    const colour = (name) => style.getPropertyValue(name).trim();
    const names = Object.keys(series);
    const kernels = trends.releases.map((_, i) => i);
    const grid = { stroke: colour("--line"), width: 1 };
    const axis = { stroke: colour("--quiet"), grid, ticks: grid, font: "12px system-ui, sans-serif" };
    const width = () => plot.clientWidth - 26;
    const chart = new window.uPlot(
      {
        width: width(),
        height: HEIGHT,
        // Modes differ by powers of ten.
        scales: { x: { time: false, range: (_, min, max) => [min - 0.5, max + 0.5] }, y: { distr: 3 } },
        axes: [
          {
            ...axis,
            space: 110,
            incrs: [1, 2, 5, 10, 20, 50, 100],
            values: (_, splits) => splits.map((i) => trends.releases[i] ?? ""),
          },
          { ...axis, size: 62, values: (_, splits) => splits.map((value) => (value === null ? "" : value + " s")) },
        ],
        series: [
          { label: "Kernel", value: (_, i) => (i === null ? "–" : trends.releases[i]) },
          ...names.map((name, i) => ({
            label: name,
            stroke: colour("--series-" + (1 + (i % 7))),
            width: 2,
            dash: DASHES[i % DASHES.length],
            points: { show: kernels.length <= 60, size: 6 },
            spanGaps: true,
            value: (_, value) => seconds(value),
          })),
        ],
      },
      [kernels, ...names.map((name) => series[name].map((value) => value || null))],
      plot,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: width(), height: HEIGHT }));
    observer.observe(plot);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  };

  const show = async (figure) => {
    const { trends } = await load(figure.dataset.history);
    const series = trends[FIGURES[figure.dataset.trend]];
    if (trends.releases.length < 2) {
      return;
    }
    const plot = figure.querySelector(".plot");
    plot.hidden = false;
    let undo = draw(plot, trends, series);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      undo();
      undo = draw(plot, trends, series);
    });
  };

  const heat = document.querySelector(".heat");
  if (heat) {
    makeStops(heat);
  }
  document.querySelectorAll("[data-trend]").forEach(show);
})();
