/** How fast bytes come, over the last seconds: what was here already comes at once and is soon forgotten. */
const WINDOW_S = 8;
const LEAST_S = 2;

/** @returns bytes per second at a time (s) at which so many had come; null until it can be told */
export function readRate(): (bytes: number, now: number) => number | null {
  const seen: { readonly bytes: number; readonly now: number }[] = [];
  return (bytes, now) => {
    seen.push({ bytes, now });
    while (seen.length > 2 && now - (seen[1]?.now ?? now) >= WINDOW_S) seen.shift();
    const first = seen[0] ?? { bytes, now };
    return now - first.now < LEAST_S ? null : (bytes - first.bytes) / (now - first.now);
  };
}
