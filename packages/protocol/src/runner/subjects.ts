/** Every NATS subject, stream and consumer name, in one place. `prefix` keeps two installations on one server apart. */
export const busNames = (prefix: string) => {
  const upper = prefix.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  return {
    assignmentsStream: `${upper}_ASSIGNMENTS`,
    assignmentsSubjects: `${prefix}.assign.>`,
    assignment: (pool: string, sizeClass: string, priority: string) => `${prefix}.assign.${pool}.${sizeClass}.${priority}`,
    /** One durable consumer per pool: a work queue forbids overlapping filters. */
    assignmentsConsumer: (pool: string) => `runners-${pool}`,
    assignmentsFilter: (pool: string) => `${prefix}.assign.${pool}.>`,
    resultsStream: `${upper}_RESULTS`,
    resultsSubjects: `${prefix}.result.>`,
    result: (runId: string) => `${prefix}.result.${runId}`,
    resultsConsumer: 'control-plane',
    news: (runId: string) => `${prefix}.news.${runId}`,
    allNews: `${prefix}.news.*`,
    heartbeat: (runnerId: string) => `${prefix}.heartbeat.${runnerId}`,
    allHeartbeats: `${prefix}.heartbeat.*`,
    /** Request to the control plane. */
    claim: `${prefix}.claim`,
    /** Requests of runners to the control plane, and their news. */
    environmentLock: `${prefix}.environment.lock`,
    environmentNews: `${prefix}.environment.news`,
    /** Request to whichever runner is free to answer first: they share the queue group of the same name. */
    prepareEnvironment: `${prefix}.environment.prepare`,
    /** To all runners of a pool: somebody will soon run cards. */
    warm: (pool: string) => `${prefix}.warm.${pool}`,
    /** Requests to one runner. */
    cancel: (runnerId: string) => `${prefix}.runner.${runnerId}.cancel`,
    log: (runnerId: string) => `${prefix}.runner.${runnerId}.log`,
  };
};
export type BusNames = ReturnType<typeof busNames>;
