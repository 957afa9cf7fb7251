/** What a session needs of its host. */
import type { Unpack } from './parts.ts';
import type { ParsePool } from './pool.ts';
import type { Scorer } from './score/scorer.ts';

export interface SessionPorts {
  readonly pool: ParsePool;
  readonly unpack: Unpack;
  /** Runs language models; without one the session cannot score. */
  readonly scorer?: Scorer;
  /** Bytes that the forests may take while files are opened; absent: as many as the host has. */
  readonly room?: number;
}
