import { expect, test } from 'vitest';
import { replaceAssetFolder } from '../../../scripts/tools/relocate-debian-alertmanager.ts';

const FOLDER = '/usr/share/prometheus/alertmanager';
const program = (text: string) => Buffer.from(`\x7fELF heap/objects:bytes${text}355271367880050`);

test('the folder of the templates is replaced by one of the same length, and nothing else', () => {
  const before = program(`${FOLDER}12 ${FOLDER}/ui/ ${FOLDER}/no-ui`);
  const after = replaceAssetFolder(before);
  expect(after?.length).toBe(before.length);
  const relocated = '/proc/self/fd/9'.padEnd(FOLDER.length, '/');
  expect(after?.toString()).toBe(before.toString().replace(FOLDER, relocated));
});

test.each([
  ['does not have the folder', 'nothing'],
  ['has the folder twice', `${FOLDER}1 ${FOLDER}2`],
  ['has only the folders of the web page', `${FOLDER}/ui/`],
])('a program that %s is refused', (_, text) => {
  expect(replaceAssetFolder(program(text))).toBeNull();
});
