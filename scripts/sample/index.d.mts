/** Types of the sample generator, for TypeScript that imports it. */
export interface World {
  readonly place: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly documents: readonly {
    readonly id: string;
    readonly title: string;
    readonly text: string;
    readonly facts: Readonly<Record<string, number>>;
  }[];
}
export interface Task {
  readonly key: string;
  readonly question: string;
  readonly answer: number;
  readonly needs: readonly string[];
}
export interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
}
export interface Utterance {
  readonly thinking: string;
  readonly text: string;
  readonly calls: readonly Call[];
}
export interface ToolResult {
  readonly content: string;
  readonly error: boolean;
}
export interface Candidate {
  readonly ids: readonly number[];
  readonly weight: number;
  readonly utterance: Utterance;
}
export interface State {
  readonly turns: number;
  readonly compacted: boolean;
}
export interface Message {
  readonly role: string;
  readonly content: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly tool_call_id?: string;
  readonly is_error?: boolean;
}
export interface SampleNode {
  readonly parent: number;
  readonly message: Message;
  readonly sampled: boolean;
  readonly summary: boolean;
  readonly time: number;
  readonly ids: readonly number[];
  readonly scaffold: number;
  readonly logprobs: readonly number[];
  readonly entropies: readonly number[];
  readonly version: number;
}
export interface Played {
  readonly id: string;
  readonly setting: {
    readonly world: World;
    readonly task: Task;
    readonly taskIndex: number;
    readonly rollout: number;
    readonly rollouts: number;
    readonly seed: string;
  };
  readonly nodes: readonly SampleNode[];
  readonly leaves: readonly number[];
  readonly stop: string;
  readonly rewards: { readonly correct: number; readonly format: number } | null;
}
export declare const MAX_TURNS: number;
export declare function calculate(
  expression: string,
): { readonly ok: true; readonly value: number } | { readonly ok: false; readonly reason: string };
export declare function generate(size: { readonly seed: string; readonly tasks: number; readonly rollouts: number }): Generator<Played>;
export declare function sample(
  candidates: readonly Candidate[],
  random: () => number,
  limit?: number,
): {
  readonly ids: readonly number[];
  readonly logprobs: readonly number[];
  readonly entropies: readonly number[];
  readonly candidate: Candidate | null;
};
export declare function candidates(task: Task, state: State, version: number): Candidate[];
export declare function randomStream(name: string): () => number;
export declare function score(task: Task, text: string): { readonly correct: number; readonly format: number };
export declare function advance(task: Task, world: World, before: State, calls: readonly Call[], results: readonly ToolResult[]): State;
export declare function compact(state: State): State;
export declare function emptyState(): State;
export declare function summaryText(state: State): string;
export declare function makeTasks(world: World): Task[];
export declare function partTexts(utterance: Utterance): string[];
export declare function tokens(text: string): readonly number[];
export declare function utteranceTokens(utterance: Utterance): number[];
export declare function runTool(world: World, memory: Map<string, string>, call: Call): ToolResult;
export declare function makeWorld(index: number, seed: string): World;
