import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Debian builds Alertmanager so that it reads its notification templates from this folder, and gives no flag for it. */
const BUILT_IN = '/usr/share/prometheus/alertmanager';

/** The file descriptor on which the start script opens the folder; shells hand on 3 to 9. */
const DESCRIPTOR = 9;

/**
 * Makes Debian's Alertmanager start without its folder in /usr/share, which takes root to create. The one path in the
 * program is replaced by one of the same length that leads to an open folder, and a start script opens that folder and
 * then becomes the program, with the caller's own arguments, working folder and pid. Nothing else is changed.
 * Refuses, with the reason, a program in which the path does not stand exactly as expected.
 */
export async function relocateDebianAlertmanager({
  into,
  unpacked,
}: {
  readonly into: string;
  readonly unpacked: string;
}): Promise<string | null> {
  const start = join(into, 'alertmanager');
  const program = join(into, 'alertmanager.debian');
  const code = replaceAssetFolder(await readFile(start));
  if (code === null) return `the package's alertmanager does not read its templates from ${BUILT_IN} alone`;
  await rename(join(unpacked, BUILT_IN), join(into, 'templates'));
  await rm(start);
  await writeFile(program, code);
  await chmod(program, 0o755);
  await writeFile(start, START_SCRIPT);
  await chmod(start, 0o755);
  return null;
}

/** The program with the new path in it; null when the folder's path does not occur exactly once. */
export function replaceAssetFolder(code: Buffer): Buffer | null {
  const target = Buffer.from(`/proc/self/fd/${DESCRIPTOR}`.padEnd(BUILT_IN.length, '/'));
  const places: number[] = [];
  for (let at = code.indexOf(BUILT_IN); at !== -1; at = code.indexOf(BUILT_IN, at + 1)) {
    // The folders of the web page, "<folder>/ui/" and "<folder>/no-ui", are other strings: they are not needed to run.
    if (code[at + BUILT_IN.length] !== '/'.charCodeAt(0)) places.push(at);
  }
  const [only] = places;
  if (only === undefined || places.length > 1) return null;
  const changed = Buffer.from(code);
  target.copy(changed, only);
  return changed;
}

const START_SCRIPT = `#!/bin/sh
# Debian's Alertmanager, unpacked by firedrill: reads its templates by way of the open descriptor ${DESCRIPTOR}.
here=$(dirname "$(readlink -f "$0")")
exec ${DESCRIPTOR}<"$here/templates" "$here/alertmanager.debian" "$@"
`;
