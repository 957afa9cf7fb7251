/** The stack of acts as a person edits it: each edit is one undoable step. */
import { MAX_ACT_KEYS, MAX_ACTS, type Act, type ActVerb } from '../../core/acts/act.ts';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { useChoices } from './choices.ts';

const NO_ROOM = `A stack has at most ${MAX_ACTS} lines, and a line names at most ${MAX_ACT_KEYS.toLocaleString('en')} nodes or rollouts.`;

function stack(): readonly Act[] {
  return useChoices.getState().pruning.present.rule.acts;
}

function put(acts: readonly Act[]): void {
  const isRoom = acts.length <= MAX_ACTS && acts.every(({ nodes, rollouts }) => (nodes ?? rollouts ?? []).length <= MAX_ACT_KEYS);
  if (isRoom) useChoices.getState().setRule({ acts });
  else useChoices.getState().set({ notice: NO_ROOM });
}

/** A further line at the end of the stack, which decides where lines say different things. */
export function addAct(act: Omit<Act, 'isOn'>): void {
  put([...stack(), { ...act, isOn: true }]);
}

/** The line at that place with something changed; a name of blanks is none. */
export function changeAct(line: number, change: Partial<Act>): void {
  put(
    stack().map((act, at) => {
      if (at !== line) return act;
      const { name, ...rest } = { ...act, ...change };
      return name === undefined || name.trim() === '' ? rest : { ...rest, name: name.trim() };
    }),
  );
}

export function removeAct(line: number): void {
  put(stack().filter((_, at) => at !== line));
}

/** Moves a line to another place; those between make room. */
export function moveAct(line: number, to: number): void {
  const acts = [...stack()];
  const [moved] = acts.splice(line, 1);
  if (moved === undefined || to < 0 || to > acts.length || to === line) return;
  acts.splice(to, 0, moved);
  put(acts);
}

/** Says `verb` of a node and all below it by hand, or of a rollout; where a line says so already, takes it back. */
export function toggleByHand(verb: ActVerb, target: { readonly node: NodeKey } | { readonly rollout: RolloutKey }): void {
  const [member, key] = 'node' in target ? (['nodes', target.node] as const) : (['rollouts', target.rollout] as const);
  const acts = stack();
  const said = acts.some((act) => act.isOn && act.verb === verb && act[member]?.includes(key) === true);
  if (said) {
    const left = acts.flatMap((act): Act[] => {
      const keys = act[member];
      if (act.verb !== verb || keys === undefined) return [act];
      const others = keys.filter((other) => other !== key);
      return others.length === keys.length ? [act] : others.length === 0 ? [] : [{ ...act, [member]: others }];
    });
    return put(left);
  }
  const last = acts.at(-1);
  // One gesture after the other is one line, as long as it is the last and nobody has named it.
  const keys = last?.verb === verb && last.isOn && last.name === undefined && last.times === undefined ? last[member] : undefined;
  if (last !== undefined && keys !== undefined && keys.length < MAX_ACT_KEYS)
    put([...acts.slice(0, -1), { ...last, [member]: [...keys, key] }]);
  else put([...acts, { verb, [member]: [key], isOn: true }]);
}

/** Whether a line that is on says so of it by hand. */
export function isSaidByHand(
  acts: readonly Act[],
  verb: ActVerb,
  target: { readonly node: NodeKey } | { readonly rollout: RolloutKey },
): boolean {
  return acts.some(
    (act) =>
      act.isOn &&
      act.verb === verb &&
      ('node' in target ? act.nodes?.includes(target.node) : act.rollouts?.includes(target.rollout)) === true,
  );
}
