/** All studies of the command line, in the order of docs/seeds.md. */
import { candidates } from './candidates.ts';
import { prefixCost } from './prefix-cost.ts';
import { rounds } from './rounds.ts';
import { schedule } from './schedule.ts';
import type { StudyCommand } from './study.ts';

export const STUDIES: readonly StudyCommand[] = [rounds, schedule, prefixCost, candidates];
