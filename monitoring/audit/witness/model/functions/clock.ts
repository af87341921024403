import type { FunctionModel } from '../functions.ts';
import { type Element, unnamed } from '../vector.ts';
import { latest } from '../world.ts';

function calendar(read: (date: Date) => number): FunctionModel {
  return (call, tMs, evaluator) => {
    const elements: Element[] =
      call.args[0] === undefined ? [{ labels: {}, value: tMs / 1_000 }] : evaluator.vector(call.args[0], tMs);
    return elements.map(({ labels, value }) => ({
      labels: unnamed(labels),
      value: read(new Date(Math.floor(value) * 1_000)),
    }));
  };
}

const timestamp: FunctionModel = (call, tMs, evaluator) => {
  const [arg] = call.args;
  if (arg?.kind !== 'selector') {
    return evaluator.vector(arg, tMs).map(({ labels }) => ({ labels: unnamed(labels), value: tMs / 1_000 }));
  }
  const at = evaluator.moment(arg, tMs);
  return evaluator.selected(arg).flatMap((series) => {
    const sample = latest(series, at, evaluator.clock, tMs);
    return sample === null ? [] : [{ labels: unnamed(series.labels), value: sample.tMs / 1_000 }];
  });
};

const DAY_MS = 86_400_000;

export const CLOCK: Readonly<Record<string, FunctionModel>> = {
  time: (_, tMs) => tMs / 1_000,
  timestamp,
  minute: calendar((date) => date.getUTCMinutes()),
  hour: calendar((date) => date.getUTCHours()),
  day_of_week: calendar((date) => date.getUTCDay()),
  day_of_month: calendar((date) => date.getUTCDate()),
  day_of_year: calendar((date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1),
  days_in_month: calendar((date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()),
  month: calendar((date) => date.getUTCMonth() + 1),
  year: calendar((date) => date.getUTCFullYear()),
  pi: () => Math.PI,
};
