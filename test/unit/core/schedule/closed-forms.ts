/** Mean waiting times of queues as the books give them. Service times have the mean 1 / mu; rho = lambda / (c · mu) < 1. */

/** M/M/c: Erlang's C. */
export function waitOfMMc(lambda: number, mu: number, c: number): number {
  const load = lambda / mu;
  let term = 1;
  let below = 0;
  for (let k = 0; k < c; k++) {
    below += term;
    term *= load / (k + 1);
  }
  const last = term / (1 - load / c);
  return last / (below + last) / (c * mu - lambda);
}

/** M/G/1: Pollaczek and Khinchine. @param second the second moment of the service time */
export function waitOfMG1(lambda: number, mean: number, second: number): number {
  return (lambda * second) / (2 * (1 - lambda * mean));
}

/**
 * M/D/c, after Crommelin (1932): whoever is served now has left a service time later, and who has come meanwhile is Poisson. So the number
 * in the system is a chain; its stationary distribution is found by going on until it stays as it is, and Little's law gives the wait.
 */
export function waitOfMDc(lambda: number, service: number, c: number): number {
  const most = 400;
  const come: number[] = [Math.exp(-lambda * service)];
  for (let k = 1; k <= most; k++) come.push((come[k - 1]! * lambda * service) / k);
  let now = new Float64Array(most + 1);
  now[0] = 1;
  for (let round = 0; round < 20_000; round++) {
    const next = new Float64Array(most + 1);
    for (let n = 0; n <= most; n++) {
      if (now[n]! < 1e-18) continue;
      const stay = Math.max(0, n - c);
      for (let k = 0; stay + k <= most; k++) next[stay + k]! += now[n]! * come[k]!;
    }
    let change = 0;
    for (let n = 0; n <= most; n++) change += Math.abs(next[n]! - now[n]!);
    now = next;
    if (change < 1e-14) break;
  }
  let queue = 0;
  for (let n = c + 1; n <= most; n++) queue += (n - c) * now[n]!;
  return queue / lambda;
}
