/** All studies of the command line, in the order of docs/seeds.md. */
import { candidates } from './candidates.ts';
import { coverage } from './coverage.ts';
import { emergence } from './emergence.ts';
import { errors } from './errors.ts';
import { prefixCost } from './prefix-cost.ts';
import { rounds } from './rounds.ts';
import { schedule } from './schedule.ts';
import type { StudyCommand } from './study.ts';
import { truths } from './truths.ts';

export const STUDIES: readonly StudyCommand[] = [truths, errors, candidates, rounds, coverage, schedule, emergence, prefixCost];
