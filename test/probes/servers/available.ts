import { describe } from 'vitest';
import { HarnessError } from '../../../scripts/process/harness-error.ts';
import { resolveTools } from '../../../scripts/tools/resolve.ts';
import type { ToolName } from '../../../scripts/tools/tool.ts';

/**
 * `describe` for tests that need real servers: skipped, with the reason in its name, where they can neither be found nor fetched. In CI
 * that is a failure.
 */
export async function describeWith(...tools: ToolName[]): Promise<(name: string, body: () => void) => void> {
  try {
    await resolveTools(tools);
    return describe;
  } catch (error) {
    if (!(error instanceof HarnessError) || process.env.CI !== undefined) throw error;
    return (name, body) => describe.skip(`${name} (skipped: ${error.message})`, body);
  }
}
