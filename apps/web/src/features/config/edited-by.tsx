import { usePeers } from '../../shared/session/presence.ts';
import classes from './edited-by.module.css';

/** Names of the others who are in this field now. */
export function EditedBy({ nodeId, field }: { nodeId: string; field: string }) {
  const here = usePeers().filter((peer) => peer.editing?.nodeId === nodeId && peer.editing.field === field);
  return here.map(({ clientId, user }) => (
    <span key={clientId} className={classes['badge']} style={{ background: user.color }}>
      {user.name} is editing
    </span>
  ));
}
