/** Which calls of a branch wait for their results, event by event: what a cut must not separate. */
import type { Branch, Part } from '../model/rollout.ts';

/**
 * event -> calls made at or before it whose result lies in a later event of the branch. A result belongs to the call
 * with its id; where either has none, to the earliest call of the same tool (or of any tool) that still waits.
 */
export function pendingCalls(branch: Branch): Int32Array {
  const waiting = new WaitingCalls();
  const change = new Int32Array(branch.events.length + 1);
  branch.events.forEach((event, index) => {
    for (const part of event.parts) {
      if (part.kind === 'call' || part.kind === 'memory') waiting.add(part, index);
      else if (part.kind === 'result') {
        const call = waiting.take(part);
        if (call === undefined) continue;
        change[call.place]++;
        change[index]--;
      }
    }
  });
  const pending = new Int32Array(branch.events.length);
  let open = 0;
  for (let event = 0; event < pending.length; event++) pending[event] = open += change[event];
  return pending;
}

interface Call {
  readonly place: number;
  isAnswered: boolean;
}

/** Calls in the order in which they were made; those that are answered already are passed over when it comes to them. */
class Queue {
  private readonly calls: Call[] = [];
  private next = 0;

  add(call: Call): void {
    this.calls.push(call);
  }

  first(): Call | undefined {
    while (this.next < this.calls.length && this.calls[this.next].isAnswered) this.next++;
    return this.calls[this.next];
  }

  last(): Call | undefined {
    while (this.calls.at(-1)?.isAnswered === true) this.calls.pop();
    return this.calls.at(-1);
  }
}

/** The calls that wait, found by id, by tool or by their order without a look at all the others. */
export class WaitingCalls {
  private readonly byId = new Map<string, Queue>();
  private readonly all = new Queue();
  private readonly byTool = new Map<string, Queue>();
  private readonly nameless = new Queue();
  private readonly namelessByTool = new Map<string, Queue>();

  /** @param place what `take` gives back of it: an event or a part, as whoever counts them numbers them */
  add({ callId, tool }: Part, place: number): void {
    const call: Call = { place, isAnswered: false };
    this.all.add(call);
    if (tool !== undefined) queueOf(this.byTool, tool).add(call);
    if (callId !== undefined) {
      queueOf(this.byId, callId).add(call);
      return;
    }
    this.nameless.add(call);
    if (tool !== undefined) queueOf(this.namelessByTool, tool).add(call);
  }

  take({ callId, tool }: Part): Call | undefined {
    const call = this.find(callId, tool);
    if (call !== undefined) call.isAnswered = true;
    return call;
  }

  private find(callId: string | undefined, tool: string | undefined): Call | undefined {
    // Newest first: some harnesses reuse ids.
    const own = callId === undefined ? undefined : this.byId.get(callId)?.last();
    if (own !== undefined) return own;
    const ofTool = tool === undefined ? undefined : (callId === undefined ? this.byTool : this.namelessByTool).get(tool)?.first();
    return ofTool ?? (callId === undefined ? this.all : this.nameless).first();
  }
}

function queueOf(queues: Map<string, Queue>, name: string): Queue {
  let queue = queues.get(name);
  if (queue === undefined) queues.set(name, (queue = new Queue()));
  return queue;
}
