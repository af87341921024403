import { expect, test } from 'vitest';
import { resolveSecret } from '../../thresholds/secret.ts';

const noFile = () => {
  throw new Error('ENOENT');
};

test('a secret comes from its variable or from its file without the last newline', () => {
  expect(resolveSecret({ variable: 'KEY' }, { KEY: 'abc' }, noFile)).toBe('abc');
  expect(resolveSecret({ file: '/run/secrets/key' }, {}, () => 'abc\n')).toBe('abc');
});

test('a missing secret is named by its reference', () => {
  expect(() => resolveSecret({ variable: 'KEY' }, {}, noFile)).toThrow('the environment variable KEY is not set');
  expect(() => resolveSecret({ variable: 'KEY' }, { KEY: '' }, noFile)).toThrow('KEY is not set');
  expect(() => resolveSecret({ file: '/run/secrets/key' }, {}, noFile)).toThrow(
    'cannot read the secret file /run/secrets/key',
  );
});
