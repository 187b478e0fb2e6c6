/** Whose attempts may ever share a warm sandbox: those of one person in one project. */
export const trustKeyOf = (projectId: string, starter: string): string => JSON.stringify([projectId, starter]);
