import { PAGE_STYLE } from '../../report/html-style.ts';

/** Style of the page of a drill, on top of that of every report. */
export const DRILL_STYLE = `${PAGE_STYLE}
:root { --fault: light-dark(#f3f0e8, #24262b); --pending: light-dark(#e0a100, #d9a514); --firing: light-dark(#c8423b, #e0645c);
  --delivered: light-dark(#1f5fbf, #7ab0ff); --predicted: light-dark(#8d97a3, #79838f); }
section.alert { display: grid; grid-template-columns: 20rem 1fr; gap: .1rem 1.25rem; padding: .5rem 0; border-top: 1px solid var(--line); break-inside: avoid; }
section.alert h3 { overflow-wrap: anywhere; }
section.alert .facts { overflow-wrap: anywhere; font-size: .82rem; color: var(--dim); }
section.alert .word { font-weight: 700; }
section.alert.pass .word { color: var(--pass); } section.alert.fail .word { color: var(--fail); }
section.alert.inconclusive .word { color: var(--inconclusive); } section.alert.broken .word { color: var(--broken); }
section.alert .reason { grid-column: 1 / -1; }
svg.course { display: block; overflow: visible; min-width: 18rem; }
svg .fault { fill: var(--fault); } svg .pending { fill: var(--pending); } svg .firing { fill: var(--firing); }
svg .delivered { fill: var(--delivered); stroke: light-dark(#fff, #14181d); } svg .told { fill: light-dark(#fff, #14181d); stroke: var(--delivered); stroke-width: 2; }
svg .predicted { fill: none; stroke-width: 1.5; stroke: var(--predicted); }
svg .predicted.pending { stroke: var(--pending); } svg .predicted.firing { stroke: var(--firing); }
svg .predicted.delivered { fill: none; stroke: var(--delivered); } svg .predicted.told { fill: none; stroke: var(--delivered); stroke-dasharray: 3 2; stroke-width: 1.5; }
svg .axis { stroke: var(--line); } svg text { font-size: 10px; fill: var(--dim); text-anchor: middle; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; font-size: .85rem; color: var(--dim); padding: 0; list-style: none; }
.legend svg { vertical-align: middle; margin-right: .35rem; }
.bins { display: grid; grid-template-columns: max-content 1fr max-content; gap: .2rem .75rem; max-width: 40rem; font-size: .88rem; align-items: center; }
.bins span:nth-child(3n) { text-align: right; font-variant-numeric: tabular-nums; }
.bar { height: .85rem; background: var(--delivered); }
@media (max-width: 45rem) { section.alert { grid-template-columns: 1fr; } }
@media print { body { max-width: none; font-size: 11px; } .bar, svg * { print-color-adjust: exact; } h2 { break-after: avoid; } }
`;
