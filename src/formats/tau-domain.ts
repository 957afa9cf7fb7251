/** The domain of a tau-bench or tau2-bench file. */
import type { RecordContext } from './format.ts';

/** The domain as file names carry it; records of tau-bench do not name it. */
export function domainOf(context: RecordContext): string | undefined {
  return /airline|retail|telecom|banking/i.exec(context.path)?.[0]?.toLowerCase();
}
