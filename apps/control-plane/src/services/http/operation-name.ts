/** Names of operations, made from method and address so that they are unique without anybody thinking of them. Pure. */

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const wordsOf = (text: string): string[] => text.split(/[^A-Za-z0-9]+/).filter(Boolean);

/** `GET /api/projects/:projectId/members` is `getProjectsByProjectIdMembers`. */
export function operationId(method: string, url: string): string {
  const parts = url.split('/').filter((part) => part !== '' && part !== 'api');
  const names = parts.flatMap((part) => (part.startsWith(':') ? ['by', ...wordsOf(part)] : wordsOf(part)));
  return method.toLowerCase() + names.map(capital).join('');
}

/** The group an operation is listed in: the first word of its address that says what it is about. */
export function tagOf(url: string): string {
  const [first = '', , third] = url.split('/').filter((part) => part !== '' && part !== 'api');
  const grouped = first === 'projects' || first === 'pipelines' ? (third ?? first) : first;
  return TAGS[grouped] ?? grouped;
}

/** Words of addresses that belong to a group of another name. */
const TAGS: Readonly<Record<string, string>> = {
  members: 'projects',
  invitations: 'projects',
  import: 'pipelines',
  check: 'runs',
  columns: 'pipelines',
  session: 'accounts',
  'sign-out': 'accounts',
  'owner-link': 'accounts',
  join: 'accounts',
  health: 'installation',
  errors: 'installation',
  docs: 'installation',
  'openapi.json': 'installation',
};
