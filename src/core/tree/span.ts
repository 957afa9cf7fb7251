/** Tasks of one side that stay together in a spliced forest. */

/** Neighbouring tasks of one forest that stay neighbours: one copy per column. */
export interface Span {
  /** 0: of the forest before; 1: of the changed tasks. */
  readonly side: 0 | 1;
  readonly fromTask: number;
  readonly toTask: number;
  /** First task, node, token and place in `trajectoryOrder` in the new forest. */
  readonly task: number;
  readonly node: number;
  readonly token: number;
  readonly order: number;
}
