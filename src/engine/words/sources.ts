/** Words for the facts about sources: page, CLI, manifest and `inspect --json` say them alike. */
import { modelText } from '../../core/score/model-source.ts';
import type { DatasetFacts, EntropyFacts, Suited, TokenOrigin } from '../answers/dataset.ts';
import type { NodeAnswer } from '../answers/looking.ts';

/** For example `logged ids` or `o200k_base on text`, with the share of each where mixed. */
export function tokenText({ tokenizer, logged, text, isVerified, isForest }: TokenOrigin): string {
  if (isForest) return `ids of a forest export (read as ${tokenizer})`;
  const ids = isVerified ? `logged ids (read as ${tokenizer})` : 'logged ids';
  if (text === 0) return logged === 0 ? 'none' : ids;
  if (logged === 0) return `${tokenizer} on text`;
  return `${ids} for ${((logged / (logged + text)) * 100).toFixed(1)} % of tokens, ${tokenizer} on text for the rest`;
}

/** For example `logged`, `top-k + surprisal`, `model: NAME (fp16, webgpu)`, `none`. @param textOf words a model */
export function entropyText({ sources, ...by }: Pick<EntropyFacts, 'sources' | 'model' | 'modelScale'>, textOf = modelText): string {
  if (sources.length === 0) return 'none';
  const isNamed = sources.some(({ source }) => source === 'model');
  const text = (source: NodeAnswer['entropy']['source']): string =>
    isNamed && source === 'combined' ? 'log with the model' : sourceText({ source, ...by }, textOf);
  return sources.map(({ source }) => text(source)).join(' + ');
}

/** The same for one node: `NAME (fp16, webgpu) × 0.214`, `log with NAME (fp16, webgpu) × 0.214`. */
export function sourceText(
  { source, model, modelScale }: Pick<NodeAnswer['entropy'], 'source' | 'model' | 'modelScale'>,
  textOf = modelText,
): string {
  if (model === null || (source !== 'model' && source !== 'combined')) return source;
  return `${source === 'combined' ? 'log with ' : ''}${textOf(model)}${scaleText(modelScale)}`;
}

/** What a model's entropies are multiplied by so that they fit the log; nothing where they are not. */
export function scaleText(scale: number): string {
  return scale === 1 ? '' : ` × ${scale.toPrecision(3)}`;
}

/** Numbers that nothing real can be, counted. */
export function impossibleText(count: number): string {
  return `impossible numbers, left out of every figure and named in notes: ${count.toLocaleString('en')}`;
}

/** Branches that the chat template refuses, counted. @param of the file, or of all */
export function refusedText(count: number, of: string): string {
  const [are, them] = count === 1 ? ['branch of', 'it'] : ['branches of', 'them'];
  return (
    `the chat template refuses ${count.toLocaleString('en')} ${are} ${of}, and a trainer that renders with it would refuse ${them} ` +
    `too: tokens are by plain marks instead`
  );
}

/** The same of each file that has some. */
export function refusedTexts({ inputs }: Pick<DatasetFacts, 'inputs'>): string[] {
  return inputs.filter((input) => input.refusedBranches > 0).map((input) => refusedText(input.refusedBranches, input.name));
}

/** Why a log is suited for its target, in one sentence. */
export function suitedText({ target, shared, flat }: Suited): string {
  const share = `${(shared * 100).toFixed(1)} % of ${flat.toLocaleString('en')} tokens are shared between trajectories`;
  return target === 'cut'
    ? `${share}, so cutting branches saves forward work.`
    : `${share}: a cut would mostly shorten rollouts from their end, so choosing what to train on fits better.`;
}

/** Which preset a log opens on and why, in one sentence. @param label of the preset */
export function presetText({ because, contrastingTasks, successes, rewarded }: Suited, label: string): string {
  const of = `${successes.toLocaleString('en')} of ${rewarded.toLocaleString('en')} rollouts with a reward have one above 0`;
  switch (because) {
    case 'policy-log-with-contrast':
      return (
        `${label}: the log tells its policy’s probabilities or advantages, and rewards differ within ` +
        `${contrastingTasks.toLocaleString('en')} ${contrastingTasks === 1 ? 'task' : 'tasks'}.`
      );
    case 'successes-known':
      return `${label}: ${of}; the others are left out of training.`;
    case 'no-success':
      return `${label}: ${of}, so with successes only nothing would be trained.`;
    case 'no-rewards':
      return `${label}: the log has no rewards, so all rollouts count as examples.`;
  }
}
