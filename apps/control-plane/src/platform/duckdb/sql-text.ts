/** Names and texts as SQL. Values that people type never pass through here: they are bound as parameters. */

export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
