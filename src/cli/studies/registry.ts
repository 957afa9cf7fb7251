/** All studies of the command line, in the order of docs/seeds.md. */
import { rounds } from './rounds.ts';
import type { StudyCommand } from './study.ts';

export const STUDIES: readonly StudyCommand[] = [rounds];
