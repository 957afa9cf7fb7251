/** Everything that a session says of what is open, for comparing two of them. */
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import type { Session } from '../../src/engine/session.ts';
import { memorySink } from './openSession.ts';

/** Facts, issues, tasks, the shape of every tree in both views, and the bytes of every export with its manifest. */
export async function sessionState(session: Session): Promise<Record<string, unknown>> {
  const { version: _, scoreVersion: __, ...facts } = session.facts();
  const { orderId, ...order } = session.order({ ...DEFAULT_RULE, reachBy: 'actions' });
  const profiles = session.exportProfiles().flatMap(({ id, unavailable }) => (unavailable === null ? [{ profile: id }] : []));
  const sink = memorySink();
  await session.export(orderId, { cut: 0.6, train: 0.7 }, { profiles, weights: 'branch-mean', maskErrors: true }, sink, () => undefined);
  const tasks = session.tasks();
  const views = (['tokens', 'actions'] as const).flatMap((view) =>
    Array.from(tasks.key, (_task, task) => session.shape(orderId, task, view)),
  );
  return { facts, issues: session.issues(0, 1e6), tasks, views, order, files: sink.files };
}
