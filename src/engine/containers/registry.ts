/** All containers that are unpacked. */
import type { Container } from './container.ts';
import { gzip } from './gzip.ts';
import { tar } from './tar.ts';
import { zip } from './zip.ts';
import { zstd } from './zstd.ts';

export const CONTAINERS: readonly Container[] = [gzip, tar, zip, zstd];
