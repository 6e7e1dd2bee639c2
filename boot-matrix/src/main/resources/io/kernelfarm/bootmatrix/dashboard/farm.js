// What all pages share. Data comes as scripts that call kernelFarm.loaded: a page from a disk may not fetch a file, but may load a script.
"use strict";

window.kernelFarm = (() => {
  let handed = null;

  /** Called by data files. */
  const loaded = (content) => {
    handed = content;
  };

  /** A promise of the content of the data file at url; each call reads it anew. */
  const load = (url) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      // Scripts that were added run one at a time, and onload follows at once.
      script.onload = () => {
        script.remove();
        const content = handed;
        handed = null;
        resolve(content);
      };
      script.onerror = () => {
        script.remove();
        reject(new Error(url + " cannot be loaded"));
      };
      script.src = url;
      document.head.append(script);
    });

  /** An element with text or elements inside; no text can become markup. */
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  return { loaded, load, element };
})();
