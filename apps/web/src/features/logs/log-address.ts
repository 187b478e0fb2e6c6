/** Where the log of a run is; of one step, and of the line at a position. */
export function logAddress(runId: string, nodeId?: string, position?: number): string {
  const query = new URLSearchParams();
  if (nodeId !== undefined) query.set('step', nodeId);
  if (position !== undefined) query.set('at', String(position));
  const text = query.toString();
  return `/runs/${runId}/log${text === '' ? '' : `?${text}`}`;
}
