/** Sources whose failures are told apart from those of the program, in words that no host decides: they go into issues and manifests. */
import type { ByteSource } from '../core/source/byte-source.ts';

/** Bytes of a file that cannot be read. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there any more',
  NotFoundError: 'it is not there any more',
  EACCES: 'there is no permission to read it',
  EPERM: 'there is no permission to read it',
  NotAllowedError: 'there is no permission to read it',
  EIO: 'its device fails',
};

/** The source, rejecting with Unreadable where it rejects. */
export function readable(source: ByteSource): ByteSource {
  return {
    ...source,
    async read(start, end, into) {
      try {
        return await source.read(start, end, into);
      } catch (error) {
        throw error instanceof Unreadable ? error : new Unreadable(`from byte ${start.toLocaleString('en')} on: ${reasonOf(error)}`);
      }
    },
  };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const name = error instanceof Error ? error.name : '';
  return REASONS[code] ?? REASONS[name] ?? 'it cannot be read';
}
