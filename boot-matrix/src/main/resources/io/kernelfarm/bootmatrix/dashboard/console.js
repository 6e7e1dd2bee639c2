// The viewer of a console log. Only the rows in view are elements, and only the pieces that are looked at, or searched, are loaded.
"use strict";

(() => {
  const { load, element } = kernelFarm;

  /** Browsers end an element somewhere above 17 million pixels. A longer log is scrolled in scale. */
  const TALLEST = 8_000_000;
  /** Rows kept above and below those in view. */
  const SPARE = 15;
  /** A selection is kept whole up to so many rows; scrolling past that lets go of it. */
  const SELECTED_AT_MOST = 3000;
  /** Pieces kept in memory. */
  const KEPT = 16;
  /** What is shown of the time: what was printed, the way from the line before, or when the line reached the farm. */
  const PRINTED = "as printed";
  const GAP = "since the line before";
  const ARRIVAL = "arrival, since the boot began";
  const STAMP = /^((?:\(\w{1,9}\) )?)\[ *(\d{1,10}\.\d{1,9})\]/;

  /** What a line's start says of time: who printed it, when in seconds, and how long the text of that is; or null. */
  const stamp = (text) => {
    const found = STAMP.exec(text);
    return found && { source: found[1], seconds: Number(found[2]), length: found[0].length };
  };

  const format = (number) => number.toLocaleString("en");

  /** The line that the page's address names, or 0. */
  const addressed = () => {
    const found = /^#L(\d{1,9})$/.exec(location.hash);
    return found ? Number(found[1]) : 0;
  };

  /** The pieces of a log: each is loaded when it is first wanted, and forgotten when others were wanted since. */
  const piecesOf = (index, folder) => {
    const kept = new Map();

    const read = async (number) => {
      const { before, at = [], lines } = await load(`${folder}${number}.js`);
      return { before, at, lines, since: null };
    };

    const keep = (number, piece) => {
      kept.delete(number);
      kept.set(number, piece);
      if (kept.size > KEPT) {
        kept.delete(kept.keys().next().value);
      }
      return piece;
    };

    /** The time from the stamped line before to each line of the piece, where both are of one source; computed once. */
    const since = (piece) => {
      if (!piece.since) {
        let last = stamp(piece.before);
        piece.since = piece.lines.map((text) => {
          const now = stamp(text);
          const gap = now && last && now.source === last.source ? now.seconds - last.seconds : null;
          last = now || last;
          return gap;
        });
      }
      return piece.since;
    };

    const numberOf = (line) => Math.floor((line - 1) / index.piece_lines);
    const firstOf = (number) => number * index.piece_lines + 1;

    return {
      numberOf,
      firstOf,
      has: (number) => kept.has(number),
      load: async (number) => kept.get(number) || keep(number, await read(number)),
      /** The piece, for one look at all of it: does not push out what is in view. */
      glance: async (number) => kept.get(number) || read(number),
      /** The line's text, the time since the line before, and when it came in milliseconds; null while its piece is not there. */
      line: (number) => {
        const piece = kept.get(numberOf(number));
        if (!piece) {
          return null;
        }
        const at = (number - 1) % index.piece_lines;
        return { text: piece.lines[at], since: () => since(piece)[at], came: piece.at[at] };
      },
    };
  };

  /**
   * A position in a log that may be taller than an element can be. What counts is y, the height in pixels of the log above the view;
   * the element's scrollTop follows: it moves as y does for short ways, and stands for a share of the log after long ones.
   */
  const scrollerOf = (box, log, rows) => {
    const state = { y: 0, offset: 0, top: 0, row: 1, settling: 0 };
    const whole = () => rows * state.row;
    const tall = () => Math.min(whole(), TALLEST);
    const room = () => Math.max(0, whole() - box.clientHeight);
    const scrollable = () => Math.max(1, tall() - box.clientHeight);
    const within = (y) => Math.min(room(), Math.max(0, y));

    const settle = () => {
      const scaled = whole() > tall();
      box.scrollTop = scaled ? (state.y / Math.max(1, room())) * scrollable() : state.y;
      // As the browser rounded it.
      state.top = box.scrollTop;
      state.y = scaled ? state.y : state.top;
      state.offset = state.y - state.top;
    };

    return {
      state,
      tall,
      /** To be called when the box was scrolled; calls back when it has to be drawn again later. */
      scrolled: (draw) => {
        const way = box.scrollTop - state.top;
        if (way === 0) {
          return;
        }
        state.top = box.scrollTop;
        state.y = within(
          whole() > tall() && Math.abs(way) > box.clientHeight ? (state.top / scrollable()) * room() : state.top + state.offset,
        );
        // A scaled log whose scroll bar has drifted from its place is put right once the reader rests.
        clearTimeout(state.settling);
        if (whole() > tall()) {
          state.settling = setTimeout(() => {
            settle();
            draw();
          }, 150);
        }
      },
      to: (y) => {
        state.y = within(y);
        settle();
      },
      measure: () => {
        state.row = Math.round(parseFloat(getComputedStyle(box).lineHeight));
        log.style.setProperty("--row", `${state.row}px`);
      },
    };
  };

  /** Searches all pieces, one by one, from the one in view on and round. */
  const searchIn = (index, pieces, changed) => {
    const state = { pattern: null, hits: [], count: 0, left: 0, turn: 0 };

    const start = async (text, from) => {
      const turn = ++state.turn;
      const plain = text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
      const inLine = new RegExp(plain, "i");
      state.pattern = text ? new RegExp(plain, "gi") : null;
      state.hits = new Array(index.pieces);
      state.count = 0;
      state.left = text ? index.pieces : 0;
      changed();
      const first = pieces.numberOf(from);
      for (let i = 0; text && i < index.pieces; i++) {
        const number = (first + i) % index.pieces;
        const piece = await pieces.glance(number);
        if (turn !== state.turn) {
          return;
        }
        const hits = [];
        piece.lines.forEach((line, at) => {
          if (inLine.test(line)) {
            hits.push(pieces.firstOf(number) + at);
          }
        });
        state.hits[number] = hits;
        state.count += hits.length;
        state.left--;
        changed();
      }
    };

    /** The next line found after (step 1) or before (step -1) a line, round the log's end; 0 if none is known. */
    const beside = (line, step) => {
      const here = pieces.numberOf(line);
      const inPiece = (number, after) => {
        const hits = (state.hits[number] || []).filter((hit) => after === null || (hit - after) * step > 0);
        return (step > 0 ? hits[0] : hits[hits.length - 1]) || 0;
      };
      let found = inPiece(here, line);
      for (let i = 1; !found && i <= index.pieces; i++) {
        found = inPiece((here + step * i + index.pieces * 2) % index.pieces, null);
      }
      return found;
    };

    /** How many of the lines found stand before this one, itself counted; 0 if it is none of them. */
    const rank = (line) => {
      const here = pieces.numberOf(line);
      const at = (state.hits[here] || []).indexOf(line);
      return at < 0 ? 0 : state.hits.slice(0, here).reduce((sum, hits) => sum + (hits || []).length, at + 1);
    };

    return { state, start, beside, rank };
  };

  /** A row's text: its time set apart, what was searched for marked. */
  const textOf = ({ text, since, came }, { times, pattern }) => {
    const parts = [];
    const time = times === ARRIVAL ? null : stamp(text);
    let rest = text;
    if (times === ARRIVAL) {
      parts.push(element("span", { class: "time" }, (came === undefined ? "" : (came / 1000).toFixed(3)).padStart(9) + " "));
    }
    if (time) {
      const gap = times === GAP ? since() : null;
      const shown = times === GAP ? (gap === null ? "" : (gap < 0 ? "" : "+") + gap.toFixed(6)).padStart(time.length) : text.slice(0, time.length);
      parts.push(element("span", { class: "time" }, shown));
      rest = text.slice(time.length);
    }
    let done = 0;
    if (pattern) {
      for (const hit of rest.matchAll(pattern)) {
        parts.push(rest.slice(done, hit.index), element("mark", {}, hit[0]));
        done = hit.index + hit[0].length;
      }
    }
    parts.push(rest.slice(done));
    return parts;
  };

  const button = (label, title, act) => {
    const made = element("button", { type: "button", title, "aria-label": title }, label);
    made.addEventListener("click", act);
    return made;
  };

  const view = (section, index, folder) => {
    const pieces = piecesOf(index, folder);
    const evidence = new Set(index.evidence);
    const shown = { from: 1, to: 0, mark: 0, times: PRINTED, pattern: null };

    const rows = element("ol", { class: "rows" });
    const log = element("div", { class: "log" }, rows);
    const box = element(
      "div",
      { class: "lines live", tabindex: "0", role: "region", "aria-label": `Lines of the console, ${format(index.lines)} in all` },
      log,
    );
    const tools = element("div", { class: "tools" });
    const scroller = scrollerOf(box, log, index.lines);
    const place = scroller.state;

    /** The row of a line, as it stands now. */
    const rowOf = (number) => {
      const line = pieces.line(number);
      const row = element(
        "li",
        { class: "row", "data-line": number, "aria-posinset": number, "aria-setsize": index.lines },
        // A tab key's way through the page does not lead over each line in view.
        element("a", { href: `#L${number}`, tabindex: "-1", "aria-label": `Line ${number}` }, String(number)),
        element("code", {}, ...(line ? textOf(line, shown) : ["…"])),
      );
      row.classList.toggle("evident", evidence.has(number));
      row.classList.toggle("here", number === shown.mark);
      row.classList.toggle("waiting", !line);
      return row;
    };

    /** First and last line of what is selected here, or null. */
    const selected = () => {
      const selection = getSelection();
      const ends = [selection.anchorNode, selection.focusNode].map((node) => node && rows.contains(node) && (node.closest ? node : node.parentElement).closest(".row"));
      if (selection.isCollapsed || !ends.every(Boolean)) {
        return null;
      }
      const lines = ends.map((row) => Number(row.dataset.line));
      return { from: Math.min(...lines), to: Math.max(...lines) };
    };

    const inView = () => ({
      from: Math.floor(place.y / place.row) + 1,
      to: Math.min(index.lines, Math.ceil((place.y + box.clientHeight) / place.row)),
    });

    /** Brings the rows to what is in view; with fresh, what rows say may have changed. */
    const draw = (fresh) => {
      const now = inView();
      let from = Math.max(1, now.from - SPARE);
      let to = Math.min(index.lines, now.to + SPARE);
      // Taking away an end of a selection would change it.
      const held = fresh ? null : selected();
      if (held && Math.max(to, held.to) - Math.min(from, held.from) < SELECTED_AT_MOST) {
        from = Math.min(from, held.from);
        to = Math.max(to, held.to);
      }
      if (fresh || from > shown.to || to < shown.from) {
        rows.replaceChildren();
        shown.from = from;
        shown.to = from - 1;
      }
      while (shown.from < from) {
        rows.firstChild.remove();
        shown.from++;
      }
      while (shown.to > to) {
        rows.lastChild.remove();
        shown.to--;
      }
      while (shown.from > from) {
        rows.prepend(rowOf(--shown.from));
      }
      while (shown.to < to) {
        rows.append(rowOf(++shown.to));
      }
      rows.style.transform = `translateY(${(shown.from - 1) * place.row - place.offset}px)`;
      fill();
    };

    let filling = false;
    /** Loads what is in view, one piece at a time: who drags the scroll bar across a log does not load all of it. */
    const fill = async () => {
      if (filling) {
        return;
      }
      filling = true;
      try {
        for (let number = missing(); number >= 0; number = missing()) {
          await pieces.load(number);
          filled(number);
        }
      } catch (problem) {
        found.textContent = problem.message;
      } finally {
        filling = false;
      }
    };

    const missing = () => {
      const { from, to } = inView();
      for (let number = pieces.numberOf(from); number <= pieces.numberOf(to); number++) {
        if (!pieces.has(number)) {
          return number;
        }
      }
      return -1;
    };

    /** Rows that waited for a piece get their text; others stay, and with them what is selected. */
    const filled = (number) => {
      for (const row of rows.querySelectorAll(".waiting")) {
        if (pieces.numberOf(Number(row.dataset.line)) === number) {
          row.replaceWith(rowOf(Number(row.dataset.line)));
        }
      }
    };

    /** Shows a line, a third down the view if it is not in view already, and marks it. */
    const go = (line) => {
      shown.mark = Math.min(index.lines, Math.max(1, line));
      const { from, to } = inView();
      if (shown.mark <= from || shown.mark >= to - 1) {
        scroller.to((shown.mark - 1) * place.row - Math.floor(box.clientHeight / 3));
      }
      draw(true);
      if (!tools.contains(document.activeElement)) {
        box.focus({ preventScroll: true });
      }
      const { top, bottom } = box.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) {
        section.scrollIntoView({ block: "start" });
      }
      tell();
    };

    let addressing = 0;
    /**
     * Goes to a line, and has the page's address name it, so that it can be shared. Going back leads to the line before, but not with
     * passing, for whoever goes from line to line: browsers also limit how often an address changes.
     */
    const visit = (line, passing = false) => {
      go(line);
      clearTimeout(addressing);
      if (passing) {
        addressing = setTimeout(() => location.replace(`#L${line}`), 200);
      } else if (line !== addressed()) {
        location.hash = `#L${line}`;
      }
    };

    const current = () => shown.mark || inView().from;

    // Evidence

    const evident = (step) => {
      const after = index.evidence.filter((line) => (line - shown.mark) * step > 0);
      const round = step > 0 ? index.evidence[0] : index.evidence[index.evidence.length - 1];
      visit((step > 0 ? after[0] : after[after.length - 1]) || round);
    };
    const whichEvidence = element("span", { class: "count" });
    const evidenceTools = element(
      "span",
      { class: "group", role: "group", "aria-label": "Evidence" },
      element("span", { class: "swatch", "aria-hidden": "true" }),
      whichEvidence,
      button("↑", "Evidence before", () => evident(-1)),
      button("↓", "Next evidence", () => evident(1)),
    );

    // Search

    const found = element("span", { class: "count", role: "status" });
    const field = element("input", { type: "search", placeholder: "Search the log", "aria-label": "Search the log", autocomplete: "off", spellcheck: "false" });
    const searchChanged = () => {
      if (shown.pattern !== search.state.pattern) {
        shown.pattern = search.state.pattern;
        draw(true);
      }
      const first = waitingForHit && search.state.count && search.beside(origin - 1, 1);
      if (first && (first >= origin || search.state.left === 0)) {
        waitingForHit = false;
        visit(first, true);
      }
      const now = performance.now();
      if (search.state.left === 0 || now - told > 250) {
        told = now;
        tell();
      }
    };
    /** Whether what is searched for was not found yet, and from which line on it is looked for. */
    let waitingForHit = false;
    let origin = 1;
    let told = 0;
    const search = searchIn(index, pieces, searchChanged);
    const step = (way) => {
      const line = search.beside(current(), way);
      if (line) {
        visit(line, true);
      }
    };
    let pause = 0;
    let asked = "";
    const ask = () => {
      clearTimeout(pause);
      asked = field.value;
      origin = current();
      waitingForHit = asked !== "";
      search.start(asked, origin).catch((problem) => {
        found.textContent = problem.message;
      });
    };
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(ask, 200);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        if (field.value === asked) {
          step(event.shiftKey ? -1 : 1);
        } else {
          ask();
        }
      } else if (event.key === "Escape") {
        event.preventDefault();
        field.value = "";
        ask();
        box.focus({ preventScroll: true });
      }
    });
    const searchTools = element(
      "span",
      { class: "group find", role: "group", "aria-label": "Search" },
      field,
      button("↑", "Line found before", () => step(-1)),
      button("↓", "Next line found", () => step(1)),
      found,
    );

    // Time

    const kinds = index.timed ? [PRINTED, GAP, ARRIVAL] : [PRINTED, GAP];
    const times = element("select", {}, ...kinds.map((kind) => element("option", {}, kind)));
    times.addEventListener("change", () => {
      shown.times = times.value;
      draw(true);
    });
    const timeTools = element("label", { class: "group" }, "time", times);

    const tell = () => {
      if (index.evidence.length) {
        const at = index.evidence.indexOf(shown.mark);
        const of = index.evidence.length === 1 ? "1 line of evidence" : `${index.evidence.length} lines of evidence`;
        whichEvidence.textContent = at < 0 ? of : `evidence ${at + 1} of ${index.evidence.length}`;
      }
      const { pattern, count, left } = search.state;
      const rank = search.rank(shown.mark);
      found.textContent = !pattern
        ? ""
        : left
          ? `${format(count)} so far, ${Math.floor((100 * (index.pieces - left)) / index.pieces)} % searched`
          : count === 0
            ? "not found"
            : rank
              ? `${format(rank)} of ${format(count)}`
              : `${format(count)} ${count === 1 ? "line" : "lines"}`;
    };

    // Keyboard: whole rows, so that a long log whose scroll bar is in scale moves as a short one does.

    const page = () => Math.max(1, Math.floor(box.clientHeight / place.row) - 2);
    const keys = {
      ArrowDown: () => place.y + place.row,
      ArrowUp: () => place.y - place.row,
      PageDown: () => place.y + page() * place.row,
      PageUp: () => place.y - page() * place.row,
      Home: () => 0,
      End: () => index.lines * place.row,
    };
    box.addEventListener("keydown", (event) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
      if (event.target !== box) {
        return;
      }
      if (plain && keys[event.key]) {
        event.preventDefault();
        scroller.to(keys[event.key]());
        draw();
      } else if ((plain && event.key === "/") || ((event.ctrlKey || event.metaKey) && event.key === "f")) {
        // The browser's own search finds nothing but the rows in view.
        event.preventDefault();
        field.focus();
        field.select();
      }
    });

    let drawing = false;
    box.addEventListener("scroll", () => {
      if (!drawing) {
        drawing = true;
        requestAnimationFrame(() => {
          drawing = false;
          scroller.scrolled(draw);
          draw();
        });
      }
    });

    const fit = () => {
      scroller.measure();
      log.style.height = `${scroller.tall()}px`;
    };
    const measure = () => {
      const line = inView().from;
      fit();
      scroller.to((line - 1) * place.row);
      draw();
    };

    const arrive = () => {
      clearTimeout(addressing);
      if (addressed()) {
        go(addressed());
      } else {
        shown.mark = 0;
        draw(true);
        tell();
      }
    };
    addEventListener("hashchange", arrive);
    // A link to the line that the address names already changes nothing there.
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#L']");
      if (link && link.getAttribute("href") === location.hash) {
        go(addressed());
      }
    });

    // Where the log's longest line ends, the view can be scrolled to, whatever is in view.
    log.style.minWidth = `calc(${index.columns}ch + 7rem)`;
    if (index.evidence.length) {
      tools.append(evidenceTools);
    }
    tools.append(searchTools, timeTools);
    const frame = section.querySelector(".view");
    for (const excerpt of frame.children) {
      excerpt.classList.add("on-paper");
    }
    frame.prepend(tools, box);
    // To the line that is wanted at once: no piece is loaded for others.
    fit();
    tell();
    if (addressed()) {
      go(addressed());
    } else {
      if (index.evidence.length) {
        scroller.to((index.evidence[0] - 1) * place.row - Math.floor(box.clientHeight / 3));
      }
      draw();
    }
    new ResizeObserver(measure).observe(box);
  };

  for (const section of document.querySelectorAll("section.console[data-index]")) {
    const url = section.dataset.index;
    load(url)
      .then((index) => index.lines && view(section, index, url.replace(/[^/]*$/, "")))
      .catch((problem) => {
        section.querySelector(".told").append(` The rest cannot be shown: ${problem.message}.`);
      });
  }
})();
