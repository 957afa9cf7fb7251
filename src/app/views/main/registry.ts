/** All views of the middle of the workbench, in the order of the bar; the first is shown where nothing is chosen. */
import { candidates } from './candidates.ts';
import { compare } from './compare.ts';
import { coverage } from './coverage.ts';
import { decisions } from './decisions.ts';
import { emergence } from './emergence.ts';
import { errors } from './errors.ts';
import { icicle } from './icicle.ts';
import { leftHeavy } from './left-heavy.ts';
import type { MainView } from './main-view.ts';
import { prefixCost } from './prefix-cost.ts';
import { rollouts } from './rollouts.ts';
import { schedule } from './schedule.ts';
import { side } from './side.ts';
import { statistics } from './statistics.ts';
import { table } from './table.ts';
import { top } from './top.ts';
import { transcript } from './transcript.ts';
import { tree } from './tree.ts';
import { truths } from './truths.ts';

export const MAIN_VIEWS: readonly [MainView, ...MainView[]] = [
  icicle,
  leftHeavy,
  tree,
  rollouts,
  transcript,
  table,
  decisions,
  side,
  statistics,
  top,
  compare,
  truths,
  errors,
  candidates,
  coverage,
  schedule,
  emergence,
  prefixCost,
];
