import { escapeHtml } from '../../report/escape-html.ts';
import type { DrillTimeline, Predicted, Seconds } from './timeline.ts';

/** Rows of the drawing, in pixels from its top: predictions, what happened, the axis. */
const PREDICTED_Y = 4;
const BAR_Y = 16;
const BAR_HEIGHT = 12;
const AXIS_Y = 34;
const HEIGHT = 48;
/** Steps of an axis, in seconds. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600];
const MOST_TICKS = 8;

const PREDICTIONS: readonly [keyof Predicted, string][] = [
  ['pending', 'pending'],
  ['firing', 'firing'],
  ['delivered', 'delivered'],
  ['resolved', 'resolved'],
  ['told', 'receivers told of the end'],
];

/**
 * The course of an alert against what was predicted, as wide as its place: predicted intervals above, what happened below them, seconds since
 * the fault at the foot. Everything in it has a title.
 */
export function timelineSvg(timeline: DrillTimeline): string {
  const { pending, firing, faultEnd, resolved, deliveries, predicted } = timeline;
  const marks = [pending, firing, faultEnd, resolved, ...deliveries.map(({ seconds }) => seconds)];
  const spans = PREDICTIONS.flatMap(([key]) => predicted[key] ?? []);
  const known = [...marks.filter((mark) => mark !== null), ...spans];
  const [from, to] = [Math.min(0, ...known), Math.max(0.1, ...known) * 1.03];
  const at = (seconds: number) => (((seconds - from) / (to - from)) * 100).toFixed(2);
  const box = ([low, high]: Seconds, y: number, height: number, style: string, title: string) => {
    const width = Math.max(0.2, ((high - low) / (to - from)) * 100).toFixed(2);
    return `<rect class="${style}" x="${at(low)}%" y="${y}" width="${width}%" height="${height}"><title>${escapeHtml(title)}</title></rect>`;
  };
  const end = resolved ?? to;
  return [
    `<svg class="course" role="img" aria-label="${escapeHtml(inWords(timeline))}" width="100%" height="${HEIGHT}">`,
    faultEnd === null ? '' : box([0, faultEnd], 0, AXIS_Y, 'fault', `fault for ${seconds(faultEnd)}`),
    ...PREDICTIONS.map(([key, name]) => {
      const span = predicted[key];
      return span === null ? '' : box(span, PREDICTED_Y, 8, `predicted ${key}`, `predicted: ${name} ${range(span)}`);
    }),
    pending === null
      ? ''
      : box([pending, firing ?? end], BAR_Y, BAR_HEIGHT, 'pending', `pending at ${seconds(pending)}`),
    firing === null ? '' : box([firing, end], BAR_Y, BAR_HEIGHT, 'firing', `firing at ${seconds(firing)}`),
    ...deliveries.map(
      ({ receiver, status, seconds: time }) =>
        `<circle class="${status === 'firing' ? 'delivered' : 'told'}" cx="${at(time)}%" cy="${BAR_Y + BAR_HEIGHT / 2}" r="4.5"><title>${escapeHtml(`${receiver}: ${status} at ${seconds(time)}`)}</title></circle>`,
    ),
    `<line class="axis" x1="0" x2="100%" y1="${AXIS_Y}" y2="${AXIS_Y}"/>`,
    ...ticks(from, to).map(
      (tick) =>
        `<line class="axis" x1="${at(tick)}%" x2="${at(tick)}%" y1="${AXIS_Y}" y2="${AXIS_Y + 3}"/><text x="${at(tick)}%" y="${HEIGHT - 2}">${Number(tick.toFixed(1))}</text>`,
    ),
    '</svg>',
  ].join('');
}

/** The same for those who do not see it. */
function inWords({ pending, firing, faultEnd, resolved, deliveries }: DrillTimeline): string {
  const steps: [string, number | null][] = [
    ['pending', pending],
    ['firing', firing],
    ...deliveries.map(({ receiver, status, seconds }): [string, number] => [`${status} told to ${receiver}`, seconds]),
    ['end of the fault', faultEnd],
    ['resolved', resolved],
  ];
  const seen = steps.flatMap(([name, time]) => (time === null ? [] : [`${name} after ${seconds(time)}`]));
  return seen.length === 0 ? 'nothing was seen' : seen.join(', ');
}

function ticks(from: number, to: number): number[] {
  const step = STEPS.find((each) => (to - from) / each <= MOST_TICKS) ?? (to - from) / MOST_TICKS;
  const first = Math.ceil(from / step);
  // The last piece is left free for the text of the tick before it.
  const last = Math.floor((to - (to - from) * 0.02) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

function seconds(time: number): string {
  return `${time.toFixed(2)} s`;
}

function range([low, high]: Seconds): string {
  return `${low.toFixed(2)} - ${high.toFixed(2)} s`;
}
