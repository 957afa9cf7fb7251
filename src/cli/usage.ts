/** Bad usage: told to the user in one sentence, exit code 2. */
export class UsageError extends Error {}
