/** Colours of every page, for light and dark; a colour only adds to a word. */
export const PALETTE = `
:root { color-scheme: light dark; --line: light-dark(#d8dde3, #363d46); --dim: light-dark(#5b6570, #9aa5b1);
  --pass: light-dark(#1a7f37, #57c26f); --fail: light-dark(#b3261e, #ff8a80);
  --inconclusive: light-dark(#8a5a00, #e3b341); --broken: light-dark(#8e24aa, #d79bf0); }
`;

/** Style of the page: calm, dense, aligned; colour only adds to words. */
export const PAGE_STYLE = `${PALETTE}
body { margin: 0 auto; max-width: 75rem; padding: 1rem 1.25rem; font: 15px/1.45 system-ui, sans-serif;
  background: light-dark(#fff, #14181d); color: light-dark(#1c2126, #e4e8ec); }
header { display: flex; gap: 1.25rem; align-items: flex-start; flex-wrap: wrap; border-bottom: 1px solid var(--line); padding-bottom: 1rem; }
header > div { flex: 1 1 20rem; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; text-transform: capitalize; }
h3 { font-size: .95rem; margin: 0; white-space: pre-wrap; }
p { margin: .15rem 0; }
small, footer { color: var(--dim); font-weight: normal; text-transform: none; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .75rem; font-size: .85rem; }
code { font: .85rem ui-monospace, monospace; color: var(--dim); }
.outcome { font-size: 1.3rem; font-weight: 700; text-transform: uppercase; margin: 0; padding: .35rem .9rem; border: 2px solid currentColor; border-radius: .4rem; }
.pass.outcome, .tally .pass, tr.pass td:last-child { color: var(--pass); }
.fail.outcome, .tally .fail, tr.fail td:last-child, li.fail h3 { color: var(--fail); }
.inconclusive.outcome, .tally .inconclusive, tr.inconclusive td:last-child, li.inconclusive h3 { color: var(--inconclusive); }
.broken.outcome, .tally .broken, tr.broken td:last-child, li.broken h3 { color: var(--broken); }
.tally, .findings { list-style: none; padding: 0; margin: .4rem 0 0; }
.tally { display: flex; gap: 1.25rem; flex-wrap: wrap; font-weight: 600; }
.findings li { border-left: 3px solid var(--line); padding: .25rem .75rem; margin: .6rem 0; }
.findings p { white-space: pre-wrap; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--dim); font-weight: 600; }
tr:not(.pass) { font-weight: 600; }
`;
