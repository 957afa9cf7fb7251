/** What the system has against reading or writing a file, in a sentence that names the file. */

/** The system refuses a file: a full disk, a permission that is gone, a folder that was removed. The message is a sentence. */
export class FileFault extends Error {
  /** Of the system, such as `ENOSPC`. */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'files may not grow that large here',
  EIO: 'the device fails',
  EISDIR: 'there is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open on this machine',
  ENODEV: 'the device is gone',
  ENOENT: 'it is not there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EPERM: 'not permitted',
  EROFS: 'the file system can only be read',
  ESTALE: 'it is gone from its server',
  ETXTBSY: 'it is in use',
};

/** The code of what the system said; null: it is no error of the system. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** What an error of the system says; null for any other. @param doing such as `cannot write to` and a path */
export function faultOf(doing: string, error: unknown): FileFault | null {
  if (error instanceof FileFault) return error;
  const code = codeOf(error);
  if (code === null) return null;
  const words = SENTENCES[code];
  return new FileFault(`${doing}: ${words === undefined ? String(error) : `${words} (${code})`}`, code);
}

/** `run`, whose errors of the system become a FileFault. @param doing such as `write to` */
export async function withFaults<T>(doing: string, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw faultOf(`cannot ${doing} ${path}`, error) ?? error;
  }
}
