/** The server's word on its storage: `{"kind":"storage","state":"ok"|"unavailable"}`. Anything else is not for us. */
export function storageNews(payload: string): boolean | undefined {
  try {
    const news: unknown = JSON.parse(payload);
    if (typeof news !== 'object' || news === null) return undefined;
    const { kind, state } = news as { kind?: unknown; state?: unknown };
    if (kind !== 'storage') return undefined;
    return state === 'ok' ? true : state === 'unavailable' ? false : undefined;
  } catch {
    return undefined;
  }
}
