/** Where a card file is edited. `pipeline` and `node` lead back to where one came from. */
export function cardAddress(
  projectId: string,
  cardId: string,
  extra: { line?: number | undefined; pipeline?: string; node?: string; follow?: string } = {},
): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(extra)) if (value !== undefined) query.set(key, String(value));
  const text = query.toString();
  return `/projects/${projectId}/cards/${encodeURIComponent(cardId)}${text === '' ? '' : `?${text}`}`;
}
