/** The verbs of a session about two rollouts side by side. */
import { NONE } from '../../core/model/kinds.ts';
import { nodeKeyOf, type NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { tokenNodeOf } from '../action-node.ts';
import type { SideAnswer, SideRollout, SideTexts } from '../answers/side.ts';
import type { Dataset } from '../dataset.ts';
import { actionsAlong } from '../decisions/trajectory-actions.ts';
import { rolloutOf } from '../rollouts/rollout-of.ts';
import { trajectoriesOf, type Conversations } from '../transcript/conversation.ts';
import { moved } from '../transferables.ts';
import { alignRollouts } from './align-rollouts.ts';
import { stepParts, type StepParts } from './steps.ts';
import { sideTexts } from './texts.ts';

/** One of the two; null: the branch with most tokens. */
export interface SideAsked {
  readonly rollout: RolloutKey;
  readonly branch: number | null;
}

export interface SessionSide {
  /**
   * Aligns two rollouts. `onProgress` counts cells of the table. Null: the open log lacks one of them, or it has no tokens. A newer
   * question ends an older one, which rejects with AbortError.
   */
  sideBySide(left: SideAsked, right: SideAsked, onProgress: (done: number, total: number) => void): Promise<SideAnswer | null>;
  /** Texts of rows of the last answer about these two. */
  sideTexts(left: SideAsked, right: SideAsked, rows: readonly number[]): Promise<readonly SideTexts[]>;
  cancelSide(): void;
}

interface SideContext {
  readonly dataset: () => Dataset;
  readonly conversations: () => Conversations;
}

interface Side {
  readonly about: SideRollout;
  readonly trajectory: number;
  readonly parts: StepParts | null;
  readonly why: string | null;
}

interface Held {
  readonly dataset: Dataset;
  readonly name: string;
  readonly sides: readonly [Side, Side];
  readonly rows: Pick<SideAnswer, 'leftStep' | 'rightStep'>;
}

const nameOf = (...asked: readonly SideAsked[]): string => asked.map(({ rollout, branch }) => `${rollout} ${branch}`).join(' ');

export function makeSessionSide({ dataset, conversations }: SideContext): SessionSide {
  let job: AbortController | null = null;
  let held: Held | null = null;

  async function sideOf(asked: SideAsked): Promise<Side | null> {
    const { tokens, opening } = dataset();
    const rollout = rolloutOf(dataset(), asked.rollout);
    const row = tokens.rollouts[rollout];
    if (row === undefined) return null;
    const { branch, tokenCount, reward } = tokens.forest.trajectories;
    const own = trajectoriesOf(tokens.forest, rollout);
    const longest = own.toSorted((a, b) => (tokenCount[b] ?? 0) - (tokenCount[a] ?? 0))[0];
    const trajectory = own.find((t) => branch[t] === asked.branch) ?? longest;
    if (trajectory === undefined) return null;
    const { branches, textFrom, why } = await conversations().of(rollout);
    const spoken = branches[branch[trajectory] ?? 0];
    const wanted = actionsAlong(dataset(), trajectory);
    return {
      about: {
        key: asked.rollout,
        id: row.id,
        task: tokens.tasks.findIndex(({ key }) => key === row.task),
        status: row.status,
        policy: row.policy,
        reward: row.reward ?? reward[trajectory] ?? Number.NaN,
        file: opening.inputs[row.source]?.path ?? '',
        line: row.line,
        branch: branch[trajectory] ?? 0,
        branches: own.length,
        tokens: tokenCount[trajectory] ?? 0,
        steps: wanted.length,
      },
      trajectory,
      parts: textFrom === 'nowhere' || spoken === undefined ? null : stepParts(spoken, wanted),
      why,
    };
  }

  async function sidesOf(left: SideAsked, right: SideAsked): Promise<readonly [Side, Side] | null> {
    const sides = [await sideOf(left), await sideOf(right)] as const;
    return sides[0] === null || sides[1] === null ? null : [sides[0], sides[1]];
  }

  const nodeAt = (trajectory: number, step: number): NodeKey | null => {
    const { keys } = dataset().tokens.forest;
    const node = step < 0 ? null : tokenNodeOf(dataset(), trajectory, step);
    return node === null ? null : nodeKeyOf(keys, node);
  };

  return {
    async sideBySide(left, right, onProgress) {
      job?.abort();
      const mine = (job = new AbortController());
      const asked = dataset();
      const sides = await sidesOf(left, right);
      if (sides === null) return null;
      const [a, b] = sides;
      const parts = a.parts && b.parts ? ([a.parts, b.parts] as const) : null;
      const rows = await alignRollouts(asked, [a.trajectory, b.trajectory], parts, async (done, total) => {
        onProgress(done, total);
        await new Promise<void>((resolve) => setTimeout(resolve));
        mine.signal.throwIfAborted();
      });
      mine.signal.throwIfAborted();
      held = {
        dataset: asked,
        name: nameOf(left, right),
        sides,
        rows: { leftStep: rows.leftStep.slice(), rightStep: rows.rightStep.slice() },
      };
      return moved({ left: a.about, right: b.about, ...rows, whyNoText: parts === null ? (a.why ?? b.why) : null });
    },
    async sideTexts(left, right, rows) {
      if (held?.dataset !== dataset() || held.name !== nameOf(left, right)) throw new Error('these two rollouts have not been aligned');
      const { sides, rows: aligned } = held;
      const [a, b] = sides;
      const answers: SideTexts[] = [];
      for (const row of rows) {
        const i = aligned.leftStep[row] ?? NONE;
        const j = aligned.rightStep[row] ?? NONE;
        const texts = await sideTexts(a.parts?.of.get(i) ?? [], b.parts?.of.get(j) ?? []);
        answers.push({ row, ...texts, leftNode: nodeAt(a.trajectory, i), rightNode: nodeAt(b.trajectory, j) });
      }
      return answers;
    },
    cancelSide: () => job?.abort(),
  };
}
