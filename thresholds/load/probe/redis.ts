import { checkPattern } from '../rules/patterns.ts';
import type { ProbeLoader } from './loader.ts';
import { checkLogin } from './login.ts';

export const redisLoader: ProbeLoader<'redis'> = {
  resolve(document, timing) {
    const command = document.command ?? ['PING'];
    const isPing = command.length === 1 && command[0]?.toUpperCase() === 'PING';
    const { info } = document;
    return {
      ...timing,
      kind: 'redis',
      command,
      expect: document.expect ?? (isPing ? '^PONG$' : null),
      info:
        info === undefined
          ? null
          : {
              role: info.role ?? null,
              minVersion: info.minVersion ?? null,
              replicating: info.replicating ?? false,
            },
    };
  },
  check(context, path, document, service) {
    checkPattern(context, [...path, 'expect'], document.expect);
    checkLogin(context, path, service, ['basic', 'bearer']);
    if (document.command?.[0]?.toUpperCase() === 'AUTH') {
      context.report(
        [...path, 'command'],
        'the command AUTH holds a secret',
        'use auth: of the service with {variable: NAME} or {file: PATH}',
        { secret: true },
      );
    }
  },
};
