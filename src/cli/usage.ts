/** Bad usage: told to the user in one sentence, exit code 2. */
export class UsageError extends Error {}

/** `run`, with what the system says against writing there as bad usage of the flag that names it. */
export async function writingTo<T>(path: string, run: () => Promise<T>, flag = '--out'): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new UsageError(`${flag}: cannot write to ${path}: ${error.message}`);
  }
}
