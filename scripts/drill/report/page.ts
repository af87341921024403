import { countOutcomes, OUTCOMES_WORST_FIRST, type Outcome, worstOutcome } from '../../../thresholds/outcome.ts';
import type { Verdict } from '../../../thresholds/verdict.ts';
import { counted } from '../../output.ts';
import { escapeHtml } from '../../report/escape-html.ts';
import { DRILL_STYLE } from './page-style.ts';
import { detectionHistogram, longDuration, realTimeCost } from './real-time.ts';
import { type DrilledAlert, withTimelines } from './record.ts';
import type { DrillTimeline } from './timeline.ts';
import { timelineSvg } from './timeline-svg.ts';

/**
 * The drill of a run as one page without scripts or outside files: each alert with its course against the prediction, what did not pass first;
 * how soon faults are detected; and what the same would take in real time.
 */
export function renderDrillPage(verdict: Verdict, timelines: readonly DrillTimeline[]): string {
  const drilled = withTimelines(verdict.alerts, timelines);
  const counts = countOutcomes(verdict.alerts);
  const outcome = worstOutcome(verdict.alerts);
  const tally = OUTCOMES_WORST_FIRST.toReversed().map((each) => `<li class="${each}">${counts[each]} ${each}</li>`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>firedrill drill: ${outcome}</title>`,
    `<style>${DRILL_STYLE}</style>`,
    '</head>',
    '<body>',
    `<header><p class="outcome ${outcome}">${outcome}</p><div><h1>Alert drill</h1>`,
    `<p>${counted(drilled.length, 'alert')}, ${escapeHtml(verdict.environment)}, started ${escapeHtml(verdict.startedAt)} (<a href="report.html">the whole run</a>)</p>`,
    `<ul class="tally">${tally.join('')}</ul></div></header>`,
    '<main>',
    LEGEND,
    ...OUTCOMES_WORST_FIRST.filter((each) => each !== 'pass').flatMap((each) => alertsOf(each, drilled)),
    realTime(drilled),
    detection(drilled),
    ...alertsOf('pass', drilled),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function realTime(drilled: readonly DrilledAlert[]): string {
  const cost = realTimeCost(drilled);
  if (cost === null) return '';
  const { alerts, oneByOneSeconds, slowest } = cost;
  return [
    '<section><h2>In real time</h2>',
    `<p>On the clock of production these ${counted(alerts, 'alert')} take ${longDuration(oneByOneSeconds)} one after another, and all at once as long as the slowest, ${escapeHtml(slowest.alert)}: ${longDuration(slowest.seconds)}.</p>`,
    '</section>',
  ].join('');
}

function detection(drilled: readonly DrilledAlert[]): string {
  const histogram = detectionHistogram(drilled);
  if (histogram === null) return '';
  const { bins, medianSeconds, p90Seconds, maxSeconds } = histogram;
  const most = Math.max(...bins.map(({ count }) => count));
  const bars = bins.map(
    ({ label, count }) =>
      `<span>${label}</span><div class="bar" style="width:${((count / most) * 100).toFixed(1)}%"></div><span>${count}</span>`,
  );
  return [
    '<section><h2>Time to detection</h2>',
    `<p>From the fault to firing, in real time: median ${longDuration(medianSeconds)}, nine of ten within ${longDuration(p90Seconds)}, slowest ${longDuration(maxSeconds)}.</p>`,
    `<div class="bins">${bars.join('')}</div></section>`,
  ].join('');
}

const SWATCH = (inner: string) => `<svg width="22" height="12" aria-hidden="true">${inner}</svg>`;
const LEGEND = `<section><h2>Course of each alert</h2><p>Seconds since its fault, as run.</p><ul class="legend">${[
  `${SWATCH('<rect class="fault" width="22" height="12"/>')}fault present`,
  `${SWATCH('<rect class="pending" y="1" width="22" height="10"/>')}pending`,
  `${SWATCH('<rect class="firing" y="1" width="22" height="10"/>')}firing`,
  `${SWATCH('<circle class="delivered" cx="11" cy="6" r="4.5"/>')}delivered`,
  `${SWATCH('<circle class="told" cx="11" cy="6" r="4"/>')}end delivered`,
  `${SWATCH('<rect class="predicted" x="1" y="2" width="20" height="8"/>')}predicted, in the colour of what it is about`,
]
  .map((item) => `<li>${item}</li>`)
  .join('')}</ul></section>`;

function alertsOf(outcome: Outcome, drilled: readonly DrilledAlert[]): string[] {
  const own = drilled.filter(({ row }) => row.outcome === outcome);
  const systems = Map.groupBy(
    own.toSorted((a, b) => a.row.system.localeCompare(b.row.system) || a.row.alert.localeCompare(b.row.alert)),
    ({ row }) => row.system,
  );
  return [...systems].map(([system, alerts]) => {
    const title = `${outcome}: ${escapeHtml(system || 'no system')} <small>${counted(alerts.length, 'alert')}</small>`;
    return `<section><h2>${title}</h2>${alerts.map(alertSection).join('\n')}</section>`;
  });
}

function alertSection({ row, timeline }: DrilledAlert): string {
  const { alert, outcome, severity, fault, receiver, deliveredTo, reason, place } = row;
  const { factor, limitedBy, limits, attempts } = timeline;
  const receivers = deliveredTo.length > 0 ? `to ${deliveredTo.join(', ')}` : `for ${receiver || 'no receiver'}`;
  const facts = [
    severity,
    fault,
    receivers,
    `${Number(factor.toPrecision(3))}x${limitedBy === '' ? '' : ` (${limitedBy})`}`,
    attempts > 1 ? `${attempts} attempts` : '',
    place ?? '',
  ];
  const notes = [reason, ...limits].filter(Boolean).map((text) => `<p>${escapeHtml(text)}</p>`);
  return [
    `<section class="alert ${outcome}"><div><h3>${escapeHtml(alert)}</h3>`,
    `<p class="facts"><span class="word">${outcome}</span> ${facts.filter(Boolean).map(escapeHtml).join(' · ')}</p></div>`,
    `<div>${timelineSvg(timeline)}</div>`,
    notes.length === 0 ? '' : `<div class="reason">${notes.join('')}</div>`,
    '</section>',
  ].join('');
}
