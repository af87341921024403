import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the browser for tests that look at pages; null where there is none, and the tests say that they skip. */
export async function findChromium(): Promise<string | null> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {}
    }
  }
  return null;
}
