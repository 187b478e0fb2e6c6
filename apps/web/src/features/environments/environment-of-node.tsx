import { createContext, useContext } from 'react';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { EnvironmentStatus } from './environment-status.tsx';

/** `project:<id>`, where environments are told of; undefined outside the editor. */
export const EnvironmentsContext = createContext<LiveDocument | undefined>(undefined);

/** The packages of a node's card. */
export function EnvironmentOfNode({ card }: { card: string }) {
  const index = useContext(EnvironmentsContext);
  const { cards, projectId, canEdit } = usePipelineSession();
  const setId = cards.get(card)?.environment;
  return <EnvironmentStatus projectId={projectId} index={index} setId={setId} mayEdit={canEdit} />;
}
