import { PALETTE } from '../../report/html-style.ts';

/** Style of the status pages. */
export const STATUS_STYLE = `${PALETTE}
body { margin: 0 auto; max-width: 80rem; padding: 1rem 1.25rem; font: 15px/1.45 system-ui, sans-serif;
  background: light-dark(#fff, #14181d); color: light-dark(#1c2126, #e4e8ec); }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
a { color: inherit; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: baseline; border-bottom: 1px solid var(--line); padding-bottom: .75rem; }
#headline { margin: 0; font-weight: 700; }
#headline.down, .down .state b, .failing .state b, .spent, .why { color: var(--fail); }
#headline.unknown, .unknown .state b, .degraded .state b, .unknown .why { color: var(--inconclusive); }
#headline.up, .up .state b { color: var(--pass); }
.maintenance .state b, .waiting .state b { color: var(--dim); }
.tools { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin: .75rem 0; color: var(--dim); }
.tools input[type=search] { font: inherit; padding: .2rem .5rem; min-width: 14rem; }
html:not(.live) .needs-script { display: none; }
details { margin: .5rem 0 1rem; }
summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
summary small, footer, .kind, time { color: var(--dim); font-weight: normal; }
ul.targets { list-style: none; margin: 0; padding: 0; }
.target, .columns { display: grid; align-items: center; gap: 0 .75rem; padding: .3rem .25rem; border-bottom: 1px solid var(--line);
  grid-template-columns: minmax(9rem, 1.6fr) minmax(11rem, 1.5fr) 5.5rem 4.5rem 8rem 5rem 5rem 5rem 6.5rem; font-variant-numeric: tabular-nums; }
.target { content-visibility: auto; contain-intrinsic-size: auto 2.2rem; }
.columns { color: var(--dim); font-size: .85rem; font-weight: 600; }
.target > *, .columns > * { min-width: 0; overflow-wrap: anywhere; }
.why { grid-column: 1 / -1; margin: .1rem 0 .2rem; font-size: .9rem; }
.line { width: 100%; height: 1.4rem; display: block; }
.line path { fill: none; vector-effect: non-scaling-stroke; stroke-linecap: round; stroke-linejoin: round; }
.latency { stroke: light-dark(#2f6fb3, #79b8ff); stroke-width: 1.5; }
.failure { stroke: var(--fail); stroke-width: 3; }
.chart .line { height: 9rem; border-bottom: 1px solid var(--line); }
.chart figcaption { color: var(--dim); font-size: .9rem; }
figure { margin: 1rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); }
.bar { width: 10rem; height: .5rem; background: var(--line); display: block; }
.bar rect { fill: light-dark(#2f6fb3, #79b8ff); }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .75rem; font-size: .85rem; }
body:has(#trouble:checked) .target:is(.up, .maintenance) { display: none; }
.target.filtered { display: none; }
@media (max-width: 60rem) {
  .columns { display: none; }
  .target { grid-template-columns: repeat(4, 1fr); padding: .6rem .25rem; }
  .name, .line, .why { grid-column: 1 / -1; }
  .state { grid-column: 1 / span 3; }
  .last { grid-column: 1; }
  .target [data-label]::before { content: attr(data-label); display: block; color: var(--dim); font-size: .75rem; }
  .target .line { order: 9; }
  .why { order: 10; }
  .last { display: none; }
  .kind { text-align: right; }
}
`;
