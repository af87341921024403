import type { AlertStates, NotifiedState } from '../../../monitoring/drill/synthetic/observed.ts';
import type { Lane } from './lane.ts';

/** Every `ALERTS` sample of a lane since `fromMs` (Unix milliseconds). */
export async function alertStates({ prometheus }: Lane, fromMs: number): Promise<AlertStates[]> {
  const now = Date.now();
  const range = Math.max(1, Math.ceil(now - fromMs));
  const series = await prometheus.queryRaw(`ALERTS[${range}ms]`, now / 1_000);
  return series.map(({ labels: { __name__: _name, alertstate, ...labels }, points }) => ({
    labels,
    state: alertstate === 'firing' ? 'firing' : 'pending',
    timesMs: points.map(({ timeSeconds }) => Math.round(timeSeconds * 1_000)),
  }));
}

/** Every alert of every notification of a lane. */
export function notifiedStates({ webhook }: Lane): NotifiedState[] {
  return webhook.notifications.flatMap(({ arrivedAtMs, receiver, alerts }) =>
    alerts.map(({ labels, status }) => ({ labels, status, receiver, atMs: arrivedAtMs })),
  );
}
