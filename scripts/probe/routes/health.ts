import { READ, type Route } from './route.ts';

/** `/-/healthy`: the process answers. Open, since a liveness check has no credentials. */
export function healthyRoute(): Route {
  return {
    methods: READ,
    path: '/-/healthy',
    open: true,
    handle: (_, response) => void response.end('firedrill is healthy\n'),
  };
}

/** `/-/ready`: the targets are under way. */
export function readyRoute(): Route {
  return { methods: READ, path: '/-/ready', handle: (_, response) => void response.end('firedrill is ready\n') };
}
