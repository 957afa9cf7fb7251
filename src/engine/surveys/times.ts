/** When each rollout generated, called tools and waited: what the schedule study is about. */
import { timesOf, type RolloutTimes } from '../../core/schedule/times.ts';
import type { Survey } from './survey.ts';

export const times: Survey<null, RolloutTimes> = { id: 'times', ask: () => timesOf };
