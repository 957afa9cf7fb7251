/** The committed sample as the tests read it: no code of the generator or of the workbench's readers. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Call, Message } from '../../../scripts/sample/index.mjs';

export const SAMPLES = fileURLToPath(new URL('../../../public/samples/', import.meta.url));

export interface FileNode {
  readonly parent?: number;
  readonly message: Message;
  readonly sampled: boolean;
  readonly kind?: string;
  readonly policy?: number;
  readonly timestamp: number;
  readonly token_ids: readonly number[];
  readonly mask: readonly boolean[];
  readonly is_content: readonly boolean[];
  readonly logprobs?: readonly number[];
  readonly entropies?: readonly number[];
}

export interface FileEpisode {
  readonly id: string;
  readonly tokenizer: string;
  readonly ok: boolean;
  readonly task: { readonly key: string; readonly data: { readonly question: string; readonly answer: number } };
  readonly group: { readonly id: string };
  readonly run: { readonly work: { readonly step: number; readonly policy: { readonly start: number; readonly end: number } } };
  readonly traces: readonly {
    readonly nodes: readonly FileNode[];
    readonly rewards: Readonly<Record<'correct' | 'format', { readonly score: number; readonly weight: number } | null>>;
    readonly stop_condition: string;
    readonly errors: readonly unknown[];
  }[];
}

interface Figures {
  readonly rollouts: number;
  readonly trajectories: number;
  readonly flatTokens: number;
  readonly distinctTokens: number;
  readonly sampledTokens: number;
  readonly meanTrajectoryEntropy: number;
  readonly meanTrajectorySurprisal: number;
  readonly toolCalls: number;
  readonly memoryEvents: number;
  readonly toolErrors: number;
  readonly compactions: number;
  readonly scoredRollouts: number;
  readonly successes: number;
  readonly meanReward: number;
}

export interface Expected {
  readonly seed: string;
  readonly totals: Figures & { readonly tasks: number; readonly chatFlatTokens: number; readonly chatDistinctTokens: number };
  readonly tasks: readonly (Figures & { readonly key: string })[];
}

/** One line of a log. */
export const parseEpisode = (line: string): FileEpisode => JSON.parse(line);

export const readEpisodes = (): FileEpisode[] => readFileSync(`${SAMPLES}orchard.jsonl`, 'utf8').trimEnd().split('\n').map(parseEpisode);

export const readExpected = (): Expected => JSON.parse(readFileSync(`${SAMPLES}orchard.expected.json`, 'utf8'));

/** Calls of a message as the tools take them. */
export const callsOf = ({ tool_calls = [] }: Message): Call[] =>
  tool_calls.map(({ name, arguments: text }) => ({ name, arguments: JSON.parse(text) }));

/** Nodes of an episode's only trace. */
export const nodesOf = (episode: FileEpisode): readonly FileNode[] => episode.traces[0].nodes;

/** Root-to-leaf paths, one per leaf. */
export function pathsOf(nodes: readonly FileNode[]): FileNode[][] {
  const parents = new Set(nodes.map((node) => node.parent));
  return nodes.flatMap((_, leaf) => {
    if (parents.has(leaf)) return [];
    const path: FileNode[] = [];
    for (let n: number | undefined = leaf; n !== undefined; n = nodes[n].parent) path.push(nodes[n]);
    return [path.toReversed()];
  });
}
