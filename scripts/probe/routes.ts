import type { ProbeTarget } from '../../probes/target.ts';
import { healthyRoute, readyRoute } from './routes/health.ts';
import { heartbeatRoute } from './routes/heartbeat.ts';
import { metricsRoute } from './routes/metrics.ts';
import { probeRoute } from './routes/probe.ts';
import { reloadRoute } from './routes/reload.ts';
import type { Route, RouteContext } from './routes/route.ts';
import { statusRoutes } from './routes/status.ts';

/** Every page of the prober. A new one is a file in routes/ and one line here; null where the context has nothing for it. */
export function routesOf(context: RouteContext): Route[] {
  const routes: (Route | null)[] = [
    metricsRoute(context),
    context.onDemand === undefined ? null : probeRoute({ targets: () => targetsOf(context) }, context.onDemand),
    context.reloader === undefined ? null : reloadRoute(context.reloader),
    context.heartbeats === undefined ? null : heartbeatRoute(() => targetsOf(context), context.heartbeats),
    ...(context.status === undefined ? [] : statusRoutes(context.status)),
    healthyRoute(),
    readyRoute(),
  ];
  return routes.filter((route) => route !== null);
}

function targetsOf({ runner }: RouteContext): ProbeTarget[] {
  return [...runner.registry.all()].map(({ target }) => target);
}
