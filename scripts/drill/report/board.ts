import { counted } from '../../output.ts';
import type { DrillProgress, DrillState } from '../progress.ts';

/** What deserves a look comes first; who waits or has passed, last. */
const ORDER: readonly DrillState[] = [
  'broken',
  'fail',
  'inconclusive',
  'again',
  'firing',
  'pending',
  'near miss',
  'fault on',
  'delivered',
  'resolving',
  'waiting',
  'resolved',
  'pass',
];
/** In the order of a drill, for counts. */
const COURSE: readonly DrillState[] = [
  'waiting',
  'near miss',
  'fault on',
  'pending',
  'firing',
  'delivered',
  'resolving',
  'resolved',
  'again',
  'pass',
  'inconclusive',
  'fail',
  'broken',
];

/** Where every case of a running drill stands. */
export class DrillBoard {
  readonly #cases = new Map<string, DrillProgress>();
  #seconds = 0;

  /** Takes a step; true when it changed the state of its case. */
  note(step: DrillProgress): boolean {
    this.#seconds = Math.max(this.#seconds, step.seconds);
    if (this.#cases.get(step.case)?.state === step.state) return false;
    this.#cases.set(step.case, step);
    return true;
  }

  /** `drill 12.3 s  180 alerts: 20 waiting, 60 firing, 100 pass` */
  counts(): string {
    const states = [...this.#cases.values()].map(({ state }) => state);
    const parts = COURSE.flatMap((state) => {
      const count = states.filter((each) => each === state).length;
      return count === 0 ? [] : [`${count} ${state}`];
    });
    return `  drill    ${this.#seconds.toFixed(1)} s  ${counted(states.length, 'alert')}: ${parts.join(', ')}`;
  }

  /** The counts, then one line a case in at most `height` lines, with how long it has been in its state. */
  lines(height: number): string[] {
    const rank = ({ state }: DrillProgress) => ORDER.indexOf(state);
    const ordered = [...this.#cases.values()].toSorted((a, b) => rank(a) - rank(b) || a.case.localeCompare(b.case));
    const shown = ordered.length < height ? ordered : ordered.slice(0, Math.max(0, height - 2));
    const rest = ordered.length - shown.length;
    return [
      this.counts(),
      ...shown.map((step) => `  ${step.state.padEnd(13)}${step.case.padEnd(52)}${this.#age(step)}`),
      ...(rest > 0 ? [`  and ${counted(rest, 'more alert')}`] : []),
    ];
  }

  #age({ seconds }: DrillProgress): string {
    return `${(this.#seconds - seconds).toFixed(1)} s`.padStart(10);
  }
}
